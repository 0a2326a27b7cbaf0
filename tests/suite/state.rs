//! A call's place in the flow travels in its URLs: the same webhook gives the same bytes, on any server, and whatever
//! became of the token the caller goes on.

use allo_cmp::{
    call::LineId,
    phone::{DialResult, Wait},
    telemetry::Metric,
};

use crate::line::{Line, SECRET, Setup, document, flows, next_url, one_place, play, said, token};

/// A part of the shipped scripts that tells where a caller is.
const URGENT_FR: &str = "fr: Une vie en danger";
const URGENT_EN: &str = "en: A life in danger";
const SORRY_FR: &str = "fr: Excusez-nous";
const SORRY_EN: &str = "en: Sorry, we had a problem";
const MENU_FR: &str = "Menu principal";
const CHANGED_FR: &str = "fr: Les choix ont changé";
const BUSY_FR: &str = "fr: La ligne est occupée";

#[tokio::test]
async fn peer_defect_18_a_webhook_delivered_twice_gets_the_same_bytes_and_one_place() {
    let line = Line::start(Setup { flows: one_place(), ..Setup::default() }).await;
    let sos = LineId::of("sos_amitie");
    let mut first = line.caller(1);
    first.start().await.unwrap();
    for act in ["", "1", "9", "1", "_"] {
        play(&mut first, act).await;
        let again = first.send_again().await.unwrap();
        assert_eq!(first.last_document(), Some(document(&again).as_str()), "after {act:?}");
    }
    assert!(matches!(first.wait(), Wait::Dial(_)));
    assert_eq!(line.board.occupancy.held(sos), 1);

    // The one who came second is given the place that is held longest, and once, however often that is delivered.
    let mut second = line.after(2, "191_").await;
    assert!(matches!(second.wait(), Wait::Dial(_)));
    first.dialled(DialResult::Completed(60)).await.unwrap();
    assert_eq!(line.board.occupancy.held(sos), 1);
    let again = second.send_again().await.unwrap();
    assert_eq!(second.last_document(), Some(document(&again).as_str()));
    assert_eq!(line.board.occupancy.held(sos), 1);
    second.dialled(DialResult::Busy).await.unwrap();
    assert!(said(second.last_document().unwrap()).starts_with(BUSY_FR));
    assert_eq!(line.board.occupancy.held(sos), 0);
    play(&mut second, "391").await;
    assert!(said(second.last_document().unwrap()).contains("Nous appelons"), "{:?}", second.last_document());
}

#[tokio::test]
async fn two_servers_answer_with_the_same_bytes() {
    let (one, two) = (Line::shipped().await, Line::shipped().await);
    let (mut a, mut b) = (one.caller(1), two.caller(1));
    a.start().await.unwrap();
    b.start().await.unwrap();
    for act in "1 0 3 7 * 5 _ # 8 2 9 _ _ b 3 9 1 _ c 1 2 2 _ 1 8 1 7 9 # 4 _ c 4 _".chars().filter(|act| *act != ' ') {
        assert_eq!(a.last_document(), b.last_document(), "before {act}");
        play(&mut a, &act.to_string()).await;
        play(&mut b, &act.to_string()).await;
    }
    assert_eq!(a.last_document(), b.last_document());
    assert!(matches!(a.wait(), Wait::Ended(_)), "{:?}", a.wait());
}

#[tokio::test]
async fn without_a_readable_token_9_is_obeyed_and_anything_else_leads_to_the_main_menu() {
    let line = Line::shipped().await;
    let other =
        Line::start(Setup { secrets: vec!["another secret of at least thirty-two characters"], ..Setup::default() });
    let other = other.await;
    let call = line.after(1, "10").await;
    let url = next_url(call.last_document().unwrap());
    let right = token(&url);
    let changed = |at: usize| {
        let mut token = right.as_bytes().to_vec();
        token[at] = if token[at] == b'A' { b'B' } else { b'A' };
        format!("&s={}", String::from_utf8(token).unwrap())
    };
    let foreign = next_url(line.after(2, "10").await.last_document().unwrap());
    let unknown = next_url(other.after(1, "10").await.last_document().unwrap());
    let mut wrong: Vec<String> = (0..right.len()).step_by(7).map(changed).collect();
    wrong.push(changed(right.len() - 2));
    wrong.push(format!("&s={}", token(&foreign)));
    wrong.push(format!("&s={}", token(&unknown)));
    wrong.push(format!("&s={}", "A".repeat(513)));
    wrong.push(format!("&s={right}{right}{right}{right}{right}{right}"));
    wrong.extend(["&s=", "&s=%", "&s=é", ""].map(str::to_owned));

    let before = line.count(Metric::UnreadableTokens);
    for wrong in &wrong {
        for (lang, urgent, sorry) in [("fr", URGENT_FR, SORRY_FR), ("en", URGENT_EN, SORRY_EN)] {
            let url = format!("/twilio/voice?l={lang}{wrong}");
            let nine = said(&line.ask(1, &url, &[("Digits", "9")]).await);
            assert!(nine.starts_with(urgent), "{url}: {nine}");
            for params in [&[("Digits", "1")][..], &[("Digits", "3")], &[("DialCallStatus", "busy")]] {
                let lost = said(&line.ask(1, &url, params).await);
                assert!(lost.starts_with(sorry), "{url}: {lost}");
                assert!(lost.contains(if lang == "fr" { MENU_FR } else { "Main menu" }), "{url}: {lost}");
                assert!(!lost.contains(if lang == "fr" { "en: " } else { "fr: " }), "{url}: {lost}");
            }
            let silent = said(&line.ask(1, &format!("{url}&e=silence"), &[]).await);
            assert!(silent.starts_with(sorry), "{url}: {silent}");
        }
    }
    let absent = 1;
    assert_eq!(line.count(Metric::UnreadableTokens) - before, ((wrong.len() - absent) * 2 * 5) as u64);
    assert_eq!(line.count(Metric::FailuresAnswered), 0);

    // The language isn't known either: both apologise, and there is a way to a language.
    for l in ["", "l=mul&", "l=xx&", "l=FR&"] {
        let lost = said(&line.ask(1, &format!("/twilio/voice?{l}s=junk"), &[("Digits", "1")]).await);
        assert!(lost.contains(SORRY_FR) && lost.contains(SORRY_EN) && lost.contains(MENU_FR), "{l}: {lost}");
    }
    // The right token still leads to the right place.
    let there = said(&line.ask(1, &url, &[("Digits", "*")]).await);
    assert!(there.contains("Aide."), "{there}");
}

#[tokio::test]
async fn a_lost_call_goes_on_as_any_other() {
    let line = Line::shipped().await;
    let lost = line.ask(1, "/twilio/voice?l=fr&s=junk", &[("Digits", "3")]).await;
    let help = line.ask(1, &next_url(&lost), &[("Digits", "0")]).await;
    let numbers = line.ask(1, &next_url(&help), &[("Digits", "2")]).await;
    assert!(said(&numbers).starts_with("fr: Urgence"), "{}", said(&numbers));
}

/// As behind a proxy that changes our URLs, or with two machines that have not the same secret.
#[tokio::test]
async fn a_call_that_loses_its_place_each_time_hears_the_numbers_twice_and_ends() {
    let line = Line::shipped().await;
    let cut = |document: &str| {
        let url = next_url(document);
        url.replace(token(&url), "junk")
    };
    for keys in ["", "1", "0"] {
        let mut url = "/twilio/voice?l=fr&s=junk".to_owned();
        for _ in 0..3 {
            let lost = line.ask(1, &url, &[("Digits", keys)]).await;
            assert!(said(&lost).starts_with(SORRY_FR) && said(&lost).contains(MENU_FR), "{lost}");
            url = cut(&lost);
        }
        let last = line.ask(1, &url, &[("Digits", keys)]).await;
        assert!(last.ends_with("<Hangup/></Response>"), "{last}");
        assert_eq!(said(&last).matches("3114").count(), 2, "{last}");
        // Urgent help all the same, however often.
        for _ in 0..3 {
            let nine = line.ask(1, &url, &[("Digits", "9")]).await;
            assert!(said(&nine).starts_with(URGENT_FR), "{nine}");
            url = cut(&nine);
        }
    }
}

#[tokio::test]
async fn a_place_that_a_reload_has_removed_is_as_good_as_none() {
    let before = Line::shipped().await;
    let after = flows(&[
        ("main.yaml", "      1: { say: help/key-keys, go: help_keys }\n", ""),
        ("main.yaml", "2: { say: help/key-numbers", "1: { say: help/key-numbers"),
        ("main.yaml", "3: { say: help/key-privacy", "2: { say: help/key-privacy"),
        ("main.yaml", "4: { say: help/key-about", "3: { say: help/key-about"),
        ("main.yaml", "help_keys:\n  say:\n    scripts: [help/keys]\n    then: help_menu\n    back: help_menu\n", ""),
    ]);
    let after = Line::start(Setup { flows: after, ..Setup::default() }).await;
    let url = next_url(before.after(1, "101").await.last_document().unwrap());
    for key in ["1", "0", "#", "*", "7", "8", "5"] {
        let lost = said(&after.ask(1, &url, &[("Digits", key)]).await);
        assert!(lost.starts_with(SORRY_FR) && lost.contains(MENU_FR), "{key}: {lost}");
    }
    let nine = said(&after.ask(1, &url, &[("Digits", "9")]).await);
    assert!(nine.starts_with(URGENT_FR), "{nine}");
    // Behind a caller who went on, such a place is stepped over.
    let url = next_url(before.after(1, "101 9").await.last_document().unwrap());
    let back = said(&after.ask(1, &url, &[("Digits", "#")]).await);
    assert!(back.contains("Aide.") && !back.contains("Excusez"), "{back}");
}

#[tokio::test]
async fn a_place_that_a_reload_has_made_a_goodbye_ends_no_call() {
    let before = Line::shipped().await;
    let after = flows(&[(
        "main.yaml",
        "about_line:\n  say:\n    scripts: [about/who, about/where-it-comes-from, about/limits]\n    then: help_menu\n    back: help_menu\n",
        "about_line:\n  end: { say: end/goodbye }\n",
    )]);
    let after = Line::start(Setup { flows: after, ..Setup::default() }).await;
    let url = next_url(before.after(1, "104").await.last_document().unwrap());
    for params in [&[("Digits", "1")][..], &[("Digits", "*")], &[("Digits", "5")], &[]] {
        let lost = after.ask(1, &url, params).await;
        assert!(said(&lost).starts_with(SORRY_FR) && !lost.contains("<Hangup"), "{params:?}: {lost}");
    }
    let url = next_url(before.after(1, "104 9").await.last_document().unwrap());
    let back = after.ask(1, &url, &[("Digits", "#")]).await;
    assert!(said(&back).contains("Aide.") && !back.contains("<Hangup"), "{back}");
}

#[tokio::test]
async fn a_menu_whose_keys_have_changed_is_read_again_and_only_9_and_0_are_obeyed() {
    let before = Line::shipped().await;
    let swapped = flows(&[
        ("main.yaml", "1: { say: main/key-find, go: find_cmp }", "1: { say: main/key-access, go: access_menu }"),
        (
            "main.yaml",
            "2: { say: main/key-access, go: access_menu }\n      3",
            "2: { say: main/key-find, go: find_cmp }\n      3",
        ),
    ]);
    let after = Line::start(Setup { flows: swapped, ..Setup::default() }).await;
    let url = next_url(before.after(1, "1").await.last_document().unwrap());
    for key in ["1", "2", "3", "4", "5", "6", "7", "8", "*", "#"] {
        let again = after.ask(1, &url, &[("Digits", key)]).await;
        let words = said(&again);
        assert!(words.starts_with(CHANGED_FR) && words.contains(MENU_FR), "{key}: {words}");
        // Now they are spoken as they are, and obeyed.
        let find = said(&after.ask(1, &next_url(&again), &[("Digits", "2")]).await);
        assert!(find.starts_with("fr: Trouver votre centre"), "{key}: {find}");
    }
    let nine = said(&after.ask(1, &url, &[("Digits", "9")]).await);
    assert!(nine.starts_with(URGENT_FR), "{nine}");
    let zero = said(&after.ask(1, &url, &[("Digits", "0")]).await);
    assert!(zero.contains("Aide."), "{zero}");
}

#[tokio::test]
async fn calls_go_on_while_the_secret_is_replaced() {
    const NEW: &str = "a newer secret of at least thirty-two characters";
    let [old, both, new] =
        [vec![SECRET], vec![NEW, SECRET], vec![NEW]].map(|secrets| Line::start(Setup { secrets, ..Setup::default() }));
    let (old, both, new) = (old.await, both.await, new.await);
    let first = next_url(old.after(1, "10").await.last_document().unwrap());
    let twin = old.after(2, "103").await;
    let answer = both.ask(1, &first, &[("Digits", "3")]).await;
    assert_eq!(said(&answer), said(twin.last_document().unwrap()));
    // What the second server sealed opens with the new secret alone; what the first one sealed does not.
    let further = said(&new.ask(1, &next_url(&answer), &[("Digits", "#")]).await);
    assert!(further.contains("Aide.") && !further.contains("Excusez"), "{further}");
    let lost = said(&new.ask(1, &first, &[("Digits", "3")]).await);
    assert!(lost.starts_with(SORRY_FR), "{lost}");
    let lost = said(&old.ask(1, &next_url(&answer), &[("Digits", "3")]).await);
    assert!(lost.starts_with(SORRY_FR), "{lost}");
}
