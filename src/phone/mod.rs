//! The other end of the line: a simulated caller who executes the documents of a server, webhook by webhook.
//!
//! Used by `demo`, `call`, the scenarios and the tests. It behaves as the provider does whose [`Semantics`] it obeys (where
//! the provider's own documents are silent, the guess is said in place) and is stricter than any of them: what the provider
//! would only warn of is an error here. It knows nothing of our flows, scripts or tokens: it sees documents and URLs.
//!
//! A [`Call`] stops at each wait (keys, a dialled line, the end) and says what it waits for; whoever drives it, a
//! [`script`](Script), a [`terminal`] or a [`scenario`](Scenario), decides what the caller does. Unlike the rest of the
//! house this room prints numbers and keys: they are simulated ones, and showing them is its purpose.

mod call;
mod confirm;
mod dialling;
mod document;
mod error;
mod heard_text;
mod instructions;
mod kin;
mod late;
mod legs;
mod outcome;
mod plivo;
mod recording;
mod request;
mod scenario;
mod scenario_parts;
mod scenario_run;
mod script;
mod semantics;
mod spoken;
pub mod terminal;
mod transcript;
mod transport;
mod twilio;
mod typing;
mod verbs;
mod vocabulary;
mod wait;

#[cfg(test)]
mod testing;

pub use call::Call;
pub use dialling::Dialling;
pub use document::{Element, Node, Wrong, parse};
pub use error::PhoneError;
pub use late::{HangUp, Whose};
pub use outcome::{Answers, DialResult, NotAnOutcome, Outcomes};
pub use request::{Signed, Signer, WebRequest, WebResponse};
pub use scenario::{Before, Scenario, ScenarioText, Step};
pub use scenario_parts::{Press, Replay, Results, Status, Yes};
pub use scenario_run::{ScenarioError, Stage};
pub use script::{Group, Script, ScriptError, run_script};
pub use semantics::Semantics;
pub use spoken::Spoken;
pub use transcript::{Heard, HeardWhat, human, json_line};
pub use transport::{HttpTransport, Transport};
pub use verbs::check_document;
pub use wait::{Dialled, Ending, Listening, Wait, When};
