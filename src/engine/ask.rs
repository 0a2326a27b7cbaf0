//! Digits: they are typed, completed, read back with the name of the place, and only then they count (E1 to E9, L9 of the
//! call tree). What digits mean stands in `places`, how far a caller has come in [`Entry`].

use std::sync::Arc;

use super::{
    Phrase, blanks,
    ladder::Failure,
    places::{self, Found},
    turn::Turn,
    world::{Ask, Node, Said},
};
use crate::{
    call::{Asking, Digits, Entry, Key, Keys, Lang, Piece, Speech, Step, Typed, UniversalKey},
    flow::Wanted,
    script::{Variable, digit_by_digit, ear},
};

/// Numbers of urgent help, which people dial when they are told to type digits (E4).
const URGENT: [&str; 7] = ["9", "15", "17", "18", "112", "114", "3114"];
/// Those of them that are départements, too.
const ALSO_DEPARTMENTS: [&str; 3] = ["15", "17", "18"];

impl Turn<'_> {
    /// Speaks what is asked at the present place. The digits that are missing are the keys that are awaited.
    pub(super) fn speak_ask(&mut self, node: &Node, ask: &Ask) {
        let mut entry = self.entry(node);
        let found = places::of(&entry.typed.digits());
        // What digits mean may have changed since: they are asked for again.
        let stands = match entry.asking {
            Asking::Digits => true,
            Asking::ReadBack => found.len() == 1,
            Asking::Which => found.len() > 1,
        };
        if !stands {
            entry = entry.anew();
        }
        if !self.cut_short() {
            self.state.node = node.id;
            self.state.part = entry.part();
        }
        let words = &self.world.asks;
        match entry.asking {
            Asking::Digits => {
                let missing = most(ask.wanted, &entry).saturating_sub(entry.typed.digits().len()).max(1);
                self.digits = Digits::UpTo(u8::try_from(missing).unwrap_or(1));
                if entry.typed.is_empty() {
                    self.say_once(&ask.say);
                } else {
                    self.say_once(&words.missing[missing.min(words.missing.len()) - 1]);
                    self.phrase_once(Phrase::Erase);
                }
            }
            Asking::ReadBack => {
                self.read_back(&entry);
                found.iter().for_each(|found| self.name(&found.name));
                self.say_once(&words.go_on);
                self.say_once(&words.correct[0]);
            }
            Asking::Which => {
                self.read_back(&entry);
                self.phrase_once(Phrase::SeveralDepartments);
                for (found, said) in found.iter().zip(&words.departments) {
                    // "dans l'Ain" belongs to a French sentence; in another one its name stands alone.
                    let is_french = self.words_once(said).first().is_some_and(|speech| speech.lang == Lang::FR);
                    let name = if is_french { found.department.within_fr } else { found.department.name };
                    self.filled(said, "", name);
                }
                if let Some(correct) = words.correct.get(found.len() - 1) {
                    self.say_once(correct);
                }
            }
        }
    }

    /// Where the caller stands in the node; at its beginning when they come from words before it.
    fn entry(&self, node: &Node) -> Entry {
        if self.state.node == node.id { Entry::of(self.state.part) } else { Entry::default() }
    }

    /// Whether silence is no failure here (L8).
    pub(super) fn reads_back(&self, node: &Node) -> bool {
        self.entry(node).asking == Asking::ReadBack
    }

    fn stand_in(&mut self, node: &Node, entry: Entry) {
        self.state.node = node.id;
        self.state.part = entry.part();
    }

    /// Keys were pressed where digits are asked for, or were read back. `changed`: the node has changed since it spoke.
    pub(super) fn ask_keys(mut self, node: &Node, ask: &Ask, keys: &Keys, changed: bool) -> Step {
        let entry = self.entry(node);
        if entry.asking == Asking::Digits {
            return self.typed(node, ask, entry, keys, changed);
        }
        let Some(key) = keys.first() else { return self.failure(Failure::WrongKey) };
        let meaning = UniversalKey::of(key);
        if meaning == Some(UniversalKey::Urgent) {
            return self.urgent();
        }
        if changed && meaning != Some(UniversalKey::Main) {
            return self.choices_changed();
        }
        match meaning {
            Some(UniversalKey::Back) => {
                self.state.failures = 0;
                if entry.closed {
                    self.phrase(Phrase::Back);
                    self.stand_in(node, entry.anew());
                } else {
                    // E8: many people end the digits with it.
                    self.stand_in(node, Entry { closed: true, ..entry });
                }
                self.again()
            }
            Some(meaning) => self.universal(meaning, node.id),
            None => self.ask_choice(node, ask, entry, key),
        }
    }

    /// A key behind digits that were read back.
    fn ask_choice(mut self, node: &Node, ask: &Ask, entry: Entry, key: Key) -> Step {
        let found = places::of(&entry.typed.digits());
        let choice = usize::from(key.as_digit().unwrap_or(0));
        if choice == 0 || choice > found.len() + 1 || choice > self.world.asks.departments.len() {
            return self.failure(Failure::WrongKey);
        }
        self.state.failures = 0;
        match found.get(choice - 1) {
            Some(found) => {
                let origin = found.clone();
                self.known(node, ask, entry, &origin)
            }
            None => {
                self.stand_in(node, entry.anew());
                self.again()
            }
        }
    }

    /// The caller has said yes: the way back leads to the read-back.
    fn known(mut self, node: &Node, ask: &Ask, entry: Entry, found: &Found) -> Step {
        self.state.origin = Some(found.origin);
        self.stand_in(node, Entry { silent: false, closed: true, ..entry });
        self.go(ask.then)
    }

    /// Silence where digits are asked for. L8: behind a read-back the second one is a yes.
    pub(super) fn ask_silence(mut self, node: &Node, ask: &Ask) -> Step {
        let entry = self.entry(node);
        if entry.asking != Asking::ReadBack {
            return self.failure(Failure::Silence);
        }
        let found = places::of(&entry.typed.digits());
        match found.first().filter(|_| entry.silent) {
            Some(found) => self.known(node, ask, entry, found),
            None => {
                self.stand_in(node, Entry { silent: true, ..entry });
                self.again()
            }
        }
    }

    /// What was typed, together with what was typed before.
    fn typed(mut self, node: &Node, ask: &Ask, entry: Entry, keys: &Keys, changed: bool) -> Step {
        let keys = keys.as_slice();
        // E1: `#` ends it; E2: what stands before the last star is dropped.
        let end = keys.iter().position(|key| *key == Key::HASH);
        let (closed, keys) = (end.is_some(), &keys[..end.unwrap_or(keys.len())]);
        let star = keys.iter().rposition(|key| *key == Key::STAR);
        let new: String = keys[star.map_or(0, |at| at + 1)..].iter().map(|key| key.to_char()).collect();
        let entry = if star.is_some() { entry.anew() } else { entry };
        let all = entry.typed.digits() + &new;
        let kept = Entry { typed: Typed::of(&all), ..entry };
        if is_urgent(ask.wanted, &all) && !new.is_empty() {
            // E4: `#` there gives the digits back. No postal code begins with 99.
            self.stand_in(node, if all.starts_with("99") { entry.anew() } else { kept });
            return self.urgent();
        }
        if changed {
            return self.choices_changed();
        }
        let lone = (all.len() == 1).then(|| all.chars().next().and_then(Key::from_char).and_then(UniversalKey::of));
        match lone.flatten() {
            // E5
            Some(meaning) if closed && meaning != UniversalKey::Urgent => {
                self.stand_in(node, entry.anew());
                return self.universal(meaning, node.id);
            }
            _ => {}
        }
        if all.is_empty() {
            if closed {
                // E3
                return self.universal(UniversalKey::Back, node.id);
            }
            self.stand_in(node, entry);
            return if star.is_some() { self.asked_again() } else { self.failure(Failure::WrongKey) };
        }
        self.complete(node, ask, kept, closed, !new.is_empty())
    }

    /// Digits that may be enough. `new`: some of them have just been typed.
    fn complete(mut self, node: &Node, ask: &Ask, entry: Entry, closed: bool, new: bool) -> Step {
        let digits = entry.typed.digits();
        let overseas = is_overseas(&digits);
        // E6: where a postal code is asked for, two digits and `#` name a département.
        let names_one = closed && digits.len() == if overseas { 3 } else { 2 };
        let entry = Entry { short: entry.short || closed && overseas && digits.len() == 2, ..entry };
        let most = most(ask.wanted, &entry);
        if digits.len() >= most || names_one && !(is_urgent(ask.wanted, &digits)) {
            let typed = Typed::of(if names_one { &digits } else { &digits[..most] });
            return self.looked_up(node, ask, Entry { typed, ..entry }, closed);
        }
        self.stand_in(node, entry);
        if new {
            return self.asked_again();
        }
        if is_urgent(ask.wanted, &digits) {
            // They have led to urgent help already: `#` leads on.
            self.stand_in(node, entry.anew());
            return self.universal(UniversalKey::Back, node.id);
        }
        self.failure(Failure::WrongKey)
    }

    fn looked_up(mut self, node: &Node, ask: &Ask, entry: Entry, closed: bool) -> Step {
        self.state.failures = 0;
        let asking = match places::of(&entry.typed.digits()).len() {
            0 => return self.unknown_place(node, ask, entry),
            1 => Asking::ReadBack,
            _ => Asking::Which,
        };
        self.stand_in(node, Entry { asking, closed, silent: false, ..entry });
        self.again()
    }

    /// L9: asked once more, then in another way. Nobody is called twice for it.
    fn unknown_place(mut self, node: &Node, ask: &Ask, entry: Entry) -> Step {
        self.phrase(Phrase::CodeUnknown);
        self.stand_in(node, Entry { unknown: true, ..Entry::default() });
        let roles = self.world.roles;
        if !entry.unknown {
            self.again()
        } else if ask.unknown == roles.person && self.state.answered {
            self.phrase(Phrase::NumbersTwice);
            self.go(roles.numbers)
        } else {
            self.go(ask.unknown)
        }
    }

    /// Digits are no failure, even if they are too few.
    fn asked_again(mut self) -> Step {
        self.state.failures = 0;
        self.again()
    }

    /// E7: the digits, one by one.
    fn read_back(&mut self, entry: &Entry) {
        let digits = entry.typed.digits();
        let world = self.world;
        let said = if digits.len() == Typed::MOST { Phrase::CodeRead } else { Phrase::DepartmentRead };
        self.filled(world.phrase(said), &digits, "");
    }

    /// The name of a place, in its own voice.
    fn name(&mut self, name: &str) {
        let pieces = vec![Piece::Text(format!("{name}."))];
        self.speak(&Arc::new(ear::speech(Lang::FR, pieces)));
    }

    fn phrase_once(&mut self, phrase: Phrase) {
        let world = self.world;
        self.say_once(world.phrase(phrase));
    }

    /// Says it with its blanks filled in: the digits that were typed, and the name of a place.
    fn filled(&mut self, said: &Said, digits: &str, place: &str) {
        let written = digits.chars().map(String::from).collect::<Vec<_>>().join(" ");
        let fill = |speech: &Arc<Speech>| {
            let spoken = digit_by_digit(speech.lang, &written);
            let code = Piece::Spelled { written: written.clone(), spoken };
            blanks::fill(speech, &[(Variable::Code, code), blanks::words(Variable::Place, place)])
        };
        let speeches: Vec<_> = self.words_once(said).iter().map(fill).collect();
        self.speak_all(&speeches);
    }
}

/// How many digits make an answer.
fn most(wanted: Wanted, entry: &Entry) -> usize {
    match wanted {
        Wanted::PostalCode if !entry.short => 5,
        _ if is_overseas(&entry.typed.digits()) => 3,
        _ => 2,
    }
}

/// Whether a département with these first digits has three.
fn is_overseas(digits: &str) -> bool {
    digits.starts_with("97") || digits.starts_with("98")
}

/// E4. Whoever types one of these is ended by `#` or by silence: they are no whole answer, but for those of a département.
fn is_urgent(wanted: Wanted, digits: &str) -> bool {
    let is_department = wanted == Wanted::Department && ALSO_DEPARTMENTS.contains(&digits);
    digits.starts_with("99") || URGENT.contains(&digits) && !is_department
}
