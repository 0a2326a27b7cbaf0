//! What a line would lose through one provider, and what can't be spoken there at all.
//!
//! Knows a provider by its [`Capabilities`] alone, which are data. What the dialects lower by themselves is a warning: the
//! line works, and callers should not be surprised. A language without a voice is never spoken by another's.

use std::sync::Arc;

use crate::{
    call::{Lang, Pace, Prompt, Speech, Verb},
    diagnostic::{Diagnostic, Place},
    engine::{Kind, Loaded, Node, Phrase, Said, World},
    lines::{Group, Line, MAX_RING_SECONDS, Ring},
    provider::{
        Capabilities, RenderError,
        capabilities::{Asking, ShortNumbers, Ssml},
        fallback,
    },
};

/// All findings on the line as it would be through this provider. `short_numbers`: the settings say that the account can
/// dial them.
pub fn for_provider(loaded: &Loaded, provider: &Capabilities, short_numbers: bool) -> Vec<Diagnostic> {
    let name = provider.name;
    let mut found = Vec::new();
    if let Some(world) = &loaded.world {
        found.extend(voices(loaded, world, provider));
        found.extend(sizes(world, provider));
    }
    if provider.ssml == Ssml::None {
        found.push(
            Diagnostic::warning("provider-markup", format!("{name} obeys no markup of voices")).help(
                "numbers are written as they are spoken, and pauses are played from this server: listen to a call",
            ),
        );
        if !provider.speed {
            found.push(
                Diagnostic::warning("provider-pace", format!("{name} can't slow a voice")).help(
                    "whoever presses 7 hears a silence after each sentence instead: listen whether that is enough",
                ),
            );
        }
    }
    if let Some(lines) = &loaded.lines {
        let file = &lines.lines.file;
        let mut by_place: Vec<_> = lines.lines.value.iter().filter(|(_, line)| line.is_called()).collect();
        by_place.sort_by_key(|(name, _)| name.place(file).span.start);
        for (key, line) in by_place {
            let place = key.place(file);
            found.extend(of_line(provider, line, short_numbers).map(|found| found.at(place.clone())));
            let ring = line.ring_seconds.as_ref();
            found.extend(ring.and_then(|ring| of_ring(provider, **ring, ring.place(file))));
        }
    }
    if let Some(responders) = &loaded.responders {
        let file = &responders.groups.file;
        let mut by_place: Vec<_> = responders.groups.value.iter().collect();
        by_place.sort_by_key(|(name, _)| name.place(file).span.start);
        for (key, group) in by_place {
            let place = key.place(file);
            found.extend(of_group(provider, group).map(|found| found.at(place.clone())));
            let ring = group.ring_seconds.as_ref();
            found.extend(ring.and_then(|ring| of_ring(provider, **ring, ring.place(file))));
        }
    }
    found
}

fn of_line(provider: &Capabilities, line: &Line, short_numbers: bool) -> impl Iterator<Item = Diagnostic> {
    let name = provider.name;
    let accept = (line.accept && provider.asks == Asking::Nobody).then(|| not_asked(name));
    let star = (line.star_leaves && !provider.hangup_on_star).then(|| {
        Diagnostic::warning("provider-star", format!("through {name} the star key does not leave a conversation"))
            .help("callers are not told of it there; they come back when the other side hangs up")
    });
    let is_short = line.dial.is_none() && line.sip.is_none() && line.short_number().is_some();
    let dial = (is_short && !(short_numbers && provider.short_numbers == ShortNumbers::WhereConfigured)).then(|| {
        let help = match provider.short_numbers {
            ShortNumbers::Never => {
                "its number is said instead. Its long number, if there is one, can be dialled".to_owned()
            }
            ShortNumbers::WhereConfigured => format!(
                "its number is said instead. Try it; where the account can, set providers.{name}.can_dial_short_numbers"
            ),
        };
        Diagnostic::warning("provider-dial", format!("{name} can't dial this short number")).help(help)
    });
    [accept, star, dial].into_iter().flatten()
}

fn of_group(provider: &Capabilities, group: &Group) -> impl Iterator<Item = Diagnostic> {
    let name = provider.name;
    let accept = (provider.asks == Asking::Nobody).then(|| not_asked(name));
    let many = (group.ring == Ring::Together && group.people.len() > provider.most_targets).then(|| {
        let (people, most) = (group.people.len(), provider.most_targets);
        Diagnostic::warning("provider-together", format!("{name} rings {most} telephones at once, not {people}"))
            .help("only the first ones ring: make two groups, and a chain of them")
    });
    [accept, many].into_iter().flatten()
}

fn not_asked(name: &str) -> Diagnostic {
    Diagnostic::warning(
        "provider-accept",
        format!("through {name} whoever answers is not asked whether they take the call"),
    )
    .help("a voicemail counts as an answer: the caller is asked afterwards whether they talked to somebody")
}

fn of_ring(provider: &Capabilities, seconds: u8, place: Place) -> Option<Diagnostic> {
    let (least, most) = provider.ring.clone().into_inner();
    let most = most.min(MAX_RING_SECONDS);
    (!(least..=most).contains(&seconds)).then(|| {
        let message = format!("{} rings between {least} and {most} seconds", provider.name);
        Diagnostic::warning("provider-ring", message).at(place).help("the nearest of the two is taken")
    })
}

/// Languages that can't be spoken: no voice, and texts that nobody has recorded.
fn voices(loaded: &Loaded, world: &World, provider: &Capabilities) -> Vec<Diagnostic> {
    let mut mute: Vec<(Lang, usize)> = Vec::new();
    let phrases = Phrase::ALL.into_iter().flat_map(|phrase| world.phrase(phrase).all());
    for speech in world.nodes().flat_map(|node| answers(node).into_iter().flatten()).chain(phrases) {
        if speech.recorded.is_some() || provider.voice(speech.lang).is_some() {
            continue;
        }
        match mute.iter_mut().find(|(lang, _)| *lang == speech.lang) {
            Some((_, count)) => *count += 1,
            None => mute.push((speech.lang, 1)),
        }
    }
    mute.sort();
    let tell = |(lang, count): (Lang, usize)| {
        let message = format!("{} has no voice for `{lang}`, and {count} of its texts are not recorded", provider.name);
        let help = "record them (audio_scripts/README.md), choose another provider, or take the language out: none is \
                    spoken by another language's voice";
        let error = Diagnostic::error("provider-voice", message).help(help);
        let scripts = loaded.scripts.scripts.get(&lang).into_iter().flat_map(|scripts| scripts.values());
        match scripts.into_iter().find(|script| script.recording.is_none()) {
            Some(script) => error.at(Place::top(&script.file)),
            None => error,
        }
    };
    mute.into_iter().map(tell).collect()
}

/// Answers that would be larger than the provider reads. What our URLs add is small, and allowed for.
fn sizes(world: &World, provider: &Capabilities) -> Vec<Diagnostic> {
    const URLS: usize = 4_000;
    let smaller = Capabilities { document: provider.document.saturating_sub(URLS), ..provider.clone() };
    let mut found = Vec::new();
    for node in world.nodes() {
        let too_large = answers(node).into_iter().find_map(|speeches| {
            let prompt = |speech: &Arc<Speech>| Prompt { speech: speech.clone(), pace: Pace::Normal };
            let verbs = [Verb::Say(speeches.into_iter().map(prompt).collect())];
            match fallback::document(&smaller, &verbs, None) {
                Err(RenderError::TooLarge(bytes)) => Some(bytes),
                _ => None,
            }
        });
        if let Some(bytes) = too_large {
            let message = format!(
                "an answer of the node `{}` has some {bytes} bytes, and {} reads {}",
                node.name, provider.name, provider.document
            );
            let help = "callers would hear an apology there: say less at once, or make a document with parts of it";
            found.push(Diagnostic::warning("provider-size", message).help(help));
        }
    }
    found.sort_by(|a, b| a.message.cmp(&b.message));
    found
}

/// What a place says, answer by answer: in each language, and in all where none is chosen.
fn answers(node: &Node) -> Vec<Vec<&Arc<Speech>>> {
    match &node.kind {
        Kind::Menu { intro, choices, once, .. } => {
            let choices = choices.iter().map(|choice| &choice.said);
            vec![all(&intro.iter().chain(choices).chain(once).collect::<Vec<_>>())]
        }
        Kind::Say { scripts, .. } => vec![all(&scripts.iter().collect::<Vec<_>>())],
        Kind::Read(document) => {
            let first = all(&[&document.title, &document.begins]);
            let last = all(&document.end_choices.iter().collect::<Vec<_>>());
            let parts = document.parts.iter().map(|(_, said)| all(&[said]));
            [first, last].into_iter().chain(parts).collect()
        }
        Kind::Ask(ask) => vec![all(&[&ask.say])],
        // What is said of a centre is made in the call, of short sentences in the same languages.
        Kind::Find(find) => vec![all(&[&find.key_call]), all(&[&find.call])],
        Kind::Language { intro, choices, .. } => {
            vec![intro.iter().chain(choices.iter().map(|(_, _, speech)| speech)).collect()]
        }
        Kind::Transfer { chain, .. } => {
            chain.attempts.iter().map(|attempt| all(&[&attempt.first, &attempt.next, &attempt.by_yourself])).collect()
        }
        Kind::End { say } => vec![all(&[say])],
        Kind::Choose(..) => Vec::new(),
    }
}

/// All of these, in every language.
fn all<'w>(said: &[&'w Said]) -> Vec<&'w Arc<Speech>> {
    said.iter().flat_map(|said| said.all()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::{Loaded, Settings},
        files::Files,
        lines::Responders,
        provider::twilio,
    };

    #[test]
    fn what_is_larger_than_a_provider_reads_or_rings_at_other_times_is_told() {
        let loaded = Loaded::shipped(&Settings::default());
        let codes = |provider: &Capabilities| -> std::collections::BTreeSet<&str> {
            for_provider(&loaded, provider, true).iter().map(|found| found.code).collect()
        };
        assert!(codes(&twilio::CAPABILITIES).is_empty(), "{:?}", codes(&twilio::CAPABILITIES));
        let weak = Capabilities {
            document: 5_000,
            ring: 1..=10,
            voices: &[],
            ssml: Ssml::None,
            ..twilio::CAPABILITIES.clone()
        };
        assert_eq!(
            codes(&Capabilities { voices: twilio::CAPABILITIES.voices, ..weak.clone() })
                .into_iter()
                .collect::<Vec<_>>(),
            ["provider-markup", "provider-pace", "provider-ring", "provider-size"]
        );
        assert!(codes(&weak).contains("provider-voice"));
    }

    #[test]
    fn more_people_at_once_than_a_provider_rings_are_told() {
        let group = |ring: &str| {
            format!(
                "team:\n  name: {{ fr: nous, en: us }}\n  ring: {ring}\n  people:\n    a: {{ dial: \"+33199000001\" }}\n    b: {{ dial: \"+33199000002\" }}\n"
            )
        };
        let codes = |ring: &str, most_targets| -> Vec<&str> {
            let (yaml, provider) = (group(ring), Capabilities { most_targets, ..twilio::CAPABILITIES.clone() });
            let (responders, _) = Responders::parse(&Files::from_texts([("responders.yaml", yaml.as_str())]));
            let loaded = Loaded { responders, ..Loaded::shipped(&Settings::default()) };
            for_provider(&loaded, &provider, true).iter().map(|found| found.code).collect()
        };
        assert_eq!(codes("together", 1), ["provider-together"]);
        assert!(codes("together", 2).is_empty() && codes("in_order", 1).is_empty());
    }
}
