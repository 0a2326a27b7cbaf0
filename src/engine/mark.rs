//! The mark of a world: a short name for all that it says and does, so that who runs two machines sees whether both say the same.

use sha2::{Digest, Sha256};

use super::Settings;
use crate::{call::hexadecimal, files::Files, script::Scripts};

/// Bytes of a mark: enough to tell two versions of one line apart.
const LENGTH: usize = 6;

/// The mark of what is made of these files. The program's version belongs to it; the time, ports and secrets do not.
pub(super) fn mark(flows: &Files, scripts: &Files, spoken: &Scripts, settings: &Settings) -> String {
    let mut hash = Sha256::new();
    // Lengths first: no two lists of parts become the same bytes.
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    part(env!("CARGO_PKG_VERSION").as_bytes());
    for files in [flows, scripts] {
        part(&(files.files.len() as u64).to_be_bytes());
        for file in &files.files {
            part(file.name.as_bytes());
            part(file.source.text.as_bytes());
        }
    }
    // Its id is the hash of its sound.
    let mut sounds: Vec<&str> = spoken.recordings().map(|recording| recording.id()).collect();
    sounds.sort_unstable();
    sounds.iter().for_each(|sound| part(sound.as_bytes()));
    for words in [&settings.operator, &settings.contact] {
        part(&(words.len() as u64).to_be_bytes());
        for (lang, text) in words {
            part(lang.as_str().as_bytes());
            part(text.as_bytes());
        }
    }
    part(&[u8::from(settings.call_is_free)]);
    part(settings.directory.as_ref().map_or_else(String::new, |list| list.state.to_string()).as_bytes());
    let whole = hash.finalize();
    hexadecimal(whole.get(..LENGTH).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{call::Lang, engine::Loaded};

    fn marked(flows: &Files, settings: &Settings) -> String {
        Loaded::new(flows, &Files::embedded_scripts(), settings).world.unwrap().mark
    }

    #[test]
    fn the_same_line_has_the_same_mark_at_any_time_and_another_line_another() {
        let (flows, settings) = (Files::embedded_flows(), Settings::default());
        let shipped = marked(&flows, &settings);
        assert_eq!(shipped.len(), 2 * LENGTH);
        assert_eq!(marked(&flows, &Settings { minute: 29_000_000, dials_short: true, ..settings.clone() }), shipped);
        let texts = |from: &str, to: &str| {
            let edited = flows.files.iter().map(|file| (file.name.clone(), file.source.text.replacen(from, to, 1)));
            let edited: Vec<_> = edited.collect();
            Files::from_texts(edited.iter().map(|(name, text)| (name.as_str(), text.as_str())))
        };
        assert_ne!(marked(&texts("ring_seconds: 25", "ring_seconds: 24"), &settings), shipped);
        let operator = [(Lang::FR, "l'association Exemple".to_owned())].into();
        assert_ne!(marked(&flows, &Settings { operator, ..settings.clone() }), shipped);
        assert_ne!(marked(&flows, &Settings { call_is_free: true, ..settings }), shipped);
    }
}
