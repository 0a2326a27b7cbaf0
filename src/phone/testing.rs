//! Helpers of this room's tests: a server in memory, and short forms of transcripts.

use std::collections::HashMap;

use super::{Call, Dialling, HeardWhat, PhoneError, Spoken, Transport, WebRequest, WebResponse, document, spoken};
use crate::call::wav;

pub(super) const BASE: &str = "https://ivr.example.org";

/// Serves documents by path (the query, if it stands in the key, counts), and remembers every request. `{n}` in a
/// document becomes the number of requests so far.
pub(super) struct Pages {
    documents: HashMap<String, String>,
    pub(super) requests: Vec<WebRequest>,
    /// Recordings by path; who fetches them is not remembered.
    pub(super) sounds: HashMap<String, WebResponse>,
}

impl Transport for Pages {
    async fn send(&mut self, request: &WebRequest) -> Result<WebResponse, PhoneError> {
        let path = request.url.strip_prefix(BASE).unwrap_or(&request.url);
        if let Some(sound) = self.sounds.get(path) {
            return Ok(sound.clone());
        }
        self.requests.push(request.clone());
        let short = path.split('?').next().unwrap();
        let document = self.documents.get(path).or_else(|| self.documents.get(short));
        let (status, inside) = document.map_or((404, "<Hangup/>"), |inside| (200, inside.as_str()));
        let inside = inside.replace("{n}", &self.requests.len().to_string());
        let body = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>{inside}</Response>").into_bytes();
        Ok(WebResponse { status, content_type: Some("text/xml; charset=utf-8".into()), body })
    }
}

/// A call whose first document is that of `/voice`, told of its end at `/status`.
pub(super) fn call(pages: &[(&str, &str)]) -> Call<Pages> {
    let mut documents: HashMap<_, _> =
        pages.iter().map(|(path, inside)| ((*path).to_owned(), (*inside).to_owned())).collect();
    documents.entry("/status".into()).or_default();
    let dialling = Dialling {
        status: Some(format!("{BASE}/status")),
        ..Dialling::new("+33639981234", "+33123456789", format!("{BASE}/voice"))
    };
    Call::new(Pages { documents, requests: Vec::new(), sounds: HashMap::new() }, dialling)
}

/// A second of sound, served as `kind`.
pub(super) fn second_of_sound(kind: &str) -> WebResponse {
    WebResponse { status: 200, content_type: Some(kind.into()), body: wav(1, 1, 8000, 16, 16_000) }
}

/// The transcript as words: texts as they are, `L` for a wait, keys, `hush`, `dial:busy`...
pub(super) fn summary<T: Transport>(call: &Call<T>) -> String {
    let words = call.transcript().iter().map(|heard| match &heard.what {
        HeardWhat::Say(spoken) => spoken.text().to_owned(),
        HeardWhat::Play { url, .. } => format!("play:{url}"),
        HeardWhat::Listen { .. } => "L".into(),
        HeardWhat::Press { key } => key.to_string(),
        HeardWhat::Silence { .. } => "hush".into(),
        HeardWhat::Whisper { number, spoken } => format!("whisper:{number}:{}", spoken.text()),
        HeardWhat::Dial { outcome, .. } => format!("dial:{outcome}"),
        HeardWhat::Sms { to, text } => format!("sms:{to}:{text}"),
        HeardWhat::Hangup { by } => format!("hangup:{}", by.as_str()),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// `text`, spoken in `lang`.
pub(super) fn spoken(lang: &str, text: &str) -> Spoken {
    let document = format!("<Response><Say language=\"{lang}\">{text}</Say></Response>");
    spoken::read(document::parse(document.as_bytes()).unwrap().elements().next().unwrap()).unwrap()
}
