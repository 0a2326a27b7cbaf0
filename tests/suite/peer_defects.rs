//! Defects that callers of other lines met, each over real HTTP. Others of them stand beside the code that they are
//! about: look for `peer_defect_`.

use allo_cmp::{
    engine::{MAX_ANSWERS, MAX_MINUTES},
    phone::{Call, Ending, HeardWhat, HttpTransport, Wait},
};

use crate::{
    line::{BEGAN, Line, document, next_url, play, said, signed_post},
    server::Client,
};

/// Says nothing until the call is over: what was heard.
async fn silent_to_the_end(call: &mut Call<HttpTransport>) -> String {
    while !matches!(call.wait(), Wait::Ended(_)) {
        play(call, "_").await;
    }
    let words = call.transcript().iter().filter_map(|heard| match &heard.what {
        HeardWhat::Say(spoken) => Some(spoken.text()),
        _ => None,
    });
    words.collect::<Vec<_>>().join("\n")
}

/// Somebody was called, the numbers were said, and the line ended the call itself, with a word.
fn ended_well(call: &Call<HttpTransport>, heard: &str) {
    assert_eq!(call.wait(), &Wait::Ended(Ending::Line), "{heard}");
    let dialled = call.transcript().iter().any(|heard| matches!(heard.what, HeardWhat::Dial { .. }));
    assert!(dialled, "nobody was called: {heard}");
    for number in ["15", "3114", "09 72 39 40 50"] {
        assert!(heard.matches(number).count() >= 2, "{number}: {heard}");
    }
}

#[tokio::test]
async fn peer_defect_1_silence_at_the_first_menu_leads_to_a_person() {
    let line = Line::shipped().await;
    let mut call = line.after(1, "1").await;
    let heard = silent_to_the_end(&mut call).await;
    ended_well(&call, &heard);
}

#[tokio::test]
async fn peer_defect_2_silence_at_the_languages_leads_to_a_person() {
    let line = Line::shipped().await;
    for keys in ["", "18"] {
        let mut call = line.after(1, keys).await;
        let heard = silent_to_the_end(&mut call).await;
        ended_well(&call, &heard);
    }
}

#[tokio::test]
async fn peer_defect_3_a_language_key_out_of_range_is_a_wrong_key_and_no_more() {
    let line = Line::shipped().await;
    for key in ["3", "4", "5", "6"] {
        for before in ["", "18"] {
            let mut call = line.after(1, &format!("{before}{key}")).await;
            let words = said(call.last_document().unwrap());
            assert!(words.starts_with("fr: Cette touche"), "{before}{key}: {words}");
            assert!(words.contains("en: "), "the languages again: {words}");
            play(&mut call, "2").await;
            let words = said(call.last_document().unwrap());
            assert!(words.contains("Main menu"), "{before}{key}: {words}");
        }
    }
}

#[tokio::test]
async fn peer_defect_17_no_cookie_is_given_or_read() {
    let line = Line::shipped().await;
    let form = Some("application/x-www-form-urlencoded");
    let mut path = "/twilio/voice".to_owned();
    for body in ["CallSid=CA1&From=%2B33639981234&To=%2B33199001234", "CallSid=CA1&Digits=1", "CallSid=CA1&Digits=0"] {
        let plain = String::from_utf8(signed_post(&path, form, body.as_bytes())).unwrap();
        // Each on a connection of its own; a cookie, whoever set it, changes nothing.
        let cookie = plain.replacen("Host: a\r\n", "Host: a\r\nCookie: session=of-another-call; s=x\r\n", 1);
        let mut answers = Vec::new();
        for request in [plain, cookie] {
            let mut client = Client(tokio::net::TcpStream::connect(line.address).await.unwrap());
            client.send(request).await;
            let answer = client.read_to_end(std::time::Duration::from_secs(5)).await;
            let (head, document) = answer.split_once("\r\n\r\n").unwrap();
            assert!(!head.to_lowercase().contains("cookie"), "{head}");
            answers.push(document.to_owned());
        }
        assert_eq!(answers[0], answers[1]);
        path = next_url(&answers[0]).replacen(crate::line::PUBLIC, "", 1);
    }
    let again = said(&line.ask(1, &path, &[("CallSid", "CA1"), ("Digits", "*")]).await);
    assert!(again.contains("Aide."), "{again}");
}

#[tokio::test]
async fn peer_defect_24_a_call_that_lasts_for_ever_ends_gently_after_the_numbers() {
    let line = Line::shipped().await;
    let mut call = line.after(1, "1").await;
    let ending = |call: &Call<HttpTransport>| said(call.last_document().unwrap()).contains("Pour rester avec nous");
    let mut answers = 2;
    while !ending(&call) {
        assert!(answers <= MAX_ANSWERS, "more than {MAX_ANSWERS} answers");
        play(&mut call, "*").await;
        answers += 1;
    }
    assert!(answers >= MAX_ANSWERS, "already after {answers}");
    let words = said(call.last_document().unwrap());
    assert!(words.contains("3114") && words.contains("deux fois"), "{words}");
    // Any key goes on, for a while.
    play(&mut call, "*").await;
    assert!(said(call.last_document().unwrap()).contains("Menu principal"));
    // Urgent help is never cut.
    line.clock.advance(3600);
    play(&mut call, "9").await;
    assert!(said(call.last_document().unwrap()).starts_with("fr: Une vie en danger"));
    // And gives ten minutes, like any key.
    play(&mut call, "0").await;
    assert!(said(call.last_document().unwrap()).contains("Menu principal"));
    line.clock.advance(660);
    play(&mut call, "*").await;
    assert!(ending(&call), "{:?}", call.last_document());
    play(&mut call, "_").await;
    // The last words, and a moment in which a key still counts.
    assert!(said(call.last_document().unwrap()).contains("Nous allons raccrocher"));
    assert!(matches!(call.wait(), Wait::Keys(_)), "{:?}", call.wait());
    play(&mut call, "_").await;
    assert_eq!(call.wait(), &Wait::Ended(Ending::Line));
    assert_eq!(said(call.last_document().unwrap()), "");
}

#[tokio::test]
async fn peer_defect_24_nobody_is_cut_while_talking_to_a_person_or_right_after() {
    let line = Line::shipped().await;
    let mut call = line.after(1, "191_").await;
    line.clock.set(BEGAN + 60 * (i64::from(MAX_MINUTES) + 30));
    // The document that dials has no time limit below the provider's own.
    assert!(!call.last_document().unwrap().contains("timeLimit"), "{:?}", call.last_document());
    play(&mut call, "c").await;
    let words = said(call.last_document().unwrap());
    assert!(words.starts_with("fr: L'échange est fini"), "{words}");
    assert!(!words.contains("Pour rester avec nous"), "{words}");
    let again = call.send_again().await.unwrap();
    assert_eq!(call.last_document(), Some(document(&again).as_str()));
}
