//! What does not come in its turn: webhooks that are sent again, status callbacks that come late, twice or too early, and
//! a caller who hangs up in the middle of a transfer.
//!
//! None of it moves the call. Whether a provider tells the end of a transfer once the caller has gone is not written in its
//! documents; the harder case is taken: it is told, and nobody hears the answer.

use super::{
    Answers, Call, Dialled, Ending, PhoneError, Transport, Wait, WebRequest, WebResponse,
    instructions::Dial,
    request::{checked, resolved},
    semantics::{Answered, News, Webhook},
};
use crate::provider::Method;

/// When a caller hangs up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HangUp {
    /// Now: after the words, or while it rings.
    Now,
    /// While whoever answers is being asked; their key comes too late.
    WhileAsked,
    /// In the middle of the conversation.
    WhileTalking,
}

/// Of whose call a status callback tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Whose {
    /// The caller's.
    #[default]
    Caller,
    /// That of the telephone that was dialled last.
    Responder,
}

impl<T: Transport> Call<T> {
    /// Sends the last webhook once more, byte for byte, as providers do after a time-out. The call does not move.
    pub async fn send_again(&mut self) -> Result<WebResponse, PhoneError> {
        self.replay(0).await.map(|(response, _)| response)
    }

    /// Sends the webhook of so many documents ago once more, those of responders counted too. Its answer now, and then.
    pub async fn replay(&mut self, ago: usize) -> Result<(WebResponse, String), PhoneError> {
        let Some((request, document)) = self.answered.iter().rev().nth(ago).cloned() else {
            return Err(PhoneError::Misuse("so many webhooks have not been sent yet".into()));
        };
        let response = self.transport.send(&request).await?;
        checked(&request.url, &response)?;
        Ok((response, document))
    }

    /// Tells `status` of a call, where nobody asked for it.
    pub async fn tell_status(&mut self, whose: Whose, status: &str) -> Result<(), PhoneError> {
        let Some(url) = self.dialling.status.clone() else {
            return Err(PhoneError::Misuse("nobody is told of the end of this call".into()));
        };
        let sid = self.sid_of_leg();
        let leg = (whose == Whose::Responder).then_some(Answered {
            sid: &sid,
            number: &self.dialling.from,
            shown: &self.dialling.to,
        });
        let webhook = Webhook { dialling: &self.dialling, leg, status, news: News::Over { seconds: 60.0 } };
        let params = (self.dialling.semantics.params)(&webhook);
        let request = WebRequest { method: Method::Post, url, params };
        let response = self.transport.send(&request).await?;
        match response.status {
            200..=299 => Ok(()),
            other => Err(PhoneError::Answer { url: request.url, message: format!("status {other} to a status") }),
        }
    }

    /// The caller hangs up in a transfer in which those who ring do what `answers` says. Whether somebody was connected.
    pub async fn hang_up_in_transfer(
        &mut self,
        answers: impl Into<Answers>,
        moment: HangUp,
    ) -> Result<bool, PhoneError> {
        let Wait::Dial(Dialled { dial }) = self.wait().clone() else {
            return Err(PhoneError::Misuse("the line dials nobody".into()));
        };
        let answers = answers.into();
        self.note_dial(answers.clone());
        self.leaves_while_asked = moment == HangUp::WhileAsked;
        let ended = self.ring(&dial, &answers).await?;
        self.now += ended.seconds;
        if moment == HangUp::WhileTalking {
            self.tell_gone(&dial, ended.status, ended.talk.or(Some(0))).await?;
        }
        self.end(Ending::Caller, "completed").await?;
        Ok(ended.talk.is_some())
    }

    /// The end of a transfer whose caller has gone: it must be answered, though nobody hears it.
    pub(super) async fn tell_gone(&mut self, dial: &Dial, status: &str, talk: Option<u32>) -> Result<(), PhoneError> {
        let Some(action) = &dial.action else { return Ok(()) };
        let url = match (&action.url, self.last_request()) {
            (Some(url), Some(last)) => resolved(&last.url, url)?,
            _ => return Ok(()),
        };
        let news = News::Dialled { status, sid: "", talk };
        let request = self.dialling.request(url.clone(), action.method, "completed", news);
        let response = self.transport.send(&request).await?;
        let body = checked(&url, &response)?;
        let document = (self.dialling.semantics.read)(body, self.dialling.short_numbers);
        document.map_err(|wrong| PhoneError::Document { url, line: wrong.line, message: wrong.message })?;
        self.answered.push((request, String::from_utf8_lossy(body).into_owned()));
        Ok(())
    }
}
