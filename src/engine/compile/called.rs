//! `numbers.yaml`: what differs for each called number, linked with the languages and the nodes of the line.

use std::collections::HashMap;

use super::Compiler;
use crate::{
    call::{E164, NodeId},
    diagnostic::Place,
    engine::Called,
    files::Name,
    flow::Kind,
    lines::never_ours,
};

impl Compiler<'_> {
    /// What differs, by the number that is called.
    pub(super) fn called(&mut self) -> HashMap<E164, Called> {
        let mut all = HashMap::new();
        let Some(written) = &self.flow.called else { return all };
        for (name, called) in &written.value {
            let place = name.place(&written.file);
            let number = name.parse::<E164>();
            match &number {
                Ok(number) => self.may_be_ours(number, place),
                Err(_) => self.error(
                    "not-a-number",
                    format!("`{}` is no number as providers write it", **name),
                    place,
                    "write + and the country code, between quotation marks, as in \"+33199000001\"",
                ),
            }
            if let Some(caller_id) = &called.caller_id {
                self.may_be_ours(caller_id, caller_id.place(&written.file));
            }
            if let Some(lang) = called.lang.as_ref().filter(|lang| !self.langs.contains(lang)) {
                let known = self.langs.iter().map(|lang| lang.as_str()).collect::<Vec<_>>().join(", ");
                let message = format!("`{}` is not among the languages that a call begins with", **lang);
                let help = format!("write one of them: {known}; or offer it in the node where a call begins");
                self.error("unknown-language", message, lang.place(&written.file), help);
            }
            if let Some(first) = &called.first {
                self.may_be_first(first, first.place(&written.file));
            }
            if let Ok(number) = number {
                let caller_id = called.caller_id.as_ref().map(|number| (**number).clone());
                let first = called.first.as_ref().map(|first| NodeId::of(first));
                all.insert(number, Called { lang: called.lang.as_ref().map(|lang| **lang), first, caller_id });
            }
        }
        all
    }

    /// A number that callers dial, or that is shown as ours: anybody's but that of an emergency, at the price of a call.
    fn may_be_ours(&mut self, number: &E164, place: Place) {
        let Some(code) = never_ours(number) else { return };
        let (message, help) = match code {
            "emergency-dialled" => {
                ("an emergency number is never ours", "write the number of the line, as the provider has it")
            }
            "premium-number" => (
                "a call to this number costs more than a call",
                "whoever needs help must not pay for it: write another number of the line",
            ),
            _ => (
                "no French number has so many digits",
                "nine digits stand behind +33, without the 0, as in \"+33199000001\"",
            ),
        };
        self.error(code, message.to_owned(), place, help);
    }

    /// A call goes on there without the caller having chosen it.
    fn may_be_first(&mut self, first: &Name, place: Place) {
        match self.flow.nodes.get(first.as_str()).map(|node| &node.kind) {
            None => self.unknown_node(first, place),
            Some(Kind::End(_)) => self.error(
                "ends-the-call",
                format!("`{}` would hang up on a caller who did not choose it", **first),
                place,
                "only a choice of a menu may lead to a goodbye: name a menu here",
            ),
            Some(Kind::Language(_)) => self.error(
                "role",
                format!("`{}` asks for a language, and this call has one", **first),
                place,
                "name the node that follows: whoever wants another language presses 8",
            ),
            Some(_) => {}
        }
    }
}
