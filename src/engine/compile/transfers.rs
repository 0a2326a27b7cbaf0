//! Transfers: the line that is called, and its announcement in every language.

use std::sync::Arc;

use super::Compiler;
use crate::{
    call::{LineId, NodeId},
    diagnostic::Place,
    engine::{Kind, Said},
    files::Name,
    flow,
    lines::Line,
    script::{Part, Speaker, Variable},
};

impl Compiler<'_> {
    pub(super) fn transfer(&mut self, node: &flow::Node, transfer: &flow::Transfer) -> Kind {
        let line = self.lines.get(&transfer.line);
        let number = line.and_then(|line| line.dial.as_ref());
        if line.is_none() {
            let names = self.lines.lines.value.keys().map(|name| name.to_string()).collect::<Vec<_>>().join(", ");
            let message = format!("no line is called `{}`", *transfer.line);
            self.error(
                "unknown-line",
                message,
                node.at(&transfer.line),
                format!("the lines of lines.yaml are: {names}"),
            );
        } else if number.is_none() {
            let message = format!("`{}` can only be announced, not called", *transfer.line);
            self.error(
                "line-not-dialled",
                message,
                node.at(&transfer.line),
                "give the line a `dial` number in lines.yaml, or announce it with a `say` node",
            );
        }
        Kind::Transfer {
            say: self.announcement(node, &transfer.say, line),
            line: LineId::of(&transfer.line),
            // Without a number there is a diagnostic, and this world is never used.
            number: number.map_or_else(placeholder_number, |number| (**number).clone()),
            ring: line.map_or(crate::lines::MAX_RING_SECONDS, Line::ring),
            capacity: line.and_then(|line| line.capacity.as_ref()).map(|capacity| **capacity),
            then: NodeId::of(&transfer.then),
            failed: NodeId::of(&transfer.failed),
            any_key_stays: transfer.any_key_stays,
        }
    }

    /// T9: a line that does not speak the caller's language is announced with the one that it speaks.
    fn announcement(&mut self, node: &flow::Node, name: &Name, line: Option<&Line>) -> Said {
        let speeches = self.langs.clone().into_iter().filter_map(|lang| {
            let spoken_name = line.and_then(|line| line.name.get(&lang)).map_or("", String::as_str).to_owned();
            if let Some(line) = line.filter(|line| !line.name.contains_key(&lang)) {
                let place = line.announce.place(&self.lines.lines.file);
                self.error("missing-translation", format!("this line has no name in `{lang}`"), place, "add it under `name`");
            }
            let script = self.scripts.get(lang, name);
            if script.is_none() {
                self.missing_script(node, name, lang);
            }
            let other = line.and_then(|line| line.speaks.first().filter(|_| !line.speaks.contains(&lang)));
            let other = other.map(|spoken| format!("speaks/{spoken}"));
            if let Some(id) = other.as_ref().filter(|id| self.scripts.get(lang, id).is_none()) {
                let message = format!("the script {id} is missing in `{lang}`");
                let help = format!("this line does not speak `{lang}`: write audio_scripts/{lang}/{id}.md, which says what is spoken there");
                self.error("missing-script", message, node.at(name), help);
            }
            let silent = other.is_some() && script.is_some_and(|s| !s.parts.contains(&Part::Variable(Variable::Speaks)));
            if let (true, Some(script)) = (silent, script) {
                let message = format!("this line does not speak `{lang}`, and its announcement does not say so");
                self.error("speaks-not-said", message, Place::top(&script.file), "write {speaks} where the caller shall hear what is spoken there");
            }
            let speaks = other.and_then(|id| self.scripts.get(lang, &id));
            let speaker = Speaker { line: &spoken_name, speaks, ..self.speaker(lang)? };
            Some(speaker.speech(script?).into_iter().map(Arc::new).collect())
        });
        Said(speeches.collect())
    }
}

fn placeholder_number() -> crate::call::E164 {
    #[expect(clippy::expect_used, reason = "a constant of the range reserved for fiction")]
    "+33199000000".parse().expect("a number")
}
