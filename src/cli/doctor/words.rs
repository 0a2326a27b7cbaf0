//! What the doctor says of a server that can't be reached, or of an answer that is not ours.

use tokio_rustls::rustls::CertificateError;

use super::{Mark, Report, exchange::Answer};
use crate::{cli::exchange::NoAnswer, tls::Fault};

/// Why there is no answer through the public URL, whose host is `host`.
pub(super) fn unreached(base: &str, host: &str, reason: &NoAnswer, report: &mut Report) {
    let (mark, help) = match reason.fault() {
        Some(Fault::Name { .. }) => (
            Mark::Wrong,
            "Providers don't find it either, unless it is this machine alone that has no DNS: look at its entry (A, AAAA)".to_owned(),
        ),
        // Providers may well come through where we don't.
        Some(Fault::Connection(_)) => (
            Mark::Look,
            format!(
                "A machine behind a router often can't reach its own public name: try from another one, by `curl -i -X POST \
                 {base}/NAME/voice` (it must answer 403, and nothing else). If that fails, too: is the port open, and does the \
                 proxy run?"
            ),
        ),
        Some(Fault::Certificate(error)) => (Mark::Wrong, of_certificate(error, host)),
        Some(Fault::NoTls(_)) => {
            (Mark::Wrong, "Is it plain HTTP? Providers want https: let the proxy speak TLS at this port".to_owned())
        }
        Some(Fault::Url(_)) | None => (Mark::Wrong, "Does the proxy run, and does it lead to the server?".to_owned()),
    };
    report.0.push((mark, format!("through {base}: {reason}. {help}")));
}

fn of_certificate(error: &CertificateError, host: &str) -> String {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "Providers refuse it, and calls go to the fallback: renew it, and let the proxy read it again".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => format!(
            "Providers refuse it: it must be for {host}. Or something else answers under this name, as the page of a router does"
        ),
        CertificateError::UnknownIssuer => {
            "Providers refuse it: let the proxy show the whole chain (fullchain.pem), signed by a public authority. One of your own \
             is given by --authority FILE"
                .to_owned()
        }
        _ => "Providers refuse it".to_owned(),
    }
}

/// What whoever answered says that it is.
fn who(answer: &Answer) -> String {
    answer.server.as_ref().map_or_else(String::new, |name| format!(" (it says that it is {name})"))
}

/// Where a redirect leads.
pub(super) fn led(answer: &Answer) -> String {
    answer.location.as_ref().map_or_else(String::new, |to| format!(". It leads to {to}: providers must be given that"))
}

/// An answer to the question whether the server lives, that is not the server's.
pub(super) fn not_ours(base: &str, answer: &Answer) -> String {
    let who = who(answer);
    let words = match answer.status {
        404 => format!(
            "is not found{who}: the path is changed on the way, or something else answers. Behind the public URL this server awaits \
             /healthz and /NAME/voice, without anything before them"
        ),
        401 | 407 => format!("asks for a password{who}: providers must come through without one"),
        403 => format!("is refused by something in front of the server{who}: it must let providers through"),
        502..=504 => {
            format!("answers {}{who}: the proxy answers by itself, it does not reach the server", answer.status)
        }
        200 => format!("answers with a page{who}: something else than this server"),
        300..=399 => format!("answers {}, a redirect, which providers don't follow well{}", answer.status, led(answer)),
        status => format!("answers {status}{who}: something else than this server"),
    };
    format!("{base}/healthz {words}")
}

/// An answer to a webhook, that is not the server's.
pub(super) fn unexpected(name: &str, path: &str, answer: &Answer) -> String {
    let who = who(answer);
    let words = match answer.status {
        404 => format!(
            "not found{who}: the server that runs does not serve this provider (no secret in its settings), or the path is \
             changed on the way"
        ),
        401 | 407 => format!("a password is asked for{who}: providers must come through without one"),
        403 => format!("refused, but not by this server{who}: something in front of it lets the provider not through"),
        502..=504 => format!("{}{who}: the proxy answers by itself, it does not reach the server", answer.status),
        300..=399 => format!("a redirect, which providers don't follow well{}", led(answer)),
        status => format!("{status}{who}, which is no answer of this server's"),
    };
    format!("{name}: {path}: {words}")
}
