//! From a script to speeches: markers become words, numbers get the way they are said, words of another language their
//! own voice.

use std::sync::Arc;

use super::{
    Facts, InWords, Language, Part, Punctuation, Script, Variable, dictate, digit_by_digit, ear, in_groups,
    markup::PARAGRAPH_PAUSE,
};
use crate::call::{Lang, Piece, Recording, Speech};

/// What the scripts of one language need beside their text.
#[derive(Clone, Copy)]
pub struct Speaker<'a> {
    /// The language.
    pub lang: Lang,
    /// Its words for keys.
    pub words: &'a Language,
    /// What scripts say by name.
    pub facts: &'a Facts,
    /// What signs are called where a phrase is dictated; `None` where the line does not speak that language.
    pub signs: Option<&'a Punctuation>,
    /// Who runs the line.
    pub operator: &'a str,
    /// How to reach them.
    pub contact: &'a str,
    /// The name of the line that is called, in a transfer.
    pub line: &'a str,
    /// What is spoken there, if it is not this language.
    pub speaks: Option<&'a Script>,
    /// What the caller's language is called, for those who answer for us.
    pub language: &'a str,
    /// How many parts the document has, or digits are missing.
    pub count: usize,
    /// Whether the call is free.
    pub call_is_free: bool,
}

impl<'a> Speaker<'a> {
    /// With what a language has for every line, and nothing of any line.
    pub fn new(lang: Lang, words: &'a Language, facts: &'a Facts) -> Speaker<'a> {
        Speaker {
            lang,
            words,
            facts,
            signs: None,
            operator: "",
            contact: "",
            line: "",
            speaks: None,
            language: "",
            count: 0,
            call_is_free: false,
        }
    }

    /// A script: one speech, or several where words of another language stand in it.
    pub fn speech(&self, script: &Script) -> Vec<Speech> {
        let mut out = Out::new(self.lang);
        self.script(&mut out, script);
        out.finish()
    }

    /// A choice of a menu: the action, then its key. A short rest stands before it.
    pub fn choice(&self, action: &Script, key: char) -> Vec<Speech> {
        let (before, after) = self.words.choice(key);
        let mut out = Out::new(self.lang);
        out.add(Piece::Pause(PARAGRAPH_PAUSE));
        out.add(Piece::Text(before));
        self.script(&mut out, action);
        out.add(Piece::Text(after));
        if action.recording.is_some() {
            // The rest before it was left out: it comes behind its key.
            out.add(Piece::Pause(PARAGRAPH_PAUSE));
        }
        out.finish()
    }

    /// This language naming itself and its key.
    pub fn language_choice(&self, key: char) -> Speech {
        let pause = Piece::Pause(PARAGRAPH_PAUSE / 2);
        ear::speech(self.lang, vec![pause, Piece::Text(self.words.language_choice(key))])
    }

    fn script(&self, out: &mut Out, script: &Script) {
        if let Some(recording) = &script.recording {
            let mut words = Out::new(self.lang);
            self.parts(&mut words, script);
            return out.recorded(recording, words.finish());
        }
        self.parts(out, script);
    }

    fn parts(&self, out: &mut Out, script: &Script) {
        for part in &script.parts {
            match (part, self.speaks) {
                (Part::Variable(Variable::Speaks), Some(speaks)) => self.script(out, speaks),
                (Part::Foreign(lang, words), _) => out.foreign(*lang, words),
                // Names of places are French: no other voice says them.
                (Part::Variable(variable), _) if variable.is_french() && self.lang != Lang::FR => {
                    out.foreign(Lang::FR, &format!("{{{}}}", variable.name()));
                }
                (Part::Dictate(dictated), _) => {
                    if let Some(signs) = self.signs {
                        out.apart(dictate::readings(&dictated.text, signs));
                    }
                }
                _ => match self.piece(part) {
                    Some(piece) => out.add(piece),
                    None => out.trim_end(),
                },
            }
        }
    }

    fn piece(&self, part: &Part) -> Option<Piece> {
        Some(match part {
            Part::Text(words) => Piece::Text(words.clone()),
            Part::Pause(ms) => Piece::Pause(*ms),
            Part::Number(number) => Piece::Spelled {
                written: number.written.clone(),
                spoken: match number.one_by_one {
                    true => digit_by_digit(self.lang, &number.written),
                    false => in_groups(self.lang, &number.written),
                },
            },
            Part::Fact { name, .. } => match self.facts.say(name, self.lang, self.words)? {
                InWords { written, spoken } if written == spoken => Piece::Text(spoken),
                InWords { written, spoken } => Piece::Spelled { written, spoken },
            },
            Part::Value { value, .. } => match self.words.units.say(value, self.lang)? {
                InWords { written, spoken } if written == spoken => Piece::Text(spoken),
                InWords { written, spoken } => Piece::Spelled { written, spoken },
            },
            Part::Press(key) => Piece::Text(self.words.press(*key)),
            Part::Key(key) => Piece::Text(self.words.key(*key)),
            Part::Variable(Variable::Operator) => Piece::Text(self.operator.to_owned()),
            Part::Variable(Variable::Contact) => Piece::Text(self.contact.to_owned()),
            Part::Variable(Variable::Line) => Piece::Text(self.line.to_owned()),
            Part::Variable(Variable::Language) => Piece::Text(self.language.to_owned()),
            Part::Variable(Variable::Count) => Piece::Text(self.count.to_string()),
            Part::Free(words) if self.call_is_free => Piece::Text(words.clone()),
            Part::Free(_) | Part::Variable(Variable::Speaks) | Part::Foreign(..) | Part::Dictate(_) => return None,
            // Filled in during a call: no other text holds curly brackets.
            Part::Variable(variable) => Piece::Text(format!("{{{}}}", variable.name())),
        })
    }
}

/// Speeches that are being made.
struct Out {
    lang: Lang,
    done: Vec<Speech>,
    pieces: Vec<Piece>,
}

impl Out {
    fn new(lang: Lang) -> Out {
        Out { lang, done: Vec::new(), pieces: Vec::new() }
    }

    fn add(&mut self, piece: Piece) {
        let piece = match piece {
            Piece::Text(words) if self.pieces.is_empty() => {
                // A comma after words of another language belongs to them: no voice begins with one.
                let rest = words.trim_start_matches(|c: char| c.is_ascii_punctuation() || c == '»' || c == '…');
                let sign = &words[..words.len() - rest.len()];
                if self.belongs_before(sign) { Piece::Text(rest.trim_start().to_owned()) } else { Piece::Text(words) }
            }
            piece => piece,
        };
        if piece != Piece::Text(String::new()) {
            self.pieces.push(piece);
        }
    }

    /// Gives a sign to the words before it, which are in another voice. What is dictated keeps none but its own.
    fn belongs_before(&mut self, sign: &str) -> bool {
        match self.done.last_mut() {
            Some(before) if before.dictated.is_some() && before.recorded.is_none() => true,
            Some(Speech { pieces, .. }) if !sign.is_empty() => match pieces.last_mut() {
                Some(Piece::Text(before)) => {
                    before.push_str(sign);
                    true
                }
                _ => false,
            },
            _ => false,
        }
    }

    fn foreign(&mut self, lang: Lang, words: &str) {
        self.apart([Speech::new(lang, vec![Piece::Text(words.to_owned())])]);
    }

    /// What somebody has recorded. A rest before it is left out: a recording has its own, and a voice with nothing to say
    /// but a rest is not surely heard.
    fn recorded(&mut self, sound: &Arc<Recording>, words: Vec<Speech>) {
        if self.pieces.iter().all(|piece| matches!(piece, Piece::Pause(_))) {
            self.pieces.clear();
        }
        self.apart([Speech::recorded(self.lang, sound.clone(), words)]);
    }

    /// In another voice.
    fn apart(&mut self, speeches: impl IntoIterator<Item = Speech>) {
        self.close();
        self.done.extend(speeches);
    }

    /// Where a part says nothing, one of the two blanks around it goes.
    fn trim_end(&mut self) {
        if let Some(Piece::Text(words)) = self.pieces.last_mut() {
            words.truncate(words.trim_end().len());
        }
    }

    fn close(&mut self) {
        let mut pieces = std::mem::take(&mut self.pieces);
        let is_word = |piece: &Piece| match piece {
            Piece::Text(words) => !words.trim().is_empty(),
            Piece::Spelled { .. } => true,
            Piece::Pause(_) => false,
        };
        if pieces.iter().any(is_word) {
            return self.done.push(Speech::new(self.lang, pieces));
        }
        // A rest between words of another language is theirs: a voice that says nothing is an error to a provider.
        pieces.retain(|piece| matches!(piece, Piece::Pause(_)));
        if let Some(before) = self.done.last_mut() {
            before.pieces.append(&mut pieces);
        }
    }

    fn finish(mut self) -> Vec<Speech> {
        self.close();
        for speech in &mut self.done {
            // What was recorded, or is dictated, has been through here.
            if speech.recorded.is_none() && speech.dictated.is_none() {
                speech.pieces = ear::pieces(speech.lang, std::mem::take(&mut speech.pieces));
            }
        }
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rest_between_words_of_another_language_is_no_speech_of_its_own() {
        let mut out = Out::new(Lang::EN);
        out.add(Piece::Text("Write: ".into()));
        out.foreign(Lang::FR, "Libre réponse");
        out.add(Piece::Pause(600));
        out.add(Piece::Text(" ".into()));
        out.foreign(Lang::FR, "Paris");
        let speeches = out.finish();
        let langs: Vec<Lang> = speeches.iter().map(|speech| speech.lang).collect();
        assert_eq!(langs, [Lang::EN, Lang::FR, Lang::FR]);
        assert_eq!(speeches[1].pieces, [Piece::Text("Libre réponse".into()), Piece::Pause(600)]);
    }
}
