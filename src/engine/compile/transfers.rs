//! Transfers: the line that is called, and its announcement in every language.

use std::sync::Arc;

use super::Compiler;
use crate::{
    call::{Lang, LineId, NodeId},
    diagnostic::{Diagnostic, Place},
    engine::{Kind, Said},
    files::{Name, nearest},
    flow,
    lines::Line,
    script::{Part, Script, Speaker, Variable},
};

impl<'a> Compiler<'a> {
    pub(super) fn transfer(&mut self, node: &flow::Node, transfer: &flow::Transfer) -> Kind {
        let line = self.lines.and_then(|lines| lines.get(&transfer.line));
        let number = line.and_then(|line| line.dial.as_ref());
        if line.is_none() {
            self.unknown_line(node, &transfer.line);
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

    fn unknown_line(&mut self, node: &flow::Node, name: &Name) {
        // Lines that could not be read are not missing.
        let Some(lines) = self.lines.filter(|lines| !lines.broken.contains(name.as_str())) else { return };
        let names: Vec<&str> = lines.lines.value.keys().map(|name| name.as_str()).collect();
        let all = format!("the lines of lines.yaml are: {}", names.join(", "));
        let help = match nearest(name, names.iter().copied()) {
            Some(nearest) => format!("did you mean `{nearest}`? Else, {all}"),
            None => all,
        };
        self.error("unknown-line", format!("no line is called `{}`", **name), node.at(name), help);
    }

    fn announcement(&mut self, node: &flow::Node, name: &Name, line: Option<&Line>) -> Said {
        let mut speeches = Vec::with_capacity(self.langs.len());
        for lang in self.langs.clone() {
            let Some(script) = self.scripts.get(lang, name) else {
                self.missing_script(node, name, lang);
                continue;
            };
            self.known_voices(script);
            let speaks = line.and_then(|line| self.speaks(node, name, line, lang, script));
            let spoken_name = line.map_or("", |line| self.spoken_name(line, lang));
            if let Some(speaker) = self.speaker(lang) {
                let speaker = Speaker { line: spoken_name, speaks, ..speaker };
                speeches.push(speaker.speech(script).into_iter().map(Arc::new).collect());
            }
        }
        Said(speeches)
    }

    fn spoken_name<'l>(&mut self, line: &'l Line, lang: Lang) -> &'l str {
        if let Some(name) = line.name.get(&lang) {
            return name;
        }
        if let Some(lines) = self.lines {
            let place = line.announce.place(&lines.lines.file);
            let message = format!("this line has no name in `{lang}`");
            self.error("missing-translation", message, place, "add it under `name`");
        }
        ""
    }

    /// T9: a line that does not speak the caller's language is announced with the one that it speaks.
    fn speaks(
        &mut self,
        node: &flow::Node,
        name: &Name,
        line: &Line,
        lang: Lang,
        script: &Script,
    ) -> Option<&'a Script> {
        let spoken = line.speaks.first().filter(|_| !line.speaks.contains(&lang))?;
        if !script.parts.contains(&Part::Variable(Variable::Speaks)) {
            let message = format!("this line does not speak `{lang}`, and its announcement does not say so");
            let help = "write {speaks} where the caller shall hear what is spoken there";
            self.error("speaks-not-said", message, Place::top(&script.file), help);
        }
        let id = format!("speaks/{spoken}");
        let found = self.scripts.get(lang, &id);
        if found.is_none() && !self.scripts.is_broken_script(lang, &id) {
            let message = format!("the script `{id}` is missing in `{lang}`");
            let help = format!(
                "this line does not speak `{lang}`: write audio_scripts/{lang}/{id}.md, which says what is spoken there"
            );
            self.is_missing(lang, &id, Diagnostic::error("missing-script", message).at(node.at(name)).help(help));
        }
        found
    }
}

fn placeholder_number() -> crate::call::E164 {
    #[expect(clippy::expect_used, reason = "a constant of the range reserved for fiction")]
    "+33199000000".parse().expect("a number")
}
