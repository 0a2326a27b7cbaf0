//! Transfers over HTTP: a place on the line is taken before it rings and given back once; the number shown is ours.

use allo_cmp::{
    call::LineId,
    phone::{DialResult, Wait, When},
    telemetry::Metric,
};

use crate::line::{CALLER, Line, OURS, Setup, attribute, document, next_url, one_place, play, said, webhook};

const BUSY: &str = "fr: La ligne est occupée";
const NO_ANSWER: &str = "fr: Personne n'a pu répondre";
const NOT_REACHED: &str = "fr: Nous n'arrivons pas à joindre";
const TALKED: &str = "fr: L'échange est fini";

fn sos() -> LineId {
    LineId::of("sos_amitie")
}

async fn one_place_line() -> Line {
    Line::start(Setup { flows: one_place(), ..Setup::default() }).await
}

#[tokio::test]
async fn a_line_that_is_full_by_our_count_is_tried_once_then_called_busy_and_the_numbers_follow() {
    let line = one_place_line().await;
    let first = line.after(1, "191_").await;
    assert!(matches!(first.wait(), Wait::Dial(_)));
    // Whether the first one still talks we can't know: the end of it may have been lost.
    let mut second = line.after(2, "191_").await;
    assert!(matches!(second.wait(), Wait::Dial(_)));
    assert_eq!(line.board.occupancy.held(sos()), 1, "never more places than there are");
    second.dialled(DialResult::Busy).await.unwrap();
    let words = said(second.last_document().unwrap());
    assert!(words.starts_with(BUSY), "{words}");
    assert!(words.contains("Voici les numéros, deux fois") && words.contains("3114"), "{words}");
    assert!(matches!(second.wait(), Wait::Keys(_)));
    assert_eq!((line.board.occupancy.held(sos()), line.count(Metric::TransfersTried)), (0, 2));
}

#[tokio::test]
async fn without_a_number_of_ours_nothing_is_dialled() {
    let line = Line::shipped().await;
    let announced = line.after(1, "191").await.last_document().unwrap().to_owned();
    for to in ["", "anonymous", "3114", "0199001234", "sip:line@example.org", "+", "+0199001234"] {
        let url = format!("{}&e=silence", next_url(&announced));
        let answer = line.ask(1, &url, &[("To", to)]).await;
        assert!(said(&answer).starts_with(NOT_REACHED), "{to}: {answer}");
        assert!(said(&answer).contains("3114"), "{to}: {answer}");
        assert!(!answer.contains("<Dial"), "{to}: {answer}");
    }
    assert_eq!((line.board.occupancy.held(sos()), line.count(Metric::TransfersTried)), (0, 0));
}

#[tokio::test]
async fn the_number_shown_is_ours_and_never_the_callers() {
    let ours = "+33199005678";
    let plain = Line::shipped().await;
    let set = Line::start(Setup { caller_id: ours.parse().ok(), ..Setup::default() }).await;
    for (line, to, shown) in [(&plain, OURS, OURS), (&set, OURS, ours), (&set, "anonymous", ours)] {
        let announced = line.after(1, "191").await.last_document().unwrap().to_owned();
        let url = format!("{}&e=silence", next_url(&announced));
        let dial = line.ask(1, &url, &[("To", to)]).await;
        assert_eq!(attribute(&dial, "Dial", "callerId").as_deref(), Some(shown));
        assert!(dial.contains("<Number>+33972394050</Number>"), "{dial}");
        assert!(!dial.contains(&CALLER[1..]), "{dial}");
        let ring: u32 = attribute(&dial, "Dial", "timeout").unwrap().parse().unwrap();
        assert!(ring <= 25, "{ring}");
    }
}

#[tokio::test]
async fn the_end_of_a_transfer_frees_its_place_once_however_often_it_is_told() {
    let line = one_place_line().await;
    let mut first = line.after(1, "191_").await;
    first.dialled(DialResult::Busy).await.unwrap();
    assert_eq!(line.board.occupancy.held(sos()), 0);
    // Somebody else takes the place; a late repetition of the first end must not give it away.
    let mut second = line.after(2, "191_").await;
    assert!(matches!(second.wait(), Wait::Dial(_)));
    let again = first.send_again().await.unwrap();
    assert_eq!(first.last_document(), Some(document(&again).as_str()));
    assert_eq!(line.board.occupancy.held(sos()), 1);
    second.dialled(DialResult::Completed(60)).await.unwrap();
    second.send_again().await.unwrap();
    assert_eq!(line.board.occupancy.held(sos()), 0);
    // The same call may try once more.
    play(&mut first, "91_").await;
    assert!(matches!(first.wait(), Wait::Dial(_)), "{:?}", first.last_document());
    assert_eq!(line.board.occupancy.held(sos()), 1);
}

#[tokio::test]
async fn the_end_of_a_call_frees_its_place() {
    let line = one_place_line().await;
    let mut gone = line.after(1, "191_").await;
    assert_eq!(line.board.occupancy.held(sos()), 1);
    gone.hang_up().await.unwrap();
    assert_eq!(line.board.occupancy.held(sos()), 0);
    // Told at the voice URL instead, and twice.
    let second = line.after(2, "191_").await;
    let url = next_url(second.last_document().unwrap());
    for _ in 0..2 {
        let answer = line.ask(2, &url, &[("CallStatus", "completed")]).await;
        assert!(!answer.contains("<Say") && !answer.contains("<Dial"), "{answer}");
        assert_eq!(line.board.occupancy.held(sos()), 0);
    }
    let third = line.after(3, "191_").await;
    assert!(matches!(third.wait(), Wait::Dial(_)));
}

#[tokio::test]
async fn every_word_for_the_end_of_a_transfer_has_its_answer() {
    let line = one_place_line().await;
    let dial = line.after(1, "191_").await.last_document().unwrap().to_owned();
    let url = next_url(&dial);
    for (status, words) in [
        ("completed", TALKED),
        ("answered", TALKED),
        ("busy", BUSY),
        ("no-answer", NO_ANSWER),
        ("canceled", NO_ANSWER),
        ("failed", NOT_REACHED),
        ("", NOT_REACHED),
        ("COMPLETED", NOT_REACHED),
        ("réussi ’<&", NOT_REACHED),
    ] {
        for talked in [None, Some("0"), Some("60"), Some("-1"), Some("99999999999"), Some("x")] {
            let mut params = vec![("DialCallStatus", status)];
            params.extend(talked.map(|talked| ("DialCallDuration", talked)));
            let answer = line.ask(1, &url, &params).await;
            assert!(said(&answer).starts_with(words), "{status} {talked:?}: {answer}");
            assert!(!answer.contains("<Hangup") && !answer.contains("<Dial"), "{status}: {answer}");
        }
    }
    // The caller hung up meanwhile: the transfer is over, and so is the place.
    let hung_up = [("DialCallStatus", "completed"), ("CallStatus", "completed")];
    line.ask(1, &url, &hung_up).await;
    assert_eq!(line.board.occupancy.held(sos()), 0);
    // A provider that goes on to the redirect instead of the action.
    let answer = said(&line.ask(1, &format!("{url}&e=silence"), &[]).await);
    assert!(answer.starts_with(NOT_REACHED), "{answer}");
    // 9, if one comes, is obeyed.
    let answer = said(&line.ask(1, &url, &[("Digits", "9")]).await);
    assert!(answer.starts_with("fr: Une vie en danger"), "{answer}");
}

#[tokio::test]
async fn a_key_before_the_ring_dials_nobody() {
    let line = one_place_line().await;
    for key in ["#", "9", "0", "*", "5"] {
        let mut call = line.after(1, "191").await;
        call.press(key, When::AtOnce).await.unwrap();
        assert!(matches!(call.wait(), Wait::Keys(_)), "{key}");
        assert_eq!(line.board.occupancy.held(sos()), 0, "{key}");
    }
    assert_eq!(line.count(Metric::TransfersTried), 0);
}

#[tokio::test]
async fn the_status_of_a_call_that_goes_on_frees_nothing() {
    let line = one_place_line().await;
    line.after(1, "191_").await;
    for status in ["ringing", "in-progress", "queued", ""] {
        let request = webhook(1, "/twilio/status", &[("CallStatus", status)]);
        assert_eq!(crate::line::send(line.address, &request).await.status, 200);
        assert_eq!(line.board.occupancy.held(sos()), 1, "{status}");
    }
}

#[tokio::test]
async fn a_ring_whose_end_is_not_told_does_not_keep_its_caller_from_the_line() {
    let line = one_place_line().await;
    let mut call = line.after(1, "191_").await;
    let url = next_url(call.last_document().unwrap());
    let on = line.ask(1, &format!("{url}&e=silence"), &[]).await;
    assert_eq!(line.board.occupancy.held(sos()), 0, "it rings no more");
    let announced = line.ask(1, &next_url(&on), &[("Digits", "9")]).await;
    let announced = line.ask(1, &next_url(&announced), &[("Digits", "1")]).await;
    let dial = line.ask(1, &format!("{}&e=silence", next_url(&announced)), &[]).await;
    assert!(dial.contains("<Dial"), "{dial}");
    call.hang_up().await.unwrap();
}
