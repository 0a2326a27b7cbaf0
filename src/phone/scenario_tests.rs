//! Scenarios over a small line: which ones pass, and what those that fail say.

use super::*;
use crate::phone::testing::call;

const MENU: &str = "<Gather numDigits=\"1\" timeout=\"6\" action=\"/dial\">\
    <Say language=\"fr\">Bonjour.</Say><Say language=\"fr\">Besoin d’aide\u{a0}? Touche <sub alias=\"neuf\">9</sub>. Merci.</Say>\
    </Gather><Say>Sans réponse.</Say><Redirect>/voice</Redirect>";
const DIAL: &str = "<Say>Nous appelons.</Say><Dial action=\"/bye\">+33972394050</Dial>";
const BYE: &str = "<Gather timeout=\"4\"><Say>Autre chose ?</Say></Gather><Say>Au revoir.</Say><Hangup/>";

async fn run(steps: &str) -> Result<(), String> {
    let text = format!("name: x\ndial: [busy, completed:60]\ncall:\n{steps}");
    let scenario = Scenario::parse("calls/x.yaml", &text).map_err(|error| error.to_string())?;
    let mut call = call(&[("/voice", MENU), ("/dial", DIAL), ("/bye", BYE)]);
    scenario.run(&mut call, &mut ()).await.map_err(|error| error.to_string())
}

#[tokio::test]
async fn right_scenarios_pass() {
    for steps in [
        "  - hear: [Bonjour, \"d'aide ?\"]\n  - hear: [\"Touche 9\"]\n  - within: 3\n  - not_heard: [erreur]\n",
        "  - hear: [\"Bonjour. Besoin d’aide ? Touche\"]\n",
        "  - silence: 1\n  - hear: [\"Sans réponse\", Bonjour, Merci]\n  - duplicate: true\n",
        "  - press: \"9\"\n  - hear: [\"Nous appelons\"]\n  - not_heard: [Bonjour]\n  - dials: \"+33972394050\"\n  \
         - hear: [Autre]\n  - not_heard: [\"Nous appelons\"]\n  - silence: 1\n  - hear: [\"Au revoir\"]\n  - ends: true\n",
        "  - press: {keys: \"9\", at_once: true}\n  - hear: [\"Nous appelons\"]\n  - within: 1\n",
        "  - hang_up: true\n",
        "  - begins: \"Bonjour. Besoin\"\n  - voices: [fr]\n  - waits: 6\n  - hear: [Merci]\n  - after: 2\n",
        "  - silence: 1\n  - voices: [en, fr]\n",
        "  - press: {keys: \"9\", times: 1}\n  - hear: [\"Nous appelons\"]\n",
        "  - silence: 3\n  - hear: [Bonjour]\n",
    ] {
        assert_eq!(run(steps).await, Ok(()), "{steps}");
    }
}

#[tokio::test]
async fn failures_name_the_step_and_show_what_was_heard() {
    for (steps, message) in [
        ("  - hear: [Bonsoir]\n", "calls/x.yaml, step 1: “Bonsoir” was not heard"),
        ("  - hear: [Merci]\n  - hear: [Bonjour]\n", "step 2: “Bonjour” was heard, but earlier"),
        ("  - hear: [Merci, Bonjour]\n", "step 1: “Bonjour” was heard, but earlier"),
        ("  - hear: [\"touche 9\"]\n", "“touche 9” was not heard"),
        ("  - hear: [\"Bonjour. Besoin d'aide ?\", Touche, Touche]\n", "“Touche” was heard, but earlier"),
        ("  - not_heard: [\"d'aide\"]\n", "step 1: “d'aide” was heard"),
        ("  - hear: [\"Touche 9\"]\n  - within: 2\n", "step 2: said by 2.3 s, not within 2 s"),
        ("  - within: 2\n", "needs a `hear`"),
        ("  - after: 2\n", "needs a `hear`"),
        ("  - hear: [Bonjour]\n  - after: 2\n", "step 2: said by 0.5 s, not after 2 s"),
        ("  - begins: Besoin\n", "step 1: “Besoin” were not the first words"),
        ("  - voices: [fr, en]\n", "step 1: the voices were fr"),
        ("  - waits: 8\n", "step 1: the line waits 6 s for a key, not 8 s"),
        ("  - press: \"9\"\n  - waits: 6\n", "step 2: `waits`: the line does not wait for keys; it dials"),
        ("  - press: {keys: \"9\", times: 2}\n", "step 1: `press`: the line does not wait for keys; it dials"),
        ("  - hear: [Bonjour]\n  - press: \"9\"\n  - within: 9\n", "step 3: `within` needs a `hear`"),
        ("  - press: \"9\"\n  - hear: [Bonjour]\n", "step 2: “Bonjour” was not heard"),
        (
            "  - press: \"9\"\n  - press: \"9\"\n",
            "step 2: `press`: the line does not wait for keys; it dials +33972394050",
        ),
        ("  - press: \"9\"\n  - silence: 1\n", "step 2: `silence`: the line does not wait"),
        ("  - dials: \"+33972394050\"\n", "expected the line to dial +33972394050; it waits for keys"),
        ("  - press: \"9\"\n  - dials: \"+33139123456\"\n", "expected the line to dial +33139123456; it dials"),
        ("  - ends: true\n", "expected the line to have hung up; it waits for keys"),
        ("  - hang_up: true\n  - ends: true\n", "step 2: expected the line to have hung up; the call is over (caller)"),
        ("  - hang_up: true\n  - press: \"1\"\n", "step 2: `press`"),
    ] {
        let error = run(steps).await.unwrap_err();
        assert!(error.contains(message), "{steps}\n{error}");
    }
    let error = run("  - hear: [Bonsoir]\n").await.unwrap_err();
    assert!(error.contains("\n   0.0 s  fr  Bonjour.\n   0.5 s  fr  Besoin d’aide"), "{error}");
}

#[tokio::test]
async fn a_broken_document_fails_the_scenario_at_its_step() {
    let scenario = Scenario::parse("x.yaml", "name: x\ncall:\n  - press: \"1\"\n").unwrap();
    let mut broken = call(&[("/voice", "<Say/>")]);
    let error = scenario.run(&mut broken, &mut ()).await.unwrap_err().to_string();
    assert!(error.contains("step 0: document of https://ivr.example.org/voice, line 2: <Say> says nothing"), "{error}");
    let mut late = call(&[("/voice", "<Gather numDigits=\"1\" action=\"/b\"/>"), ("/b", "<Foo/>")]);
    let error = scenario.run(&mut late, &mut ()).await.unwrap_err().to_string();
    assert!(error.contains("step 1: document of https://ivr.example.org/b, line 2: unknown verb <Foo>"), "{error}");
}

#[tokio::test]
async fn another_answer_to_the_same_webhook_is_noticed() {
    let scenario = Scenario::parse("x.yaml", "name: x\ncall:\n  - duplicate: true\n").unwrap();
    let mut counting = call(&[("/voice", "<Gather><Say>{n} fois</Say></Gather>")]);
    let error = scenario.run(&mut counting, &mut ()).await.unwrap_err().to_string();
    assert!(error.contains("step 1: the repeated webhook got another answer") && error.contains("2 fois"), "{error}");
}

#[test]
fn plain_texts_remember_where_they_come_from() {
    let (text, origins) = plain("l’été\u{a0} ?  ");
    assert_eq!(text, "l'été ?");
    assert_eq!((origins.len(), origins[0], origins[1]), (text.len(), 1, 4));
}
