//! The text of a script as it is heard, with the place of each sentence and word in the file.

use std::ops::Range;

use crate::{
    call::{Lang, key_named},
    lines::Lines,
    script::{DICTATED_IN, Facts, Language, Script, Value, digit_by_digit, in_groups},
};

/// What a script says.
#[derive(Default)]
pub(super) struct Text {
    pub(super) sentences: Vec<Sentence>,
    /// What is written outside of every marker, and inside of those that hold words: its bytes in the file.
    pub(super) plain: Vec<Range<usize>>,
}

/// A sentence, or what stands between two rests.
#[derive(Default)]
pub(super) struct Sentence {
    /// From its first letter to its last sign, in bytes of the file.
    pub(super) span: Range<usize>,
    /// As it is heard: numbers and keys in words.
    pub(super) heard: String,
    /// The words that are written in the language of the script.
    pub(super) words: Vec<Word>,
    /// Those and the words of other languages.
    pub(super) all_words: Vec<Word>,
    /// It names the key of urgent help.
    pub(super) offers_help: bool,
}

/// A word, where it stands in the file.
#[derive(Clone)]
pub(super) struct Word {
    /// As it is written.
    pub(super) written: String,
    /// In small letters.
    pub(super) small: String,
    pub(super) span: Range<usize>,
}

/// How many words are heard, counted as their seconds are.
pub(super) fn count(text: &str) -> usize {
    let words = text.split(|c: char| c.is_whitespace() || c == '-');
    words.filter(|word| word.contains(char::is_alphanumeric)).count()
}

impl Text {
    pub(super) fn read(script: &Script, lang: Lang, words: &Language, facts: &Facts, lines: Option<&Lines>) -> Text {
        let file = &script.file.text;
        let mut reader = Reader { file, facts, text: Text::default(), sentence: Sentence::default(), dictated: false };
        let mut at = script.body.start;
        let end = script.body.end;
        while at < end {
            let open = reader.file[at..end].find('{').map_or(end, |found| at + found);
            reader.plain(at..open, true);
            let close = reader.file[open..end].find('}').map_or(end, |found| open + found + 1);
            if open < end {
                reader.marker(open..close, lang, words, lines);
            }
            at = close.max(open);
        }
        reader.close();
        reader.text
    }
}

struct Reader<'f> {
    file: &'f str,
    facts: &'f Facts,
    text: Text,
    sentence: Sentence,
    /// What is dictated is one sentence, whatever signs stand in it.
    dictated: bool,
}

impl Reader<'_> {
    /// Words as they are written; `own` where they are of the script's language.
    fn plain(&mut self, range: Range<usize>, own: bool) {
        self.text.plain.push(range.clone());
        let file = self.file;
        let text = &file[range.clone()];
        let mut word: Option<usize> = None;
        for (i, c) in text.char_indices() {
            let at = range.start + i;
            if c.is_alphanumeric() {
                word.get_or_insert(at);
            } else if let Some(start) = word.take() {
                self.word(start..at, own);
            }
            let next = text[i + c.len_utf8()..].chars().next();
            self.heard(c, at..at + c.len_utf8());
            let is_rest = c == '\n' && file[at + 1..].split('\n').next().is_some_and(|line| line.trim().is_empty());
            let is_end = matches!(c, '.' | '?' | '!' | '…') && !next.is_some_and(char::is_alphanumeric);
            if (is_rest || is_end) && !self.dictated {
                self.close();
            }
        }
        if let Some(start) = word {
            self.word(start..range.end, own);
        }
    }

    fn word(&mut self, span: Range<usize>, own: bool) {
        let written = self.file[span.clone()].to_owned();
        let word = Word { small: written.to_lowercase(), written, span };
        if own {
            self.sentence.words.push(word.clone());
        }
        self.sentence.all_words.push(word);
    }

    fn heard(&mut self, c: char, span: Range<usize>) {
        if self.sentence.heard.is_empty() {
            // What closes a quotation belongs to the sentence before.
            if c.is_whitespace() || "»”\")".contains(c) {
                return;
            }
            self.sentence.span.start = span.start;
        }
        self.sentence.heard.push(c);
        if !c.is_whitespace() {
            self.sentence.span.end = span.end;
        }
    }

    fn spoken(&mut self, words: &str, span: &Range<usize>) {
        words.chars().for_each(|c| self.heard(c, span.clone()));
    }

    fn marker(&mut self, span: Range<usize>, lang: Lang, words: &Language, lines: Option<&Lines>) {
        let inside = self.file[span.clone()].trim_matches(['{', '}']);
        let (name, value) = inside.split_once(':').unwrap_or((inside, ""));
        let value_start = span.start + 1 + name.len() + 1;
        let key = || key_named(value.trim()).unwrap_or('0');
        self.sentence.offers_help |= matches!(name.trim(), "press" | "key") && value.trim() == "urgent";
        match name.trim() {
            "tel" => self.spoken(&in_groups(lang, value.trim()), &span),
            "digits" => self.spoken(&digit_by_digit(lang, value.trim()), &span),
            "fact" => {
                let said = self.facts.say(value.trim(), lang, words);
                self.spoken(said.as_ref().map_or("", |said| &said.spoken), &span);
            }
            kind if !value.trim().is_empty()
                && let Some(said) = Value::read(kind, value.trim()).and_then(|value| words.units.say(&value, lang)) =>
            {
                self.spoken(&said.spoken, &span);
            }
            "press" => self.spoken(&words.press(key()), &span),
            "key" => self.spoken(&words.key(key()), &span),
            "pause" => self.close(),
            "operator" => self.spoken(&words.operator, &span),
            "contact" => self.spoken(&words.contact, &span),
            "count" => self.spoken("7", &span),
            "line" => self.spoken(longest_name(lines, lang), &span),
            // A script of its own.
            "speaks" => {}
            "dictate" => {
                self.close();
                self.dictated = true;
                self.plain(value_start.min(span.end - 1)..span.end - 1, lang == DICTATED_IN);
                self.dictated = false;
                self.close();
            }
            name => self.plain(value_start.min(span.end - 1)..span.end - 1, name == "free"),
        }
    }

    fn close(&mut self) {
        let sentence = std::mem::take(&mut self.sentence);
        if count(&sentence.heard) > 0 {
            self.text.sentences.push(sentence);
        }
    }
}

fn longest_name(lines: Option<&Lines>, lang: Lang) -> &str {
    let dialled = lines.into_iter().flat_map(|lines| lines.lines.value.values()).filter(|line| line.dial.is_some());
    let names = dialled.filter_map(|line| line.name.get(&lang)).map(|name| name.as_str());
    names.max_by_key(|name| count(name)).unwrap_or_default()
}
