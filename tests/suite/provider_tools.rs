//! What is written and printed for providers: the document that works without us, what to enter in a console.

use std::path::Path;

use allo_cmp::{
    phone::{
        Call, DialResult, Dialling, Ending, HeardWhat, PhoneError, Semantics, Transport, Wait, WebRequest, WebResponse,
    },
    provider::capabilities,
};
use insta::assert_snapshot;

use crate::{
    line::{CALLER, OURS},
    program::command,
};

/// Where the document lies: a host that is not ours.
const STATIC: &str = "https://static.example.net/fallback.xml";

/// A world in which our server is gone: the file is served, everything else is refused.
struct Gone {
    document: String,
    asked: Vec<String>,
}

impl Transport for Gone {
    async fn send(&mut self, request: &WebRequest) -> Result<WebResponse, PhoneError> {
        self.asked.push(request.url.clone());
        if request.url == STATIC {
            let body = self.document.clone().into_bytes();
            return Ok(WebResponse { status: 200, content_type: Some("text/xml".into()), body });
        }
        Err(PhoneError::Unreachable { url: request.url.clone(), message: "the server is gone".into() })
    }
}

/// Runs the program in a folder of its own: whether it succeeded, what it printed, what it complained of.
fn run(folder: &Path, args: &[&str], env: &[(&str, &str)]) -> (bool, String, String) {
    let output = command(folder).args(args).envs(env.iter().copied()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

/// The document of a provider, and what stands beside it.
fn fallback(name: &str, more: &[&str], env: &[(&str, &str)]) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let args = [&["fallback", "--provider", name, "--out", "out"], more].concat();
    let (ok, _, complaints) = run(folder.path(), &args, env);
    assert!(ok, "{complaints}");
    let read = |name: &str| std::fs::read_to_string(folder.path().join("out").join(name)).unwrap();
    (read(&format!("{name}.xml")), read("README.txt"))
}

/// The call that performs it, up to the first wait.
async fn begun(name: &str, document: &str) -> Call<Gone> {
    let semantics = Semantics::of(name).unwrap();
    let dialling = Dialling::new(CALLER, OURS, STATIC).through(semantics, 1);
    let mut call = Call::new(Gone { document: document.to_owned(), asked: Vec::new() }, dialling);
    call.start().await.unwrap_or_else(|error| panic!("{name}: {error}\n{document}"));
    call
}

fn heard(call: &Call<Gone>) -> Vec<(String, String)> {
    let said = |what: &HeardWhat| match what {
        HeardWhat::Say(spoken) => Some((spoken.lang().to_owned(), spoken.text().to_owned())),
        _ => None,
    };
    call.transcript().iter().filter_map(|heard| said(&heard.what)).collect()
}

fn words(heard: &[(String, String)], lang: &str) -> String {
    heard.iter().filter(|(of, _)| of.starts_with(lang)).map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" ")
}

const CALLER_ID: [(&str, &str); 5] = [
    ("ALLO_CMP__PROVIDERS__TWILIO__CALLER_ID", OURS),
    ("ALLO_CMP__PROVIDERS__SIGNALWIRE__CALLER_ID", OURS),
    ("ALLO_CMP__PROVIDERS__TELNYX__CALLER_ID", OURS),
    ("ALLO_CMP__PROVIDERS__SOMLENG__CALLER_ID", OURS),
    ("ALLO_CMP__PROVIDERS__PLIVO__CALLER_ID", OURS),
];

#[tokio::test]
async fn the_fallback_document_says_the_numbers_and_calls_somebody_without_anything_of_ours() {
    for name in capabilities::ALL.map(|one| one.name) {
        let (document, _) = fallback(name, &[], &CALLER_ID);
        for result in [DialResult::NoAnswer, DialResult::Busy, DialResult::Failed] {
            let mut call = begun(name, &document).await;
            let before = heard(&call);
            let (french, english) = (words(&before, "fr"), words(&before, "en"));
            for spoken in ["pas votre faute", "quinze", "cent douze", "cent quatorze", "trente et un, quatorze"] {
                assert!(french.contains(spoken), "{name}: {spoken}: {french}");
            }
            for spoken in ["not your fault", "one five", "one one two", "one one four", "three one, one four"] {
                assert!(english.to_lowercase().contains(spoken), "{name}: {spoken}: {english}");
            }
            assert!(french.contains("zéro neuf, soixante-douze"), "{french}");
            let Wait::Dial(dialled) = call.wait().clone() else { panic!("{name}: nobody is called") };
            assert_eq!((dialled.number(), dialled.caller_id()), ("+33972394050".to_owned(), Some(OURS)), "{name}");
            call.dialled(result).await.unwrap();
            let after = heard(&call)[before.len()..].to_vec();
            assert!(words(&after, "fr").contains("trente et un, quatorze"), "{name}: {after:?}");
            assert!(words(&after, "en").contains("You can call again"), "{name}: {after:?}");
            assert_eq!(call.wait(), &Wait::Ended(Ending::Line), "{name}");
            assert_eq!(call.transport().asked, [STATIC], "{name}: nothing of ours was asked for");
        }
    }
}

#[test]
fn the_fallback_document_has_no_address_in_it_and_each_language_its_own_voice() {
    for capabilities in capabilities::ALL {
        let (document, readme) = fallback(capabilities.name, &[], &CALLER_ID);
        for ours in ["http", "action=", "url=", "<Redirect", "<Play", "<Gather", "example"] {
            assert!(!document.contains(ours), "{}: {ours}: {document}", capabilities.name);
        }
        for lang in ["fr", "en"] {
            let voice = capabilities.voice(lang.parse().unwrap()).unwrap();
            let spoken = format!("language=\"{}\" voice=\"{}\"", voice.language, voice.name);
            assert!(document.contains(&spoken), "{}: {document}", capabilities.name);
        }
        assert!(document.len() < 8_000, "{}", document.len());
        assert!(readme.contains(&format!("{}.xml", capabilities.name)), "{readme}");
    }
}

#[test]
fn the_fallback_number_is_the_one_given_and_never_one_that_must_not_be_called() {
    let setting = ("ALLO_CMP__LINE__FALLBACK_NUMBER", "+33199000001");
    let dialled = |more: &[&str]| fallback("twilio", more, &[setting, CALLER_ID[0]]).0;
    assert!(dialled(&[]).contains("<Number>+33199000001</Number>"));
    assert!(dialled(&["--dial", "+33199000002"]).contains("<Number>+33199000002</Number>"));
    let folder = tempfile::tempdir().unwrap();
    // In lines.yaml, and not verified; then no number at all.
    for (wrong, said) in [("+33146214646", "nobody has verified"), ("3114", "+ and the country code")] {
        let args = ["fallback", "--provider", "twilio", "--out", "out", "--dial", wrong];
        let (ok, _, complaints) = run(folder.path(), &args, &[]);
        assert!(!ok && complaints.contains(said), "{complaints}");
    }
}

#[test]
fn without_a_number_of_ours_there_is_no_fallback_document_since_the_callers_would_be_shown() {
    let folder = tempfile::tempdir().unwrap();
    let (ok, _, complaints) = run(folder.path(), &["fallback", "--provider", "twilio", "--out", "out"], &[]);
    assert!(!ok && complaints.contains("providers.twilio.caller_id"), "{complaints}");
    assert!(!folder.path().join("out").exists());
}

#[test]
fn a_console_is_told_with_placeholders_and_never_with_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    for name in capabilities::ALL.map(|one| one.name) {
        let (ok, told, complaints) = run(folder.path(), &["setup", "--provider", name], &[]);
        assert!(ok, "{complaints}");
        assert!(told.contains(&format!("<PUBLIC_URL>/{name}/voice")), "{told}");
        assert_snapshot!(format!("setup_{name}"), told);
    }
    let env = [
        ("ALLO_CMP__SERVER__PUBLIC_URL", "https://me:hunter2@line.example.org/allo"),
        ("ALLO_CMP__PROVIDERS__TWILIO__AUTH_TOKEN", "t0ken"),
    ];
    let (ok, told, _) = run(folder.path(), &["setup", "--provider", "twilio"], &env);
    assert!(ok && told.contains("https://<USER:PASSWORD>@line.example.org/allo/twilio/voice#rc=2"), "{told}");
    assert!(told.contains("providers.twilio.auth_token: given"), "{told}");
    assert!(!told.contains("hunter2") && !told.contains("t0ken"), "{told}");
}

#[test]
fn a_chosen_voice_is_spoken_with_and_one_of_another_language_is_refused() {
    let env = |voice| [("ALLO_CMP__PROVIDERS__TELNYX__VOICES__FR", voice), CALLER_ID[2]];
    let (document, _) = fallback("telnyx", &[], &env("Polly.Mathieu"));
    assert!(document.contains("voice=\"Polly.Mathieu\"") && !document.contains("Polly.Lea"), "{document}");
    let folder = tempfile::tempdir().unwrap();
    let (ok, _, complaints) = run(folder.path(), &["check", "--provider", "telnyx"], &env("Polly.Amy-Neural"));
    assert!(
        !ok && complaints.contains("providers.telnyx.voices: the voice `Polly.Amy-Neural` speaks en-GB"),
        "{complaints}"
    );
    let unknown = [("ALLO_CMP__PROVIDERS__TELNYX__VOICES__FRENCH", "Polly.Lea")];
    let (ok, _, complaints) = run(folder.path(), &["check"], &unknown);
    assert!(!ok && complaints.contains("is not a language code"), "{complaints}");
}
