//! Typical callers: what the simulated telephone does in whole calls, kept so that it can be done again fast, by others.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use allo_cmp::phone::{
    Call, Dialling, HttpTransport, PhoneError, Script, Transport, WebRequest, WebResponse, run_script,
};

use super::{Plan, server};
use crate::{
    common::{AUTH_TOKEN, CALLER, OURS, PUBLIC_URL},
    server::Server,
};

/// Who they are, the keys of a whole call, and what becomes of the lines that are dialled.
const TYPICAL: [(&str, &str, &str); 5] = [
    ("asks how a first visit goes, and hears it to the end", "1 2 _ _ _ _", ""),
    ("asks what a CMP is, then the numbers", "1 4 _ 0 2 _", ""),
    ("talks with a listener for ten minutes", "1 9 1 _", "completed:600"),
    ("never presses a key; three lines don't answer", "_ _ _", "no-answer,busy,no-answer"),
    ("presses a key as soon as the words begin, all the time", "!1 !2 !0 !1 !0 !2 !0 !3 !0 !4 !0 !7 !9 !2", ""),
];

/// A whole call.
pub(crate) struct Caller {
    pub(crate) name: &'static str,
    pub(crate) seconds: f64,
    pub(crate) steps: Vec<Step>,
}

/// One webhook of it.
pub(crate) struct Step {
    /// Which of the URLs in the answer before it goes to; a path where that has none of the kind.
    pub(crate) to: Result<usize, String>,
    /// Its parameters, without the call's id.
    pub(crate) params: Vec<(String, String)>,
}

/// Our URLs in a document, as they are asked for.
pub(crate) fn urls(document: &str) -> impl Iterator<Item = String> {
    let ends = |c: char| matches!(c, '"' | '<' | ' ');
    document.split(PUBLIC_URL).skip(1).map(move |rest| rest.split(ends).next().unwrap_or("").replace("&amp;", "&"))
}

type Kept = Arc<Mutex<Vec<(WebRequest, String)>>>;

/// Keeps what goes by.
struct Keeping(HttpTransport, Kept);

impl Transport for Keeping {
    async fn send(&mut self, request: &WebRequest) -> Result<WebResponse, PhoneError> {
        let answer = self.0.send(request).await?;
        let document = String::from_utf8_lossy(&answer.body).into_owned();
        self.1.lock().unwrap().push((request.clone(), document));
        Ok(answer)
    }
}

impl Caller {
    /// Each of them calls once.
    pub(crate) fn typical(plan: &Plan, folder: &Path) -> Vec<Caller> {
        let (server, _) = Server::start("none", plan, folder);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let callers = TYPICAL.map(|(name, keys, dial)| {
            let (seconds, kept) = runtime.block_on(call(&server, keys, dial));
            Caller { name, seconds, steps: steps(&kept) }
        });
        server.stop();
        callers.into()
    }

    /// How many webhooks a minute one such call costs.
    pub(crate) fn a_minute(&self) -> f64 {
        self.steps.len() as f64 * 60.0 / self.seconds
    }
}

async fn call(server: &Server, keys: &str, dial: &str) -> (f64, Vec<(WebRequest, String)>) {
    let kept = Kept::default();
    let http = HttpTransport::new(AUTH_TOKEN, PUBLIC_URL, &format!("http://{}", server.address)).unwrap();
    let mut dialling = Dialling::new(CALLER, OURS, format!("{PUBLIC_URL}/twilio/voice"));
    dialling.call_sid = server::sid(0);
    dialling.status = Some(format!("{PUBLIC_URL}/twilio/status"));
    let mut call = Call::new(Keeping(http, kept.clone()), dialling);
    let script = Script { hang_up_at_end: true, ..Script::parse(keys, dial).unwrap() };
    run_script(&mut call, &script).await.unwrap();
    let seconds = call.seconds();
    drop(call);
    let kept = std::mem::take(&mut *kept.lock().unwrap());
    (seconds, kept)
}

fn steps(kept: &[(WebRequest, String)]) -> Vec<Step> {
    let mut before = "";
    let mut steps = Vec::new();
    for (request, document) in kept {
        let path = request.url.strip_prefix(PUBLIC_URL).unwrap();
        let to = urls(before).position(|url| url == path).ok_or_else(|| path.to_owned());
        assert!(to.is_ok() || !path.contains("s="), "{path} is not in {before}");
        let params = request.params.iter().filter(|(name, _)| name != "CallSid").cloned().collect();
        steps.push(Step { to, params });
        before = document;
    }
    steps
}
