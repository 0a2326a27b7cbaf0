//! The other side of a `Dial`: whoever answers where the line asks for it (`<Number url>`), each under a call of their own.
//!
//! They hear the whisper and press what their outcome says. Where the provider's documents leave it open, the harder case
//! is taken: a leg that was answered and not accepted is "completed" all the same, and nothing is said of a bridge.

use std::collections::VecDeque;

use super::{
    Call, DialResult, HeardWhat, PhoneError, Transport, WebRequest,
    instructions::{Dial, Gather, Next, Sound, SoundKind, Verb},
    outcome::{ANSWER_SECONDS, Answers},
    request::{checked, resolved},
    semantics::{Answered, News, Webhook},
};

/// More documents than any whisper has.
const MAX_DOCUMENTS: usize = 8;

/// How a `Dial` ended.
pub(super) struct Ended {
    /// `DialCallStatus`.
    pub(super) status: &'static str,
    /// `DialCallSid`.
    pub(super) sid: String,
    /// Seconds of talk, where there was one.
    pub(super) talk: Option<u32>,
    /// Seconds from the dialling to its end.
    pub(super) seconds: f64,
}

/// One telephone that was answered.
pub(super) struct Leg {
    pub(super) sid: String,
    pub(super) number: String,
    pub(super) result: DialResult,
    pub(super) url: String,
    pub(super) verbs: VecDeque<Verb>,
    pub(super) at: f64,
    documents: usize,
}

impl Leg {
    /// The telephone `number` is answered at second `at` by somebody who does `result`.
    pub(super) fn new(sid: String, number: &str, result: DialResult, at: f64) -> Leg {
        let (number, url, verbs) = (number.to_owned(), String::new(), VecDeque::new());
        Leg { sid, number, result, url, verbs, at, documents: 0 }
    }
}

/// What the provider says of a `Dial` in which somebody answered, or nobody.
pub(super) fn status(dial: &Dial, answers: &Answers, answered: bool) -> &'static str {
    let any = |wanted: &str| (0..dial.targets.len()).any(|position| answers.of(position).network() == wanted);
    match answered {
        true => "completed",
        false => ["no-answer", "busy", "failed"].into_iter().find(|word| any(word)).unwrap_or("canceled"),
    }
}

/// Where a leg stands.
enum Stand {
    Asked(Gather),
    Connected,
    HungUp,
}

impl<T: Transport> Call<T> {
    /// Everyone who rings does what `answers` says.
    pub(super) async fn ring(&mut self, dial: &Dial, answers: &Answers) -> Result<Ended, PhoneError> {
        if let Some(confirm) = &dial.confirm {
            return self.confirm(dial, confirm, answers).await;
        }
        let began = self.now;
        let mut legs = Vec::new();
        let mut last = began;
        let mut talk = None;
        for (position, target) in dial.targets.iter().enumerate() {
            let result = answers.of(position);
            self.transfers += 1;
            let sid = self.sid_of_leg();
            match &target.whisper {
                Some(whisper) if result.is_answered() => {
                    let at = began + f64::from(ANSWER_SECONDS.min(dial.timeout));
                    legs.push((Leg::new(sid, &target.address, result, at), whisper.clone()));
                }
                _ => match result.talk() {
                    Some(seconds) if talk.is_none() => {
                        let seconds = seconds.min(dial.time_limit);
                        last = last.max(began + f64::from(ANSWER_SECONDS.min(dial.timeout) + seconds));
                        talk = Some((sid, seconds));
                    }
                    _ => last = last.max(began + f64::from(result.seconds(dial.timeout))),
                },
            }
        }
        // All of them hear the whisper before the first one decides: so two may accept at once.
        let mut stands = Vec::new();
        for (leg, whisper) in &mut legs {
            stands.push(self.whisper(leg, whisper, dial, News::None).await?);
        }
        if self.leaves_while_asked {
            self.tell_gone(dial, "canceled", None).await?;
        }
        for ((leg, _), stand) in legs.iter_mut().zip(stands) {
            let connected = self.decide(leg, stand, dial).await?;
            if connected && talk.is_none() {
                let seconds = leg.result.talk().unwrap_or(1).min(dial.time_limit);
                talk = Some((leg.sid.clone(), seconds));
                // Whoever else rings is let go.
                last = leg.at + f64::from(seconds);
            } else {
                last = last.max(leg.at);
            }
        }
        let status = status(dial, answers, talk.is_some() || !legs.is_empty());
        let first = legs.first().map(|(leg, _)| leg.sid.clone());
        let (sid, talk) = talk.unzip();
        let sid = sid.or(first).unwrap_or_else(|| self.sid_of_leg());
        Ok(Ended { status, sid, talk, seconds: last - began })
    }

    /// Asks for the next document of a leg and plays it until something is awaited.
    async fn whisper(&mut self, leg: &mut Leg, next: &Next, dial: &Dial, news: News<'_>) -> Result<Stand, PhoneError> {
        self.leg_document(leg, next, dial, news).await?;
        loop {
            match leg.verbs.pop_front() {
                None => return Ok(Stand::Connected),
                Some(Verb::Hangup | Verb::Reject { .. }) => return Ok(Stand::HungUp),
                Some(Verb::Sound(sound)) => self.overheard(leg, std::slice::from_ref(&sound)),
                Some(Verb::Redirect(next)) => self.leg_document(leg, &next, dial, News::None).await?,
                Some(Verb::Gather(gather)) => return Ok(Stand::Asked(gather)),
                Some(Verb::Dial(_) | Verb::Sms { .. }) => {
                    let message = "a whisper can't dial or send a message".to_owned();
                    return Err(PhoneError::Document { url: leg.url.clone(), line: 1, message });
                }
            }
        }
    }

    /// The responder does what they do until they are connected, or gone.
    async fn decide(&mut self, leg: &mut Leg, mut stand: Stand, dial: &Dial) -> Result<bool, PhoneError> {
        loop {
            let gather = match stand {
                Stand::Connected => return Ok(true),
                Stand::HungUp => return Ok(false),
                Stand::Asked(gather) => gather,
            };
            self.overheard(leg, &gather.sounds);
            let digits = match leg.result {
                DialResult::HungUp => {
                    // The provider tells the end of a leg to nobody who did not ask for it.
                    return Ok(false);
                }
                DialResult::Accepted(_) | DialResult::Completed(_) | DialResult::Starred(_) => "1",
                DialResult::Refused => "2",
                _ => {
                    leg.at += f64::from(gather.timeout);
                    ""
                }
            };
            if digits.is_empty() && !gather.on_empty {
                stand = match leg.verbs.pop_front() {
                    Some(Verb::Redirect(next)) => self.whisper(leg, &next, dial, News::None).await?,
                    Some(Verb::Hangup) => Stand::HungUp,
                    _ => Stand::Connected,
                };
            } else {
                let news = News::Keys { digits, closing: None };
                stand = self.whisper(leg, &gather.action, dial, news).await?;
            }
        }
    }

    /// Asks for a document of a leg.
    pub(super) async fn leg_document(
        &mut self,
        leg: &mut Leg,
        next: &Next,
        dial: &Dial,
        news: News<'_>,
    ) -> Result<(), PhoneError> {
        leg.documents += 1;
        if leg.documents > MAX_DOCUMENTS {
            return Err(PhoneError::TooManyWebhooks(leg.documents));
        }
        let base = if leg.url.is_empty() { &self.url } else { &leg.url };
        let url = resolved(base, next.url.as_deref().unwrap_or(base))?;
        if let Some(tell) = &mut self.tell_time {
            tell(leg.at);
        }
        let shown = dial.caller_id.clone().unwrap_or_else(|| self.dialling.to.clone());
        let answered = Answered { sid: &leg.sid, number: &leg.number, shown: &shown };
        let webhook = Webhook { dialling: &self.dialling, leg: Some(answered), status: "in-progress", news };
        let params = (self.dialling.semantics.params)(&webhook);
        let request = WebRequest { method: next.method, url: url.clone(), params };
        let response = self.transport.send(&request).await?;
        let body = checked(&url, &response)?;
        let verbs = (self.dialling.semantics.read)(body, self.dialling.short_numbers)
            .map_err(|wrong| PhoneError::Document { url: url.clone(), line: wrong.line, message: wrong.message })?;
        let document = String::from_utf8_lossy(body).into_owned();
        self.leg_documents.push(document.clone());
        self.answered.push((request, document));
        leg.url = url;
        leg.verbs = verbs.into();
        Ok(())
    }

    /// The provider's id of the call to the last of those who rang.
    pub(super) fn sid_of_leg(&self) -> String {
        (self.dialling.semantics.sid)(0xd1a1_0000 + self.transfers as u128)
    }

    /// What the responder hears; the caller does not.
    pub(super) fn overheard(&mut self, leg: &mut Leg, sounds: &[Sound]) {
        for sound in sounds {
            if let SoundKind::Say(spoken) = &sound.kind {
                let what = HeardWhat::Whisper { number: leg.number.clone(), spoken: spoken.clone() };
                self.note_at(leg.at, what);
            }
            leg.at += sound.kind.seconds();
        }
    }

    /// Every document that responders were given, in order.
    pub fn leg_documents(&self) -> &[String] {
        &self.leg_documents
    }
}

#[cfg(test)]
mod tests {
    use crate::phone::{
        HeardWhat, Wait,
        outcome::Answers,
        testing::{call, summary},
    };

    const VOICE: &str = "<Dial action=\"/after\"><Number url=\"/leg?n=1\">+33199000001</Number>\
        <Number url=\"/leg?n=2\">+33199000002</Number></Dial>";
    const LEG: &str = "<Gather numDigits=\"1\" finishOnKey=\"\" timeout=\"8\" action=\"/key\" \
        actionOnEmptyResult=\"true\"><Say>a call</Say></Gather><Hangup/>";

    async fn run(answers: &str, key: &str) -> (String, Vec<(String, String)>) {
        let mut call = call(&[("/voice", VOICE), ("/leg", LEG), ("/key", key), ("/after", "<Hangup/>")]);
        call.start().await.unwrap();
        assert!(matches!(call.wait(), Wait::Dial(_)));
        call.dialled(answers.parse::<Answers>().unwrap()).await.unwrap();
        let heard = summary(&call);
        let pages = call.transport();
        let after = pages.requests.iter().find(|request| request.url.ends_with("/after")).unwrap();
        let told =
            ["DialCallStatus", "DialCallDuration"].iter().filter_map(|name| after.param(name)).collect::<Vec<_>>();
        let legs = pages.requests.iter().filter(|request| request.url.contains("/leg") || request.url.contains("/key"));
        let legs = legs.map(|request| {
            (request.param("To").unwrap().to_owned(), request.param("Digits").unwrap_or("-").to_owned())
        });
        (format!("{heard} {}", told.join(",")), legs.collect())
    }

    #[tokio::test]
    async fn each_responder_does_what_is_said_of_them() {
        let (one, two) = ("+33199000001", "+33199000002");
        let said = |number: &str| format!("whisper:{number}:a call");
        for (answers, key, legs, whispers, told) in [
            (
                "accepted:60",
                "<Say>ok</Say>",
                vec![(one, "-"), (one, "1")],
                format!("{} whisper:{one}:ok", said(one)),
                "completed,60",
            ),
            ("refused", "<Hangup/>", vec![(one, "-"), (one, "2")], said(one), "completed"),
            ("voicemail", "<Hangup/>", vec![(one, "-"), (one, "")], said(one), "completed"),
            ("hung-up", "<Hangup/>", vec![(one, "-")], said(one), "completed"),
            ("busy+refused", "<Hangup/>", vec![(two, "-"), (two, "2")], said(two), "completed"),
            ("failed+busy", "", vec![], String::new(), "busy"),
            (
                "accepted+accepted:7",
                "<Hangup/>",
                vec![(one, "-"), (two, "-"), (one, "1"), (two, "1")],
                format!("{} {}", said(one), said(two)),
                "completed",
            ),
        ] {
            let (heard, asked) = run(answers, key).await;
            let legs: Vec<_> = legs.iter().map(|(to, digits)| ((*to).to_owned(), (*digits).to_owned())).collect();
            assert_eq!(asked, legs, "{answers}");
            let expected =
                format!("dial:{} {whispers} hangup:line {told}", answers.replace(":60", "").replace(":7", ""));
            assert_eq!(heard.split_whitespace().collect::<Vec<_>>(), expected.split_whitespace().collect::<Vec<_>>());
        }
    }

    #[tokio::test]
    async fn where_nobody_is_asked_a_voicemail_is_taken_for_a_person() {
        for (answers, status) in
            [("voicemail", "completed"), ("refused", "busy"), ("accepted:9", "completed"), ("hung-up", "completed")]
        {
            let mut call = call(&[("/voice", "<Dial action=\"/after\">+33199000001</Dial>"), ("/after", "<Hangup/>")]);
            call.start().await.unwrap();
            call.dialled(answers.parse::<Answers>().unwrap()).await.unwrap();
            assert_eq!(call.transport().requests[1].param("DialCallStatus"), Some(status), "{answers}");
            assert!(!call.transcript().iter().any(|heard| matches!(heard.what, HeardWhat::Whisper { .. })));
        }
    }
}
