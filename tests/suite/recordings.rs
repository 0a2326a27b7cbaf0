//! Recordings beside the scripts: what is recorded is played, what is not is spoken, and what can't be played is said.

use std::fs;

use allo_cmp::{
    call::Recording,
    check::check,
    diagnostic::{Diagnostic, Severity},
    engine::{Loaded, Settings},
    files::Files,
    phone::{HeardWhat, Scenario, json_line},
};

use crate::line::{Line, PUBLIC, Setup, TODAY};

const INTRO: &str = "fr/main/intro.wav";
const KEY_FIND: &str = "fr/main/key-find.wav";

/// So many seconds of sound: 8 kHz, 16 bits, mono. `tone` makes one differ from another.
pub(crate) fn wav(seconds: f32, tone: u8) -> Vec<u8> {
    let size = (seconds * 16_000.0) as usize;
    let mut bytes = [b"RIFF", &u32::try_from(36 + size).unwrap().to_le_bytes()[..], b"WAVEfmt \x10\0\0\0"].concat();
    bytes.extend([1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x80, 0x3e, 0, 0, 2, 0, 16, 0]);
    bytes.extend(b"data");
    bytes.extend(u32::try_from(size).unwrap().to_le_bytes());
    bytes.resize(44 + size, tone);
    bytes
}

/// The shipped scripts, with these recordings.
fn with(sounds: &[(&str, &[u8])]) -> Files {
    sounds.iter().fold(Files::embedded_scripts(), |files, (name, bytes)| files.with_sound(name, bytes))
}

fn load(scripts: &Files) -> Loaded {
    Loaded::new(&Files::embedded_flows(), scripts, &Settings::default())
}

fn id(bytes: &[u8]) -> String {
    Recording::read(bytes).unwrap().id().to_owned()
}

#[tokio::test]
async fn a_recording_is_heard_in_a_call_and_at_slow_pace_the_voice() {
    let (intro, find) = (wav(1.75, 1), wav(2.0, 2));
    let scripts = with(&[(INTRO, &intro), (KEY_FIND, &find)]);
    let line = Line::start(Setup { scripts, ..Setup::default() }).await;
    let scenario = format!(
        r#"
name: A recording, then the voice
call:
  - press: "1"
  - hear: ["(recording {})", "(recording {})", "appuyez sur la touche 1"]
  - not_heard: ["Menu principal"]
  - press: {{ keys: "7", at_once: true }}
  - hear: ["Menu principal", "appuyez sur la touche 1"]
  - not_heard: ["(recording"]
  - press: "7"
  - hear: ["(recording"]
  - press: "8"
  - press: "2"
  - hear: ["Main menu"]
  - not_heard: ["(recording"]
"#,
        &id(&intro)[..8],
        &id(&find)[..8]
    );
    let mut call = line.caller(1);
    if let Err(failure) = Scenario::parse("recordings", &scenario).unwrap().run(&mut call, &mut ()).await {
        panic!("{failure}");
    }
    let played: Vec<_> =
        call.transcript().iter().filter(|heard| matches!(heard.what, HeardWhat::Play { .. })).map(json_line).collect();
    let event = format!(
        r#""event":"play","text":"(recording {0})","url":"{PUBLIC}/audio/{1}.wav","seconds":1.8}}"#,
        &id(&intro)[..8],
        id(&intro)
    );
    assert!(played[0].ends_with(&event), "{}", played[0]);
}

#[tokio::test]
async fn the_recording_of_a_choice_says_the_action_and_the_voice_its_key() {
    let (find, talk) = (wav(2.0, 2), wav(2.5, 3));
    let scripts = with(&[(KEY_FIND, &find), ("fr/main/key-talk.wav", &talk)]);
    let line = Line::start(Setup { scripts, ..Setup::default() }).await;
    let call = line.after(1, "1").await;
    let document = call.last_document().unwrap();
    for (sound, key, said) in [(find, 1, "un"), (talk, 4, "quatre")] {
        let play = format!("<Play>{PUBLIC}/audio/{}.wav</Play>", id(&sound));
        let key_said = format!("appuyez sur la touche <sub alias=\"{said}\">{key}</sub>.");
        let behind = document.split(&play).nth(1).unwrap_or_else(|| panic!("{play} in {document}"));
        let voice = behind.split_once('>').unwrap().1;
        assert!(behind.starts_with("<Say ") && voice.starts_with(&key_said), "{behind}");
    }
    // Every key works from the first sound on.
    let gather = document.split("<Gather").nth(1).and_then(|rest| rest.split("</Gather>").next()).unwrap();
    assert_eq!(gather.matches("<Play>").count(), 2);
}

#[tokio::test]
async fn peer_defect_20_without_a_recording_the_voice_speaks() {
    let line = Line::shipped().await;
    let call = line.after(1, "1").await;
    let document = call.last_document().unwrap();
    assert!(document.contains("Menu principal") && !document.contains("<Play"), "{document}");
}

fn found(name: &str, bytes: &[u8]) -> Vec<(String, String)> {
    let loaded = load(&with(&[(name, bytes)]));
    let place = |found: &Diagnostic| found.place.as_ref().map(|place| place.file.path.clone()).unwrap_or_default();
    let errors = |found: &&Diagnostic| found.severity == Severity::Error || found.code == "file-passed-over";
    loaded.diagnostics.iter().filter(errors).map(|d| (format!("{} {}", d.code, place(d)), d.message.clone())).collect()
}

#[test]
fn what_can_not_be_played_is_said_at_its_file() {
    let right = wav(1.0, 1);
    assert!(found(INTRO, &right).is_empty());
    assert!(found("fr/main/intro.WAV", &right).is_empty());
    assert!(found("fr/main/intro.jpg", b"a picture").is_empty());
    let stereo = [&right[..22], &[2], &right[23..]].concat();
    let music = [&right[..24], &44_100u32.to_le_bytes(), &right[28..]].concat();
    for (bytes, says) in [
        (&b"ID3"[..], "no WAV file"),
        (b"", "no WAV file"),
        (&right[..100], "cut off"),
        (&wav(0.0, 1), "empty"),
        (&wav(60.5, 1), "longer than 60 seconds"),
        (&stereo, "more than one channel"),
        (&music, "44100 samples a second"),
    ] {
        let found = found(INTRO, bytes);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].0 == format!("recording {INTRO}") && found[0].1.contains(says), "{found:?}");
    }
    for (name, bytes, finding, says) in [
        ("fr/main/nothing.wav", &right[..], "recording fr/main/nothing.wav", "no script stands beside"),
        ("main.wav", &right, "recording main.wav", "in no language"),
        ("fr/main/intro.mp3", b"ID3", "file-passed-over fr/main/intro.mp3", "no WAV file"),
        (INTRO, &vec![0; 6_000_000], "too-large ", "larger than 5120 KiB"),
    ] {
        let found = found(name, bytes);
        assert!(found.len() == 1 && found[0].0 == finding && found[0].1.contains(says), "{name}: {found:?}");
    }
}

#[test]
fn words_that_are_not_always_the_same_can_not_be_recorded() {
    let (flows, shipped) = (Files::embedded_flows(), Files::embedded_scripts());
    let texts = shipped.files.iter().map(|file| (file.name.as_str(), file.source.text.as_str()));
    let texts: Vec<_> = texts.filter(|(name, _)| *name != "fr/main/intro.md").collect();
    for (words, marker) in [
        ("Bonjour. {operator}", "{operator}"),
        ("Bonjour. {contact}", "{contact}"),
        ("Bonjour. {line}", "{line}"),
        ("Bonjour. {speaks}", "{speaks}"),
        ("Bonjour. {count}", "{count}"),
        ("Bonjour. {free: C'est gratuit.}", "{free}"),
        ("Bonjour. {en: Hello.} {press: urgent} {tel: 112} {pause: 2s}", ""),
    ] {
        let script = format!("---\nstatus: draft\n---\n{words}\n");
        let all = texts.iter().copied().chain([("fr/main/intro.md", script.as_str())]);
        let loaded = Loaded::new(&flows, &Files::from_texts(all).with_sound(INTRO, &wav(1.0, 1)), &Settings::default());
        let found: Vec<_> = loaded.diagnostics.iter().filter(|found| found.code == "recording").collect();
        assert_eq!(found.len(), usize::from(!marker.is_empty()), "{words}: {found:?}");
        assert!(found.iter().all(|found| found.message.contains(marker)), "{found:?}");
    }
}

#[test]
fn the_real_length_counts() {
    let codes = |seconds: f32| {
        let loaded = load(&with(&[(INTRO, &wav(seconds, 1))]));
        let found = check(&loaded, TODAY);
        let lengths = found.iter().filter(|found| matches!(found.code, "prompt-length" | "menu-length"));
        lengths.map(|found| format!("{} {}", found.code, found.message)).collect::<Vec<_>>()
    };
    let before = codes(1.0);
    let after = codes(30.0);
    let new: Vec<_> = after.iter().filter(|found| !before.contains(found)).collect();
    assert_eq!(new.len(), 2, "{new:?}");
    assert!(new.iter().any(|found| found.starts_with("prompt-length this lasts 30 seconds")), "{new:?}");
    assert!(new.iter().any(|found| found.starts_with("menu-length `main_menu` lasts ")), "{new:?}");
}

#[test]
fn a_recording_is_stamped_and_told_when_its_text_has_changed() {
    let folder = tempfile::tempdir().unwrap();
    for file in Files::embedded_scripts().files {
        let path = folder.path().join(&file.name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.source.text).unwrap();
    }
    fs::write(folder.path().join(INTRO), wav(1.0, 1)).unwrap();
    let script = folder.path().join("fr/main/intro.md");
    let codes = || {
        let found = check(&load(&Files::folder(folder.path())), TODAY);
        found.iter().map(|found| found.code).filter(|code| code.starts_with("recording")).collect::<Vec<_>>()
    };
    let stamp = |id: &str| {
        let mut command = assert_cmd::Command::cargo_bin("allo-cmp").unwrap();
        command.args(["stamp", "--recorded", "--scripts"]).arg(folder.path()).arg(id).assert()
    };
    assert_eq!(codes(), ["recording-unstamped"]);
    stamp("main/key-find").failure();
    stamp("main/intro").success();
    assert_eq!(codes(), [] as [&str; 0]);
    let text = fs::read_to_string(&script).unwrap();
    assert!(text.contains("\nrecorded: "), "{text}");
    fs::write(&script, format!("{text}Bonjour.\n")).unwrap();
    assert_eq!(codes(), ["recording-old"]);
    fs::write(
        &script,
        text.replacen("---\n", "---\nallow: { recording-old: \"said in other words\" }\n", 1) + "Oui.\n",
    )
    .unwrap();
    assert_eq!(codes(), [] as [&str; 0]);
    fs::write(&script, text).unwrap();
    fs::remove_file(folder.path().join(INTRO)).unwrap();
    assert_eq!(codes(), ["recording-old"], "the voice reads it again");
}
