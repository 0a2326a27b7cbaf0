//! Transfers: the line or the chain that a node names, and what is announced before each of its attempts.

use std::sync::Arc;

use super::Compiler;
use crate::{
    call::{Lang, NodeId, Piece, Speech},
    diagnostic::{Diagnostic, Place},
    engine::{Attempt, Chain, Kind, Phrase, Said},
    files::{Name, nearest},
    flow,
    lines::{self, Known, MOST_CHAIN_SECONDS},
    script::{PARAGRAPH_PAUSE, Part, Script, Speaker, Variable, in_groups},
};

impl<'a> Compiler<'a> {
    pub(super) fn transfer(&mut self, node: &flow::Node, transfer: &flow::Transfer) -> Kind {
        let (attempts, most_seconds) = match (&transfer.line, &transfer.chain) {
            (Some(line), None) => (self.line(node, line), MOST_CHAIN_SECONDS),
            (None, Some(chain)) => self.chain(node, chain),
            (line, _) => {
                let place = line.as_ref().map_or_else(|| node.place.clone(), |line| node.at(line));
                let message = match line {
                    Some(_) => format!("`{}` names a line and a chain", node.name),
                    None => format!("`{}` names nobody to call", node.name),
                };
                let help = "write either `line`, a line of lines.yaml, or `chain`, a chain of chains.yaml";
                self.error("line-or-chain", message, place, help);
                (Vec::new(), MOST_CHAIN_SECONDS)
            }
        };
        if attempts.is_empty() {
            // What is wrong with its announcement is said all the same.
            self.announcement(node, &transfer.say, None);
        }
        let attempts = attempts.into_iter().map(|attempt| Attempt {
            first: self.announcement(node, &transfer.say, Some(&attempt)),
            next: self.next_announcement(node, &transfer.say, &attempt),
            notices: self.notices.get(attempt.name.as_str()).cloned().unwrap_or_default(),
            by_yourself: self.by_yourself(&attempt),
            closed: self.of_line(Phrase::LINE_CLOSED, &attempt),
            closed_holiday: self.of_line(Phrase::CLOSED_HOLIDAY, &attempt),
            line: attempt,
        });
        Kind::Transfer {
            chain: Chain { attempts: attempts.collect(), most_seconds },
            then: NodeId::of(&transfer.then),
            failed: NodeId::of(&transfer.failed),
            any_key_stays: transfer.any_key_stays,
        }
    }

    /// What can be called.
    fn known(&self) -> Option<Known<'a>> {
        let minute = self.settings.minute;
        // A server may serve providers that dial short numbers and others: each call knows its own.
        Some(Known { lines: self.book.lines?, responders: self.book.responders, minute, dials_short: true })
    }

    /// A chain of one.
    fn line(&mut self, node: &flow::Node, name: &Name) -> Vec<lines::Attempt> {
        let known = self.known();
        let Some(line) = self.book.lines.and_then(|lines| lines.get(name)) else {
            self.unknown_line(node, name);
            return Vec::new();
        };
        let attempts = known.map_or_else(Vec::new, |known| known.of(name));
        // That a line is not verified is said where scripts and chains are judged.
        if attempts.is_empty() && line.verified {
            let message = format!("`{}` can only be announced, not called", **name);
            self.error(
                "line-not-dialled",
                message,
                node.at(name),
                "give the line a `dial` number in lines.yaml, or announce it with a `say` node",
            );
        }
        attempts
    }

    /// Those of a chain that can be called, and how long it rings in all. Whom it names is judged in its own file.
    fn chain(&mut self, node: &flow::Node, name: &Name) -> (Vec<lines::Attempt>, u16) {
        let Some(chain) = self.book.chains.and_then(|chains| chains.get(name)) else {
            self.unknown_chain(node, name);
            return (Vec::new(), MOST_CHAIN_SECONDS);
        };
        let attempts = self.known().map_or_else(Vec::new, |known| known.attempts(chain));
        (attempts, chain.most_seconds.as_ref().map_or(MOST_CHAIN_SECONDS, |seconds| **seconds))
    }

    fn unknown_line(&mut self, node: &flow::Node, name: &Name) {
        // Lines that could not be read are not missing.
        let lines = self.book.lines.filter(|lines| !lines.broken.contains(name.as_str()));
        let Some(lines) = lines else { return };
        let names: Vec<&str> = lines.lines.value.keys().map(|name| name.as_str()).collect();
        let all = format!("the lines of lines.yaml are: {}", names.join(", "));
        let help = match nearest(name, names.iter().copied()) {
            Some(nearest) => format!("did you mean `{nearest}`? Else, {all}"),
            None => all,
        };
        self.error("unknown-line", format!("no line is called `{}`", **name), node.at(name), help);
    }

    fn unknown_chain(&mut self, node: &flow::Node, name: &Name) {
        let chains = self.book.chains;
        if chains.is_some_and(|chains| chains.broken.contains(name.as_str())) {
            return;
        }
        let names: Vec<&str> =
            chains.iter().flat_map(|known| known.chains.value.keys().map(|name| name.as_str())).collect();
        let help = match nearest(name, names.iter().copied()) {
            Some(nearest) => format!("did you mean `{nearest}`? Else write that chain in chains.yaml"),
            None if names.is_empty() => "write it in chains.yaml, or name a line of lines.yaml under `line`".to_owned(),
            None => format!("the chains of chains.yaml are: {}", names.join(", ")),
        };
        self.error("unknown-chain", format!("no chain is called `{}`", **name), node.at(name), help);
    }

    /// The script of the node, with the name under which callers hear of the line.
    fn announcement(&mut self, node: &flow::Node, name: &Name, attempt: Option<&lines::Attempt>) -> Said {
        let mut speeches = Vec::with_capacity(self.langs.len());
        for lang in self.langs.clone() {
            let Some(script) = self.scripts.get(lang, name) else {
                self.missing_script(node, name, lang);
                continue;
            };
            self.known_voices(script);
            let speaks = attempt.and_then(|attempt| self.speaks(node, name, attempt, lang));
            if attempt.is_some_and(|attempt| attempt.other_language(lang).is_some()) {
                self.says_what_is_spoken(script, lang);
            }
            let spoken_name = attempt.map_or("", |attempt| self.spoken_name(attempt, lang));
            if let Some(speaker) = self.speaker(lang) {
                let speaker = Speaker { line: spoken_name, speaks, ..speaker };
                speeches.push(shared(speaker.speech(script)));
            }
        }
        Said(speeches)
    }

    /// Said before an attempt that is not the first one: that it comes, and what is spoken there if it is another language.
    fn next_announcement(&mut self, node: &flow::Node, name: &Name, attempt: &lines::Attempt) -> Said {
        let mut speeches = Vec::with_capacity(self.langs.len());
        for lang in self.langs.clone() {
            if self.speaker(lang).is_none() {
                // A language without scripts is said to be one, and lacks nothing else.
                continue;
            }
            let speaks = self.speaks(node, name, attempt, lang);
            let scripts = self.scripts;
            let script = |phrase: Phrase| scripts.get(lang, phrase.script());
            let mut said = Vec::new();
            if let (Some(speaker), Some(next)) = (self.speaker(lang), script(Phrase::TryingNext)) {
                said.extend(speaker.speech(next));
                if let (Some(speaks), Some(stay)) = (speaks, script(Phrase::ToStay)) {
                    said.extend(speaker.speech(speaks));
                    said.extend(speaker.speech(stay));
                }
            }
            speeches.push(shared(said));
        }
        Said(speeches)
    }

    /// Of a line with a short number alone: that the caller must dial it, and the number twice.
    fn by_yourself(&mut self, attempt: &lines::Attempt) -> Said {
        let line = self.book.lines.and_then(|lines| lines.get(&attempt.name)).filter(|_| attempt.is_short());
        let Some(line) = line else { return Said(vec![Vec::new(); self.langs.len()]) };
        let mut said = self.of_line(Phrase::BY_YOURSELF, attempt);
        for (speeches, lang) in said.0.iter_mut().zip(&self.langs) {
            let number =
                Piece::Spelled { written: line.announce.to_string(), spoken: in_groups(*lang, &line.announce) };
            let end = || Piece::Text(".".to_owned());
            let twice = vec![number.clone(), end(), Piece::Pause(PARAGRAPH_PAUSE), number, end()];
            speeches.push(Arc::new(Speech::new(*lang, twice)));
        }
        said
    }

    /// A script that the program says by itself, with the name under which callers hear of the line.
    fn of_line(&mut self, id: &str, attempt: &lines::Attempt) -> Said {
        self.phrase_with(id, |speaker, script| {
            let line = attempt.spoken.iter().find(|(lang, _)| *lang == speaker.lang).map_or("", |(_, name)| name);
            Speaker { line, ..*speaker }.speech(script)
        })
    }

    fn spoken_name<'l>(&mut self, attempt: &'l lines::Attempt, lang: Lang) -> &'l str {
        if let Some((_, name)) = attempt.spoken.iter().find(|(known, _)| *known == lang) {
            return name;
        }
        if let Some(place) = self.written_at(&attempt.name) {
            let message = format!("this line has no name in `{lang}`");
            self.error("missing-translation", message, place, "add it under `name`");
        }
        ""
    }

    /// Where a line, or a group of people, is written.
    fn written_at(&self, name: &str) -> Option<Place> {
        if let Some(lines) = self.book.lines
            && let Some(line) = lines.get(name)
        {
            return Some(line.announce.place(&lines.lines.file));
        }
        let groups = &self.book.responders?.groups;
        groups.value.keys().find(|key| key.as_str() == name).map(|key| key.place(&groups.file))
    }

    /// T9: whoever does not speak the caller's language is announced with the one that they speak.
    fn speaks(&mut self, node: &flow::Node, name: &Name, attempt: &lines::Attempt, lang: Lang) -> Option<&'a Script> {
        let spoken = attempt.other_language(lang)?;
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

    fn says_what_is_spoken(&mut self, script: &Script, lang: Lang) {
        if !script.parts.contains(&Part::Variable(Variable::Speaks)) {
            let message = format!("this line does not speak `{lang}`, and its announcement does not say so");
            let help = "write {speaks} where the caller shall hear what is spoken there";
            self.error("speaks-not-said", message, Place::top(&script.file), help);
        }
    }
}

fn shared(speeches: Vec<Speech>) -> Vec<Arc<Speech>> {
    speeches.into_iter().map(Arc::new).collect()
}
