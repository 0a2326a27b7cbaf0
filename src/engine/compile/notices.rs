//! Notices: the time, the place and the words of each, and that nobody has to listen to them for long.

use std::collections::HashMap;

use super::Compiler;
use crate::{
    call::Speech,
    engine::{Notice, Said},
    files::{Name, nearest},
    flow::{self, GREETING},
};

/// Seconds that the notices of one place last at most (A4).
const MOST_SECONDS: f32 = 10.0;

impl<'a> Compiler<'a> {
    /// Every notice, by where it is said: the greeting, or the name of a line.
    pub(super) fn notices(&mut self) -> HashMap<&'a str, Vec<Notice>> {
        let mut notices: HashMap<&str, Vec<Notice>> = HashMap::new();
        let Some(written) = &self.flow.notices else { return notices };
        let mut known = Vec::new();
        for (name, notice) in &written.value {
            self.place_of_notice(notice);
            let said = self.words_of_notice(name, notice);
            match notice.minutes(&written.file) {
                Ok((from, until)) => {
                    notices.entry(notice.at.as_str()).or_default().push(Notice { from, until, said });
                    known.push((notice, from));
                }
                Err(diagnostic) => self.find(*diagnostic),
            }
        }
        for (notice, from) in known {
            self.seconds_of_notices(notice, from, notices.get(notice.at.as_str()).map_or(&[], Vec::as_slice));
        }
        notices
    }

    /// A notice stands at the greeting, or at a line that is called.
    fn place_of_notice(&mut self, notice: &flow::Notice) {
        let (Some(written), Some(lines)) = (&self.flow.notices, self.book.lines) else { return };
        let name = notice.at.as_str();
        if name == GREETING || lines.broken.contains(name) {
            return;
        }
        let place = notice.at.place(&written.file);
        match lines.get(name) {
            None => {
                let names = lines.lines.value.keys().map(|name| name.as_str()).chain([GREETING]);
                let help = match nearest(name, names) {
                    Some(nearest) => format!("did you mean `{nearest}`?"),
                    None => format!("write `{GREETING}`, or the name of a line of lines.yaml"),
                };
                self.error("unknown-line", format!("no line is called `{name}`"), place, help);
            }
            Some(line) if !line.is_called() => {
                let message = format!("`{name}` is never called: nobody would hear this notice");
                self.error("line-not-dialled", message, place, "say it at the greeting, or at a line that is called");
            }
            Some(_) => {}
        }
    }

    fn words_of_notice(&mut self, name: &Name, notice: &flow::Notice) -> Said {
        let Some(written) = &self.flow.notices else { return Said(Vec::new()) };
        let scripts = self.scripts;
        let langs = self.langs.clone();
        for lang in notice.say.keys().filter(|lang| !langs.contains(lang)) {
            let message = format!("`{lang}` is none of the languages of the line");
            let place = notice.say.get(lang).map_or_else(|| name.place(&written.file), |at| at.place(&written.file));
            self.error("unknown-language", message, place, "remove these words, or offer the language in the line");
        }
        let mut speeches = Vec::with_capacity(langs.len());
        for lang in langs {
            if !notice.say.contains_key(&lang) {
                let message = format!("the notice `{}` is missing in `{lang}`", **name);
                let help = "write its words in that language under `say`";
                self.error("missing-translation", message, name.place(&written.file), help);
            }
            // What could not be read is said to be so.
            let Some(script) = scripts.notice(lang, name) else { continue };
            self.no_line_here(script);
            self.known_voices(script);
            let speech = self.speaker(lang).map(|speaker| speaker.speech(script)).unwrap_or_default();
            speeches.push(speech.into_iter().map(std::sync::Arc::new).collect());
        }
        Said(speeches)
    }

    /// A4: what is said at one place when this notice begins, in the language in which it lasts longest.
    fn seconds_of_notices(&mut self, notice: &flow::Notice, from: u32, all: &[Notice]) {
        let Some(written) = &self.flow.notices else { return };
        let together: Vec<&Notice> = all.iter().filter(|notice| notice.is_said(from)).collect();
        let seconds = |position| {
            let speeches = together.iter().flat_map(|notice| notice.said.language(position));
            speeches.map(|speech| Speech::seconds(speech)).sum::<f32>()
        };
        let longest = (0..self.langs.len()).map(|position| (seconds(position), self.langs[position]));
        let Some((seconds, lang)) = longest.max_by(|one, other| one.0.total_cmp(&other.0)) else { return };
        if seconds > MOST_SECONDS {
            let what = match together.len() {
                1 => "this notice lasts".to_owned(),
                many => format!("this notice and others said with it ({many}) last"),
            };
            let message = format!("{what} {:.0} seconds in `{lang}`", seconds.ceil());
            let place = notice.at.place(&written.file);
            let place = notice.say.get(&lang).map_or(place, |words| words.place(&written.file));
            self.error("notice-too-long", message, place, "10 seconds at most: callers wait for help behind it");
        }
    }
}
