//! The server that runs, asked in both ways: where it listens, and through its public URL.
//!
//! What is wrong at the listener is said there, once; through the public URL only what it believes is tried again, so that what is
//! then refused was changed on the way.

use std::path::Path;

use super::{
    Only, Report,
    exchange::{Answer, Way},
    forms, words,
};
use crate::{
    call::CallKey,
    cli::{
        exchange::{listener, trust_for},
        providers,
    },
    config::{PublicUrl, Settings},
    http::{Clock, SystemClock},
    phone::{Semantics, Signed, Signer, WebRequest},
    provider::Method,
    tls::SOON,
};

/// Seconds between two clocks that are worth a word, and those that Telnyx' signatures allow.
const SKEW: (u64, u64) = (5, 300);

/// A query of no meaning, with what proxies like to tidy up: a token must come through to the letter.
const QUERY: &str = "?doctor=a%2Fb%20c";

/// What is visited.
pub(super) struct Visit<'a> {
    pub(super) settings: &'a Settings,
    pub(super) public: &'a PublicUrl,
    pub(super) names: &'a [&'a str],
    pub(super) authority: Option<&'a Path>,
}

impl Visit<'_> {
    /// Both ways, or one.
    pub(super) async fn both(&self, only: Option<Only>, report: &mut Report) {
        let mut gone = None;
        // What is to be tried through the public URL: without the listener, everything.
        let mut try_again = self.names.to_vec();
        if only != Some(Only::Public) {
            match self.at_the_listener(report).await {
                Ok(believed) => try_again = believed,
                Err(words) => gone = Some(words),
            }
        }
        let mut came_through = false;
        if only != Some(Only::Listener) {
            let checked = only.is_none() && gone.is_none();
            came_through = self.through_the_public_url(&try_again, checked, report).await;
        }
        match gone {
            Some(words) if came_through => {
                report.look(format!("{words}. That is right where the server runs on another machine (--only public)"));
            }
            Some(words) => {
                report.wrong(format!("{words}. Is the server started, and do host and port of the setting lead to it?"))
            }
            None => {}
        }
    }

    /// The providers of which the server at its listener believed a signed request; or that nobody is there.
    async fn at_the_listener(&self, report: &mut Report) -> Result<Vec<&str>, String> {
        let bare = self.bare();
        let authority = bare.split_once("://").map_or("", |(_, rest)| rest).split('/').next();
        let (base, trust) = listener(self.settings)?;
        let way = Way { base, host: authority.map(str::to_owned), trust };
        let answer = way.ask("/healthz", None).await;
        let answer = answer.map_err(|reason| format!("nobody answers at {}: {reason}", way.base))?;
        self.clock(&answer, report);
        let mut believed = Vec::new();
        if answer.status == 200 && answer.body.is_empty() {
            report.right(format!("the server answers at {}", way.base));
            for name in self.names {
                if self.signed(&way, name, "", report).await {
                    believed.push(*name);
                }
            }
        } else {
            report.wrong(words::not_ours(&way.base, &answer));
        }
        Ok(believed)
    }

    /// Whether it comes through. `checked`: the listener has believed those of `names`.
    async fn through_the_public_url(&self, names: &[&str], checked: bool, report: &mut Report) -> bool {
        let base = self.bare();
        if base.starts_with("http://") {
            report.look("the public URL is http: what callers press can be read on the way. Use https");
        }
        let trust = match trust_for(&base, self.authority) {
            Ok(trust) => trust,
            Err(wrong) => {
                report.wrong(format!("{base} can't be asked: {wrong}"));
                return false;
            }
        };
        let way = Way { base, host: None, trust };
        let base = &way.base;
        let answer = match way.ask("/healthz", None).await {
            Ok(answer) => answer,
            Err(reason) => {
                let url = url::Url::parse(base).ok();
                let host = url.as_ref().and_then(url::Url::host_str).unwrap_or("the host of server.public_url");
                words::unreached(base, host, &reason, report);
                return false;
            }
        };
        if let Some(certificate) = answer.shown {
            let second = SystemClock.signed_second();
            let days = certificate.days_left(second);
            let words = format!("the certificate of {base} is trusted, and holds {days} more day(s)");
            if certificate.ends - second < SOON { report.look(words + ": renew it") } else { report.right(words) }
        }
        if answer.status != 200 || !answer.body.is_empty() {
            report.wrong(words::not_ours(base, &answer));
            return false;
        }
        report.right(format!("the server answers through {base}"));
        for name in names {
            if checked {
                self.again(&way, name, report).await
            } else {
                _ = self.signed(&way, name, QUERY, report).await
            }
        }
        true
    }

    /// The public URL without what stands before an `@`.
    fn bare(&self) -> String {
        let text = self.public.as_str();
        match (text.split_once("://"), text.rsplit_once('@')) {
            (Some((scheme, _)), Some((_, rest))) => format!("{scheme}://{rest}"),
            _ => text.to_owned(),
        }
    }

    fn clock(&self, answer: &Answer, report: &mut Report) {
        let Some(second) = answer.second.and_then(|second| u64::try_from(second).ok()) else {
            return report.untried("the server's clock: the answer has no date");
        };
        let apart = second.abs_diff(SystemClock.second());
        let words = format!("the server's clock and that of this machine are {apart} s apart");
        if apart > SKEW.1 && self.names.contains(&"telnyx") {
            report.wrong(format!("{words}: Telnyx' webhooks are refused when the server's is wrong by {} s", SKEW.1));
        } else if apart > SKEW.0 {
            report.look(format!("{words}: set them by the network (NTP)"));
        } else {
            report.right(words);
        }
    }

    /// Whether a request signed by the provider `name` is believed, or the path leads to the server where only they can sign.
    async fn signed(&self, way: &Way, name: &str, query: &str, report: &mut Report) -> bool {
        let Some(semantics) = Semantics::of(name) else { return false };
        let Ok(secret) = providers::signing(self.settings, name) else {
            let leads = unsigned(way, name, semantics, report).await;
            if name == "telnyx" {
                report.untried(
                    "telnyx: only Telnyx can sign for Telnyx. Call the line: a wrong key stands in the log as 403",
                );
            }
            return leads;
        };
        let signer = Signer::new(semantics, secret.expose(), || SystemClock.second());
        let public = self.public.as_str();
        match tell(way, public, name, query, &signer).await {
            Err(reason) => report.wrong(format!("{name}: no answer to a signed request: {reason}")),
            Ok(answer) if answer.is_believed() => {
                report.right(format!(
                    "{name}: a signed request is believed: secret, scheme, host, port and path are right"
                ));
                return true;
            }
            Ok(answer) if answer.is_our_refusal() => {
                let wrong = match self.form_of_the_server(way, name, &signer).await {
                    Some(form) => form,
                    None => format!(
                        "{name}: a signed request is refused, for every form of the public URL: the server that runs has another \
                         secret than these settings, or quite another server.public_url, or path and query are changed on the way"
                    ),
                };
                report.wrong(wrong);
            }
            Ok(answer) => report.wrong(words::unexpected(name, &path(name), &answer)),
        }
        false
    }

    /// What to say where the server believes a request that is signed for another form of the public URL.
    async fn form_of_the_server(&self, way: &Way, name: &str, signer: &Signer) -> Option<String> {
        for form in forms::near(self.public.as_str(), self.settings.server.listen.port()) {
            if tell(way, &form.url, name, "", signer).await.is_ok_and(|answer| answer.is_believed()) {
                let at = form.url.rsplit_once('@').map_or(form.url.as_str(), |(_, rest)| rest);
                return Some(format!(
                    "{name}: the server that runs takes its public URL to be {at}: {}. Give it and this command the \
                     same server.public_url, to the letter what stands in the console, and start it again",
                    form.differs
                ));
            }
        }
        None
    }

    /// The same through the public URL, of a provider that the listener believes.
    async fn again(&self, way: &Way, name: &str, report: &mut Report) {
        let Some(semantics) = Semantics::of(name) else { return };
        let Ok(secret) = providers::signing(self.settings, name) else {
            _ = unsigned(way, name, semantics, report).await;
            return;
        };
        let signer = Signer::new(semantics, secret.expose(), || SystemClock.second());
        let public = self.public.as_str();
        let wrong = match tell(way, public, name, QUERY, &signer).await {
            Ok(answer) if answer.is_believed() => {
                return report.right(format!("{name}: a signed request is believed through the public URL, too"));
            }
            Ok(answer) if answer.is_our_refusal() => {
                let bare = tell(way, public, name, "", &signer).await;
                let what = if bare.is_ok_and(|answer| answer.is_believed()) { "query" } else { "path" };
                let where_to = match what {
                    "query" => "Let the proxy pass on what follows the `?` as it comes",
                    _ => "Let the proxy pass on the path as it comes, to this server and no other",
                };
                format!(
                    "{name}: a signed request is believed at the listener and refused through the public URL: the {what} is changed \
                     on the way. {where_to}"
                )
            }
            Ok(answer) => words::unexpected(name, &path(name), &answer),
            Err(reason) => format!("{name}: no answer to a signed request through the public URL: {reason}"),
        };
        report.wrong(wrong);
    }
}

fn path(name: &str) -> String {
    format!("/{name}/status")
}

/// Tells the end of a call that never was, signed as the provider would, for the public URL `public`.
async fn tell(
    way: &Way,
    public: &str,
    name: &str,
    query: &str,
    signer: &Signer,
) -> Result<Answer, crate::cli::exchange::NoAnswer> {
    let path = path(name) + query;
    way.ask(&path, Some(&end_of_a_call(&format!("{public}{path}"), signer))).await
}

fn end_of_a_call(url: &str, signer: &Signer) -> Signed {
    let pairs = [
        ("CallSid", CallKey::OF_DOCTOR),
        ("CallUUID", CallKey::OF_DOCTOR),
        ("CallStatus", "completed"),
        ("From", "anonymous"),
    ];
    let params = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    WebRequest { method: Method::Post, url: url.to_owned(), params }.signed_by(signer)
}

/// Where we have no secret to sign with, whether the path leads to us is all that can be tried.
async fn unsigned(way: &Way, name: &str, semantics: &'static Semantics, report: &mut Report) -> bool {
    let path = path(name);
    let nobodys = end_of_a_call(&format!("{}{path}", way.base), &Signer::new(semantics, "", || SystemClock.second()));
    let mut leads = false;
    match way.ask(&path, Some(&nobodys)).await {
        Err(reason) => report.wrong(format!("{name}: no answer: {reason}")),
        Ok(answer) if answer.is_our_refusal() => {
            leads = true;
            report.right(format!("{name}: {path} leads to the server, which refuses what {name} has not signed"));
        }
        Ok(answer) => report.wrong(words::unexpected(name, &path, &answer)),
    }
    leads
}
