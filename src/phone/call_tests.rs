//! The provider's semantics, one table per verb, over documents served from memory.

use super::*;
use crate::phone::testing::{BASE, Pages, call, second_of_sound, summary};
use crate::phone::{WebResponse, When};

/// Seconds of one word.
const WORD: f64 = 60.0 / 130.0;

async fn started(pages: &[(&str, &str)]) -> Call<Pages> {
    let mut call = call(pages);
    call.start().await.unwrap();
    call
}

fn requests(call: &mut Call<Pages>) -> Vec<WebRequest> {
    call.transport().requests.clone()
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 0.01, "{a} {b}");
}

#[derive(Clone, Copy)]
enum Do {
    Keys(&'static str),
    Hush,
}

#[tokio::test]
async fn what_is_typed_in_a_gather_and_what_is_sent() {
    use Do::{Hush, Keys};
    // Attributes, act, then either `Digits/FinishedOnKey` of the action call, or None: the next verb.
    for (attributes, act, expected) in [
        ("numDigits=\"1\"", Keys("5"), Some("5/")),
        ("numDigits=\"1\"", Keys("56"), Some("5/")),
        ("numDigits=\"5\"", Keys("75011"), Some("75011/")),
        ("numDigits=\"5\"", Keys("75011#"), Some("75011/")),
        ("numDigits=\"5\"", Keys("75#"), Some("75/#")),
        ("numDigits=\"5\"", Keys("75"), Some("75/")),
        ("", Keys("123456789012#9"), Some("123456789012/#")),
        ("", Keys("12"), Some("12/")),
        ("", Keys("1*2"), Some("1*2/")),
        ("finishOnKey=\"*\"", Keys("1#2*"), Some("1#2/*")),
        ("finishOnKey=\"\"", Keys("1#2*"), Some("1#2*/")),
        ("finishOnKey=\"\" numDigits=\"1\"", Keys("#"), Some("#/")),
        ("finishOnKey=\"\" numDigits=\"1\"", Keys("*"), Some("*/")),
        ("", Keys("#"), None),
        ("numDigits=\"1\"", Keys("#"), None),
        ("actionOnEmptyResult=\"true\"", Keys("#"), Some("/#")),
        ("", Hush, None),
        ("actionOnEmptyResult=\"false\"", Hush, None),
        ("actionOnEmptyResult=\"true\"", Hush, Some("/")),
        ("timeout=\"20\"", Hush, None),
    ] {
        let document = format!("<Gather action=\"/typed\" {attributes}><Say>a</Say></Gather><Say>next</Say>");
        let mut call = started(&[("/voice", &document), ("/typed", "<Hangup/>")]).await;
        match act {
            Keys(keys) => call.press(keys, When::AfterWords).await.unwrap(),
            Hush => call.silence().await.unwrap(),
        }
        let typed = requests(&mut call).into_iter().find(|request| request.url.ends_with("/typed"));
        let sent = typed.as_ref().map(|request| {
            assert_eq!(request.param("msg"), Some("Gather End"));
            assert_eq!(request.param("CallStatus"), Some("in-progress"));
            format!("{}/{}", request.param("Digits").unwrap(), request.param("FinishedOnKey").unwrap())
        });
        assert_eq!(sent.as_deref(), expected, "{attributes}");
        assert_eq!(summary(&call).contains("next"), expected.is_none(), "{attributes}");
    }
}

#[tokio::test]
async fn the_first_request_rings_and_carries_what_a_provider_sends() {
    let mut call = started(&[("/voice", "<Redirect>/b</Redirect>"), ("/b", "<Hangup/>")]).await;
    let requests = requests(&mut call);
    let names: Vec<_> = requests[0].params.iter().map(|(name, _)| name.as_str()).collect();
    let expected = ["AccountSid", "ApiVersion", "CallSid", "CallStatus", "Called", "Caller", "Direction", "From", "To"];
    assert_eq!(names, expected);
    let status: Vec<_> = requests.iter().map(|request| request.param("CallStatus").unwrap()).collect();
    assert_eq!(status, ["ringing", "in-progress", "completed"]);
    assert!(requests.iter().all(|request| request.param("CallSid") == requests[0].param("CallSid")));
    assert_eq!(requests[0].param("Caller"), Some("+33639981234"));
    assert_eq!(requests[0].param("Called"), Some("+33123456789"));
    assert_eq!(requests[2].url, format!("{BASE}/status"));
    assert_eq!(call.last_request().unwrap().url, format!("{BASE}/b"));
    assert!(call.last_document().unwrap().contains("<Hangup/>"));
}

#[tokio::test]
async fn a_gather_without_action_asks_its_own_document_again() {
    let mut call = call(&[("/voice", "<Gather numDigits=\"1\"/>")]);
    call.dialling.entry = format!("{BASE}/voice?s=1");
    call.start().await.unwrap();
    call.press("1", When::AfterWords).await.unwrap();
    assert_eq!(call.last_request().unwrap().url, format!("{BASE}/voice?s=1"));
    assert_eq!(call.last_request().unwrap().param("Digits"), Some("1"));
}

#[tokio::test]
async fn relative_urls_and_get_are_followed() {
    let pages = [
        ("/voice", "<Redirect>deep/a?x=1</Redirect>"),
        ("/deep/a", "<Gather numDigits=\"1\" action=\"b?y=2\" method=\"GET\"><Play>c.wav</Play></Gather>"),
        ("/deep/b", "<Redirect method=\"GET\">../end</Redirect>"),
        ("/end", "<Hangup/>"),
    ];
    let mut call = call(&pages);
    call.transport.sounds.insert("/deep/c.wav".into(), second_of_sound("audio/wav"));
    call.start().await.unwrap();
    call.press("1", When::AfterWords).await.unwrap();
    let asked: Vec<_> = requests(&mut call).iter().map(|r| (r.method, r.url.replace(BASE, ""))).collect();
    let expected = [
        (Method::Post, "/voice"),
        (Method::Post, "/deep/a?x=1"),
        (Method::Get, "/deep/b?y=2"),
        (Method::Get, "/end"),
        (Method::Post, "/status"),
    ];
    assert_eq!(asked, expected.map(|(method, url)| (method, url.to_owned())));
    assert!(summary(&call).starts_with(&format!("play:{BASE}/deep/c.wav L 1")));
}

#[tokio::test]
async fn a_call_ends_in_one_of_four_ways_and_the_server_is_told() {
    for (document, ending, status) in [
        ("<Say>a</Say><Hangup/><Say>never</Say>", Ending::Line, "completed"),
        ("<Say>a</Say>", Ending::RanOut, "completed"),
        ("", Ending::RanOut, "completed"),
        ("<Reject/>", Ending::Rejected, "no-answer"),
        ("<Reject reason=\"busy\"/>", Ending::Rejected, "busy"),
    ] {
        let mut call = started(&[("/voice", document)]).await;
        assert_eq!(*call.wait(), Wait::Ended(ending), "{document}");
        let last = requests(&mut call).pop().unwrap();
        assert_eq!((last.url, last.params[3].1.as_str()), (format!("{BASE}/status"), status));
        assert!(!summary(&call).contains("never"), "{document}");
        assert!(call.press("1", When::AtOnce).await.is_err());
        assert!(call.silence().await.is_err() && call.hang_up().await.is_err() && call.start().await.is_err());
    }
    let mut call = started(&[("/voice", "<Gather><Say>a</Say></Gather><Hangup/>")]).await;
    call.hang_up().await.unwrap();
    assert_eq!(summary(&call), "a hangup:caller");
    assert_eq!(requests(&mut call).pop().unwrap().param("CallStatus"), Some("completed"));
}

#[tokio::test]
async fn a_transfer_reports_its_outcome_or_falls_through() {
    for (outcome, status, talked, seconds) in [
        (DialResult::Completed(60), "completed", Some("60"), 65.0),
        (DialResult::Busy, "busy", None, 2.0),
        (DialResult::NoAnswer, "no-answer", None, 25.0),
        (DialResult::Failed, "failed", None, 2.0),
        (DialResult::Canceled, "canceled", None, 25.0),
    ] {
        let dial =
            "<Dial action=\"/over\" timeout=\"25\" callerId=\"+33123456789\"><Number>+33972394050</Number></Dial>";
        let mut call = started(&[("/voice", dial), ("/over", "<Hangup/>")]).await;
        let Wait::Dial(dialled) = call.wait().clone() else { panic!() };
        assert_eq!((dialled.number().as_str(), dialled.timeout()), ("+33972394050", 25));
        assert_eq!(dialled.caller_id(), Some("+33123456789"));
        assert!(call.silence().await.is_err());
        call.press("9", When::AfterWords).await.unwrap();
        assert!(matches!(call.wait(), Wait::Dial(_)));
        call.dialled(outcome).await.unwrap();
        close(call.seconds(), seconds);
        let over = call.last_request().unwrap().clone();
        assert_eq!(over.param("DialCallStatus"), Some(status));
        assert_eq!(over.param("DialCallDuration"), talked);
        assert!(over.param("DialCallSid").is_some_and(|sid| sid.len() == 34));
        assert_eq!(over.param("Digits"), None);
    }
    let mut call = started(&[("/voice", "<Dial><Sip>sip:a@b.fr</Sip></Dial><Say>after</Say>")]).await;
    call.dialled(DialResult::Busy).await.unwrap();
    assert_eq!(summary(&call), "dial:busy after hangup:ran-out");
    let mut call = started(&[("/voice", "<Dial timeLimit=\"100\">+33972394050</Dial>")]).await;
    call.dialled(DialResult::Completed(500)).await.unwrap();
    close(call.seconds(), 105.0);
    let mut call = started(&[("/voice", "<Dial>+33972394050</Dial>")]).await;
    call.hang_up().await.unwrap();
    assert_eq!(summary(&call), "dial:canceled hangup:caller");
}

#[tokio::test]
async fn keys_cut_the_prompts_and_time_passes_as_it_would() {
    let document = "<Pause length=\"2\"/><Say>un</Say>\
        <Gather numDigits=\"2\" timeout=\"6\" action=\"/b\"><Say loop=\"2\">deux trois</Say><Pause/></Gather>";
    let pages = [("/voice", document), ("/b", "<Hangup/>")];
    let prompts = 4.0 * WORD + 1.0;
    for (keys, when, heard, seconds) in [
        ("12", When::AfterWords, "un deux trois deux trois L 1 2", prompts),
        ("1", When::AfterWords, "un deux trois deux trois L 1", prompts + 6.0),
        ("12", When::AtOnce, "un L 1 2", 0.0),
        ("1", When::AtOnce, "un L 1", 6.0),
    ] {
        let mut call = started(&pages).await;
        close(call.seconds(), 2.0 + WORD);
        assert_eq!(call.hearing().len(), 2);
        close(call.hearing()[1].at, 2.0 + 3.0 * WORD);
        call.press(keys, when).await.unwrap();
        close(call.seconds(), 2.0 + WORD + seconds);
        assert_eq!(summary(&call), format!("{heard} hangup:line"));
    }
    let mut call = started(&pages).await;
    call.silence().await.unwrap();
    close(call.seconds(), 2.0 + WORD + prompts + 6.0);
}

#[tokio::test]
async fn other_verbs_do_what_they_say() {
    let pages = [
        (
            "/voice",
            "<Sms>Le 3114</Sms><Play digits=\"w1\"/><Sms to=\"+33712345678\" action=\"/s\">Le 15</Sms><Say>never</Say>",
        ),
        ("/s", "<Say loop=\"3\">x</Say>"),
    ];
    let mut call = started(&pages).await;
    assert_eq!(summary(&call), "sms:+33639981234:Le 3114 sms:+33712345678:Le 15 x x x hangup:ran-out");
    assert_eq!(requests(&mut call)[1].param("SmsStatus"), Some("sent"));
}

#[tokio::test]
async fn a_call_that_never_ends_is_an_error() {
    let mut circle = call(&[("/voice", "<Redirect>/voice</Redirect>")]);
    assert!(matches!(circle.start().await, Err(PhoneError::TooManyWebhooks(600))));
    let mut endless = call(&[("/voice", "<Say loop=\"0\">x</Say>")]);
    assert!(matches!(endless.start().await, Err(PhoneError::Endless)));
    let mut nested = started(&[("/voice", "<Gather><Say loop=\"0\">x</Say></Gather>")]).await;
    assert!(matches!(nested.silence().await, Err(PhoneError::Endless)));
    nested.press("1", When::AfterWords).await.unwrap();
    assert_eq!(summary(&nested), "x L 1");
}

#[tokio::test]
async fn a_mistake_anywhere_in_a_document_stops_the_call() {
    for (document, expected) in [
        ("<Gather/><Sy>x</Sy>", "document of https://ivr.example.org/voice, line 2: unknown verb <Sy>"),
        ("<Hangup/><Pause length=\"x\"/>", "line 2: `length` of <Pause>"),
        ("<Redirect>/missing</Redirect>", "answer of https://ivr.example.org/missing: status 404"),
    ] {
        let error = call(&[("/voice", document)]).start().await.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[tokio::test]
async fn the_same_webhook_can_be_sent_again() {
    let mut call = started(&[("/voice", "<Gather numDigits=\"1\" action=\"/b\"/>"), ("/b", "<Gather/>")]).await;
    call.press("7", When::AfterWords).await.unwrap();
    let again = call.send_again().await.unwrap();
    assert_eq!(String::from_utf8(again.body).unwrap(), call.last_document().unwrap());
    let requests = requests(&mut call);
    assert_eq!(requests[1], requests[2]);
    assert!(matches!(call.wait(), Wait::Keys(_)));
}

#[tokio::test]
async fn only_keys_can_be_pressed() {
    for wrong in ["", "a", "1 2", "+"] {
        let mut call = started(&[("/voice", "<Gather/>")]).await;
        assert!(matches!(call.press(wrong, When::AfterWords).await, Err(PhoneError::Misuse(_))), "{wrong:?}");
    }
}

#[tokio::test]
async fn a_recording_is_fetched_and_lasts_as_long_as_it_is() {
    let pages =
        [("/voice", "<Play>/a.wav</Play><Gather numDigits=\"1\"><Play loop=\"2\">/a.wav</Play></Gather><Hangup/>")];
    let mut right = call(&pages);
    right.transport.sounds.insert("/a.wav".into(), second_of_sound("audio/wav"));
    right.start().await.unwrap();
    close(right.seconds(), 1.0);
    right.silence().await.unwrap();
    close(right.seconds(), 1.0 + 2.0 + 5.0);
    let cut = WebResponse { body: vec![1; 9], ..second_of_sound("audio/wav") };
    for (sound, complaint) in [
        (None, "status 404"),
        (Some(second_of_sound("audio/mpeg")), "the content type is `audio/mpeg`"),
        (Some(cut), "this is no WAV file"),
    ] {
        let mut wrong = call(&pages);
        wrong.transport.sounds.extend(sound.map(|sound| ("/a.wav".to_owned(), sound)));
        let error = wrong.start().await.unwrap_err().to_string();
        assert!(error.contains("/a.wav") && error.contains(complaint), "{error}");
    }
}
