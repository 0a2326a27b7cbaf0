//! The interpreter: one call, from wait to wait. Between two waits it asks for documents and performs their verbs.
//!
//! Fall-through is the provider's: a verb that asks for no document is followed by the next one, and a document that
//! runs out hangs up on the caller. Knows no clock (its seconds are estimates) and no wire (that is the transport).

use std::collections::{HashMap, VecDeque};

use super::{
    Answers, DialResult, Dialled, Dialling, Ending, Heard, HeardWhat, Listening, PhoneError, Transport, Wait,
    WebRequest,
    instructions::{Gather, Next, Sound, SoundKind, Verb},
    recording::{self, Fetched},
    request::{checked, resolved},
    semantics::News,
};
use crate::provider::Method;

/// More webhooks than any call that gets somewhere.
const MAX_WEBHOOKS: usize = 600;

/// A call in progress. Drive it with `start`, then with what its `wait` asks for.
pub struct Call<T> {
    pub(super) transport: T,
    pub(super) dialling: Dialling,
    pub(super) transcript: Vec<Heard>,
    pub(super) now: f64,
    webhooks: usize,
    pub(super) transfers: usize,
    /// The recordings that were fetched, by URL, and how long they last: a provider keeps them.
    recordings: HashMap<String, Fetched>,
    /// The URL of the current document.
    pub(super) url: String,
    /// What is left of it.
    verbs: VecDeque<Verb>,
    pub(super) wait: Wait,
    /// The webhooks that were answered with a document, and the documents.
    pub(super) answered: Vec<(WebRequest, String)>,
    /// What responders were given.
    pub(super) leg_documents: Vec<String>,
    pub(super) tell_time: Option<Box<dyn FnMut(f64) + Send>>,
    /// The caller hangs up while those who answer are being asked.
    pub(super) leaves_while_asked: bool,
}

impl<T: Transport> Call<T> {
    /// A call that is yet to be placed.
    pub fn new(transport: T, dialling: Dialling) -> Call<T> {
        Call {
            transport,
            url: String::new(),
            dialling,
            transcript: Vec::new(),
            now: 0.0,
            webhooks: 0,
            transfers: 0,
            recordings: HashMap::new(),
            verbs: VecDeque::new(),
            wait: Wait::Start,
            answered: Vec::new(),
            leg_documents: Vec::new(),
            tell_time: None,
            leaves_while_asked: false,
        }
    }

    /// Before each webhook `tell` is given the seconds since the call began, so that a server's clock can keep step.
    pub fn telling_time(mut self, tell: impl FnMut(f64) + Send + 'static) -> Call<T> {
        self.tell_time = Some(Box::new(tell));
        self
    }

    /// Places the call: plays until the first wait or the end.
    pub async fn start(&mut self) -> Result<(), PhoneError> {
        if self.wait != Wait::Start {
            return Err(PhoneError::Misuse("the call has already been placed".into()));
        }
        let first = Next { url: Some(self.dialling.entry.clone()), method: self.dialling.entry_method };
        self.fetch(&first, News::None).await?;
        self.go_on().await
    }

    /// What the call waits for now.
    pub fn wait(&self) -> &Wait {
        &self.wait
    }

    /// Hears the prompts and presses nothing until the `Gather` times out.
    pub async fn silence(&mut self) -> Result<(), PhoneError> {
        let Wait::Keys(Listening { gather }) = self.wait.clone() else {
            return Err(PhoneError::Misuse("the line does not wait for keys: silence changes nothing".into()));
        };
        if gather.sounds.iter().any(|sound| sound.times == 0) {
            return Err(PhoneError::Endless);
        }
        self.hear_prompts(&gather)?;
        self.listen(&gather);
        self.note(HeardWhat::Silence { seconds: gather.timeout });
        self.now += f64::from(gather.timeout);
        self.gathered(&gather, "", None).await
    }

    /// Ends the transfer in progress: those who ring do what `answers` says.
    pub async fn dialled(&mut self, answers: impl Into<Answers>) -> Result<(), PhoneError> {
        let Wait::Dial(Dialled { dial }) = self.wait.clone() else {
            return Err(PhoneError::Misuse("the line dials nobody".into()));
        };
        let answers = answers.into();
        if answers.leave_by_star() && !dial.star_leaves {
            return Err(PhoneError::Misuse("the star key leaves nobody here: <Dial> has no hangupOnStar".into()));
        }
        self.note_dial(answers.clone());
        let ended = self.ring(&dial, &answers).await?;
        self.now += ended.seconds;
        if let Some(action) = &dial.action {
            let news = News::Dialled { status: ended.status, sid: &ended.sid, talk: ended.talk };
            self.fetch(action, news).await?;
        }
        self.go_on().await
    }

    /// The caller hears what is being said, then hangs up.
    pub async fn hang_up(&mut self) -> Result<(), PhoneError> {
        match self.wait.clone() {
            Wait::Keys(listening) => self.hear_prompts(&listening.gather)?,
            Wait::Dial(_) => self.note_dial(DialResult::Canceled.into()),
            Wait::Start | Wait::Ended(_) => return Err(PhoneError::Misuse("nobody is on the line".into())),
        }
        self.end(Ending::Caller, "completed").await
    }

    /// Everything so far, in order. What a wait is about is not in it before the wait is over: see [`Call::hearing`].
    pub fn transcript(&self) -> &[Heard] {
        &self.transcript
    }

    /// The prompts of the present wait, as they are heard if no key cuts them.
    pub fn hearing(&self) -> Vec<Heard> {
        match &self.wait {
            Wait::Keys(listening) => self.timed(&listening.gather.sounds).0,
            _ => Vec::new(),
        }
    }

    /// Seconds since the start of the call, the prompts of the present wait not counted.
    pub fn seconds(&self) -> f64 {
        self.now
    }

    /// The last webhook that asked for a document.
    pub fn last_request(&self) -> Option<&WebRequest> {
        self.answered.last().map(|(request, _)| request)
    }

    /// The last document.
    pub fn last_document(&self) -> Option<&str> {
        self.answered.last().map(|(_, document)| document.as_str())
    }

    /// The transport, for tests that look at what it saw.
    pub fn transport(&mut self) -> &mut T {
        &mut self.transport
    }

    async fn go_on(&mut self) -> Result<(), PhoneError> {
        while let Some(verb) = self.verbs.pop_front() {
            match verb {
                Verb::Sound(sound) => self.hear(std::slice::from_ref(&sound))?,
                Verb::Gather(gather) => {
                    self.wait = Wait::Keys(Listening { gather });
                    return Ok(());
                }
                Verb::Dial(dial) => {
                    self.wait = Wait::Dial(Dialled { dial });
                    return Ok(());
                }
                Verb::Sms { to, text, action } => {
                    let to = to.unwrap_or_else(|| self.dialling.from.clone());
                    self.note(HeardWhat::Sms { to, text });
                    if let Some(action) = action {
                        let sid = format!("SM{:032x}", self.webhooks);
                        self.fetch(&action, News::Sms { sid: &sid }).await?;
                    }
                }
                Verb::Redirect(next) => {
                    self.now += self.dialling.semantics.redirect_seconds;
                    self.fetch(&next, News::None).await?;
                }
                Verb::Hangup => return self.end(Ending::Line, "completed").await,
                Verb::Reject { busy } => {
                    return self.end(Ending::Rejected, if busy { "busy" } else { "no-answer" }).await;
                }
            }
        }
        self.end(Ending::RanOut, "completed").await
    }

    pub(super) async fn gathered(
        &mut self,
        gather: &Gather,
        digits: &str,
        finished: Option<char>,
    ) -> Result<(), PhoneError> {
        if !digits.is_empty() || gather.on_empty {
            self.fetch(&gather.action, News::Keys { digits, closing: finished }).await?;
        }
        self.go_on().await
    }

    async fn fetch(&mut self, next: &Next, news: News<'_>) -> Result<(), PhoneError> {
        if self.webhooks >= MAX_WEBHOOKS {
            return Err(PhoneError::TooManyWebhooks(self.webhooks));
        }
        let url = match &next.url {
            Some(url) => resolved(&self.url, url)?,
            None => self.url.clone(),
        };
        if let Some(tell) = &mut self.tell_time {
            tell(self.now);
        }
        let status = if self.webhooks == 0 { "ringing" } else { "in-progress" };
        self.webhooks += 1;
        let request = self.dialling.request(url.clone(), next.method, status, news);
        let response = self.transport.send(&request).await?;
        let body = checked(&url, &response)?;
        self.answered.push((request, String::from_utf8_lossy(body).into_owned()));
        let verbs = (self.dialling.semantics.read)(body, self.dialling.short_numbers)
            .map_err(|wrong| PhoneError::Document { url: url.clone(), line: wrong.line, message: wrong.message })?;
        self.url = url;
        self.verbs = verbs.into();
        self.fetch_recordings().await
    }

    /// All that the document plays, before its first verb is performed: what can't be played is found, too.
    async fn fetch_recordings(&mut self) -> Result<(), PhoneError> {
        for sound in self.verbs.iter_mut().flat_map(Verb::sounds_mut) {
            let SoundKind::Play { url, seconds } = &mut sound.kind else { continue };
            *url = resolved(&self.url, url)?;
            let fetched = match self.recordings.get(url) {
                Some(known) => *known,
                None => recording::fetch(&mut self.transport, url).await?,
            };
            self.recordings.insert(url.clone(), fetched);
            *seconds = fetched.seconds;
            if fetched.silent {
                sound.kind = SoundKind::Pause { seconds: fetched.seconds };
            }
        }
        Ok(())
    }

    pub(super) async fn end(&mut self, ending: Ending, status: &str) -> Result<(), PhoneError> {
        self.note(HeardWhat::Hangup { by: ending });
        self.wait = Wait::Ended(ending);
        self.verbs.clear();
        let Some(url) = self.dialling.status.clone() else { return Ok(()) };
        let request = self.dialling.request(url, Method::Post, status, News::Over { seconds: self.now });
        let response = self.transport.send(&request).await?;
        match response.status {
            200..=299 => Ok(()),
            other => {
                Err(PhoneError::Answer { url: request.url, message: format!("status {other} to the end of a call") })
            }
        }
    }

    pub(super) fn hear_prompts(&mut self, gather: &Gather) -> Result<(), PhoneError> {
        // A prompt without end is heard once before a key cuts it.
        let once = |sound: &Sound| Sound { times: sound.times.max(1), ..sound.clone() };
        let sounds: Vec<_> = gather.sounds.iter().map(once).collect();
        self.hear(&sounds)
    }

    fn hear(&mut self, sounds: &[Sound]) -> Result<(), PhoneError> {
        if sounds.iter().any(|sound| sound.times == 0) {
            return Err(PhoneError::Endless);
        }
        let (heard, end) = self.timed(sounds);
        self.transcript.extend(heard);
        self.now = end;
        Ok(())
    }

    /// The sounds from now on, and the second at which they end.
    fn timed(&self, sounds: &[Sound]) -> (Vec<Heard>, f64) {
        let mut at = self.now;
        let mut heard = Vec::new();
        for sound in sounds {
            for _ in 0..sound.times.max(1) {
                match &sound.kind {
                    SoundKind::Say(spoken) => heard.push(Heard { at, what: HeardWhat::Say(spoken.clone()) }),
                    SoundKind::Play { url, seconds } => {
                        heard.push(Heard { at, what: HeardWhat::Play { url: url.clone(), seconds: *seconds } });
                    }
                    SoundKind::Tones { .. } | SoundKind::Pause { .. } => {}
                }
                at += sound.kind.seconds();
            }
        }
        (heard, at)
    }

    pub(super) fn listen(&mut self, gather: &Gather) {
        self.note(HeardWhat::Listen { timeout: gather.timeout, num_digits: gather.num_digits });
    }

    pub(super) fn note_dial(&mut self, outcome: Answers) {
        if let Wait::Dial(dialled) = &self.wait {
            let caller_id = dialled.caller_id().map(str::to_owned);
            self.note(HeardWhat::Dial { number: dialled.number(), outcome, caller_id });
        }
    }

    pub(super) fn note(&mut self, what: HeardWhat) {
        self.note_at(self.now, what);
    }

    pub(super) fn note_at(&mut self, at: f64, what: HeardWhat) {
        self.transcript.push(Heard { at, what });
    }
}

#[cfg(test)]
#[path = "call_tests.rs"]
mod tests;
