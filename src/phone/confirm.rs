//! The other side of a `Dial` where the provider itself asks whoever answers: it plays our words, waits for one key, and
//! tells beside the way who answered, who was connected and who is gone.
//!
//! Where the provider's documents leave it open, the harder case is taken: somebody who answered and did not press the key
//! has "completed" the `Dial` all the same.

use super::{
    Answers, Call, DialResult, PhoneError, Transport, WebRequest,
    instructions::{Confirm, Dial, Verb},
    legs::{Ended, Leg, status},
    outcome::ANSWER_SECONDS,
    request::resolved,
    semantics::{Answered, News, Webhook},
};

/// The key of a responder who takes the call.
const THEIR_KEY: char = '1';

impl<T: Transport> Call<T> {
    /// Everyone who rings does what `answers` says.
    pub(super) async fn confirm(
        &mut self,
        dial: &Dial,
        confirm: &Confirm,
        answers: &Answers,
    ) -> Result<Ended, PhoneError> {
        let began = self.now;
        let answered = began + f64::from(ANSWER_SECONDS.min(dial.timeout));
        let mut last = began;
        let mut legs = Vec::new();
        for (position, target) in dial.targets.iter().enumerate() {
            let result = answers.of(position);
            self.transfers += 1;
            if result.is_answered() {
                legs.push(Leg::new(self.sid_of_leg(), &target.address, result, answered));
            } else {
                last = last.max(began + f64::from(result.seconds(dial.timeout)));
            }
        }
        for leg in &mut legs {
            self.tell(leg, confirm, dial, "answer").await?;
            self.leg_document(leg, &confirm.sound, dial, News::None).await?;
            for verb in std::mem::take(&mut leg.verbs) {
                let Verb::Sound(sound) = verb else {
                    let message = "the sound of a confirmation can only speak, play and wait".to_owned();
                    return Err(PhoneError::Document { url: leg.url.clone(), line: 1, message });
                };
                self.overheard(leg, std::slice::from_ref(&sound));
            }
        }
        if self.leaves_while_asked {
            self.tell_gone(dial, "canceled", None).await?;
        }
        let mut talk = None;
        for leg in &mut legs {
            match leg.result {
                DialResult::Accepted(seconds) | DialResult::Completed(seconds) | DialResult::Starred(seconds)
                    if talk.is_none() && confirm.key == THEIR_KEY && !self.leaves_while_asked =>
                {
                    let seconds = seconds.min(dial.time_limit);
                    self.tell(leg, confirm, dial, "connected").await?;
                    talk = Some((leg.sid.clone(), seconds));
                    // Whoever else rings is let go.
                    last = leg.at + f64::from(seconds);
                }
                // Whoever refuses hangs up.
                DialResult::Refused | DialResult::HungUp => last = last.max(leg.at),
                _ if talk.is_none() => last = last.max(answered + f64::from(confirm.seconds)),
                _ => {}
            }
        }
        for leg in &legs {
            self.tell(leg, confirm, dial, "hangup").await?;
        }
        let first = legs.first().map(|leg| leg.sid.clone());
        let (sid, talk) = talk.unzip();
        let sid = sid.or(first).unwrap_or_default();
        Ok(Ended { status: status(dial, answers, !legs.is_empty()), sid, talk, seconds: last - began })
    }

    /// Tells whoever is to be told; the answer is not performed.
    async fn tell(&mut self, leg: &Leg, confirm: &Confirm, dial: &Dial, action: &str) -> Result<(), PhoneError> {
        let Some(told) = &confirm.told else { return Ok(()) };
        let url = resolved(&self.url, told.url.as_deref().unwrap_or(&self.url))?;
        let shown = dial.caller_id.clone().unwrap_or_else(|| self.dialling.to.clone());
        let answered = Answered { sid: &leg.sid, number: &leg.number, shown: &shown };
        let news = News::Bridge { action };
        let webhook = Webhook { dialling: &self.dialling, leg: Some(answered), status: "in-progress", news };
        let params = (self.dialling.semantics.params)(&webhook);
        let request = WebRequest { method: told.method, url, params };
        let response = self.transport.send(&request).await?;
        match response.status {
            200..=299 => Ok(()),
            other => {
                Err(PhoneError::Answer { url: request.url, message: format!("status {other} to what a Dial tells") })
            }
        }
    }
}
