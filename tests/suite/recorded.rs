//! What the journal is told of a call, over HTTP: one batch a webhook, and nothing of who called or what they typed.

use std::collections::BTreeSet;

use allo_cmp::{
    call::{CallKey, Caller},
    journal::{Batch, Happening, Kind, Recorder},
    phone::{Call, DialResult, HttpTransport, When},
};
use tokio::sync::mpsc::Receiver;

use crate::{
    line::{BEGAN, CALLER, Line, Setup, next_url, play, sid},
    overlay::centres,
};

/// Noon in Paris: the centres are open.
const NOON: i64 = BEGAN + 11 * 3600;

/// A fact in one line, as scenarios write it: `goal documents`, `transferred sos_amitie busy`.
pub(crate) fn fact(fact: &Happening) -> String {
    let mut words = snake(&format!("{:?}", fact.kind));
    if !fact.subject.is_empty() {
        words = format!("{words} {}", fact.subject);
    }
    if let Some(outcome) = fact.outcome {
        words = format!("{words} {}", snake(&format!("{outcome:?}")));
    }
    if let Some(talked) = fact.talked {
        words = format!("{words} {talked}");
    }
    words
}

/// `LookedUp` as `looked_up`.
fn snake(name: &str) -> String {
    let mut words = String::new();
    for (at, c) in name.char_indices() {
        if c.is_uppercase() && at > 0 {
            words.push('_');
        }
        words.extend(c.to_lowercase());
    }
    words
}

fn all(batches: &mut Receiver<Batch>) -> Vec<Batch> {
    std::iter::from_fn(|| batches.try_recv().ok()).collect()
}

/// A batch in one line: its turn, its language, its facts.
fn written(batch: &Batch) -> String {
    let lang = batch.lang.as_ref().map_or("--", |lang| lang.as_str());
    format!("{} {lang}: {}", batch.turn, batch.facts.iter().map(fact).collect::<Vec<_>>().join(", "))
}

/// The shipped line with the centres of fiction, and what it tells the journal.
async fn line(count_callers: bool) -> (Line, Receiver<Batch>) {
    let (recorder, batches) = Recorder::new(1000);
    let recorder = if count_callers { recorder.counting_callers() } else { recorder };
    let line = Line::start(Setup { directory: centres("ready"), recorder, ..Setup::default() }).await;
    line.clock.set(NOON);
    (line, batches)
}

/// A caller who hears a part of a document, looks for a centre, and is put through to it.
async fn whole_call(line: &Line, n: usize) -> Call<HttpTransport> {
    let mut call = line.after(n, "121_01").await;
    call.press("75011", When::AfterWords).await.unwrap();
    play(&mut call, "111_").await;
    call.dialled(DialResult::Completed(60)).await.unwrap();
    call
}

#[tokio::test]
async fn a_whole_call_is_told_webhook_by_webhook() {
    let (line, mut batches) = line(false).await;
    let mut call = whole_call(&line, 1).await;
    call.hang_up().await.unwrap();
    let told = all(&mut batches);
    let expected = [
        "0 --: began, reached welcome",
        "1 fr: language, reached notice",
        "2 fr: reached access_menu",
        "3 fr: reached documents",
        "4 fr: heard documents/overview",
        "5 fr: reached main_menu",
        "6 fr: reached find_cmp",
        "8 fr: reached find_age",
        "9 fr: reached find_adults, looked_up 75, goal find_centre",
        "11 fr: tried finess/750000901",
        "12 fr: transferred finess/750000901 completed 60, reached cmp_after",
        "65535 --: ended",
    ];
    assert_eq!(told.iter().map(written).collect::<Vec<_>>(), expected);
    for batch in &told {
        assert_eq!((batch.call, batch.second), (CallKey::of(Some(&sid(1))), NOON));
        assert!(batch.caller.is_none(), "nobody asked who calls");
    }
}

#[tokio::test]
async fn who_calls_is_told_once_where_callers_are_counted() {
    let (line, mut batches) = line(true).await;
    whole_call(&line, 1).await.hang_up().await.unwrap();
    let told = all(&mut batches);
    let callers: Vec<&Caller> = told.iter().filter_map(|batch| batch.caller.as_ref()).collect();
    assert_eq!(callers, [&Caller::parse(CALLER)]);
    assert!(told[0].caller.is_some());
}

#[tokio::test]
async fn a_webhook_that_comes_twice_is_told_in_the_same_words() {
    let (line, mut batches) = line(false).await;
    let mut call = line.caller(1);
    call.start().await.unwrap();
    let mut before = all(&mut batches);
    for act in ["", "1", "2", "1", "_", "_", "9", "1", "_", "b", "_"] {
        if !act.is_empty() {
            play(&mut call, act).await;
            before = all(&mut batches);
        }
        // Some minutes later.
        line.clock.advance(150);
        call.send_again().await.unwrap();
        let again = all(&mut batches);
        let same = |batches: &[Batch]| batches.iter().map(|batch| (batch.call, written(batch))).collect::<Vec<_>>();
        assert_eq!(same(&again), same(&before), "{act}");
        assert!(!again.is_empty(), "{act}");
    }
}

#[tokio::test]
async fn every_kind_of_fact_can_be_told_and_none_says_who_called_or_what_they_typed() {
    let (line, mut batches) = line(false).await;
    let mut call = whole_call(&line, 1).await;
    play(&mut call, "4").await;
    play(&mut call, "5").await;
    play(&mut call, "91_b_n").await;
    call.hang_up().await.unwrap();
    // A number that did not work; digits of a caller who is lost.
    let mut second = line.after(2, "11").await;
    second.press("75011", When::AfterWords).await.unwrap();
    play(&mut second, "113").await;
    let url = next_url(second.last_document().unwrap());
    let (lost, _) = url.split_once("&s=").unwrap();
    line.ask(2, &format!("{lost}&s=junk"), &[("Digits", "75011")]).await;
    // Nobody there, to the last words.
    line.after(3, "____n_n____n_n_").await;
    let told = all(&mut batches);
    let kinds: BTreeSet<Kind> = told.iter().flat_map(|batch| &batch.facts).map(|fact| fact.kind).collect();
    let missing: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| !kinds.contains(kind)).collect();
    assert_eq!(missing, [Kind::Limited, Kind::Apologised], "these are shown where they are built");
    for batch in &told {
        let shown = format!("{batch:?} {}", written(batch));
        for secret in ["75011", "639981234", "6 39 98 12 34", &sid(batch.turn.into())] {
            assert!(!shown.contains(secret), "{shown}");
        }
        for fact in &batch.facts {
            let is_centre = fact.kind == Kind::Reported || fact.subject.starts_with("finess/");
            let digits = fact.subject.chars().filter(char::is_ascii_digit).count();
            assert!(digits <= if is_centre { 9 } else { 3 }, "{fact:?}");
        }
    }
}
