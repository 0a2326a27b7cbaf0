//! What is said of one centre, sentence by sentence, from the scripts of `find/` with their blanks filled in. On the phone and
//! on paper the same: whoever asks for the words of a caller gets these.

use std::sync::Arc;

use jiff::civil::Date;

use super::{
    CentreWord, CentreWords, World,
    blanks::{Blank, fill, words},
};
use crate::{
    call::{Age, Lang, Piece, Speech},
    directory::{Audience, Centre, CentreKind, Distance, Found, PostalCodes, in_pairs},
    lines::hours::Reopens,
    script::{InWords, Variable, digit_by_digit, in_groups},
};

/// One centre, and how it was found.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'d> {
    /// The centre.
    pub centre: &'d Centre,
    /// How it was found.
    pub found: Found,
    /// For whom.
    pub age: Age,
    /// Which one it is, counted from 0.
    pub place: usize,
    /// No other comes behind it.
    pub is_last: bool,
}

/// Whoever tells, in one language.
#[derive(Clone, Copy)]
pub struct Teller<'w> {
    world: &'w World,
    words: &'w CentreWords,
    /// The position of the language in the world.
    position: usize,
    lang: Lang,
}

impl<'w> Teller<'w> {
    /// In `lang`; in the first language where none is chosen. `None` where the line tells of no centre.
    pub fn new(world: &'w World, lang: Option<Lang>) -> Option<Teller<'w>> {
        let position = lang.and_then(|lang| world.langs.iter().position(|known| *known == lang)).unwrap_or(0);
        Some(Teller { world, words: world.centres.as_ref()?, position, lang: *world.langs.get(position)? })
    }

    /// Everything that is said of a centre, but for the keys.
    pub fn all(&self, offer: &Offer<'_>, list: (Date, bool)) -> Vec<Arc<Speech>> {
        let mut said = self.head(offer, list.1);
        said.extend(self.number(offer.centre));
        said.extend(self.more(offer.centre));
        said.extend(self.list_date(offer, list));
        said
    }

    /// Words without a blank.
    pub(super) fn say(&self, word: CentreWord) -> Vec<Arc<Speech>> {
        self.words.of(word).language(self.position).to_vec()
    }

    /// Its name, where it is, and whom it receives.
    pub(super) fn head(&self, offer: &Offer<'_>, is_example: bool) -> Vec<Arc<Speech>> {
        let Offer { centre, found, .. } = offer;
        let mut said = Vec::new();
        if offer.place == 0 && is_example {
            said.extend(self.say(CentreWord::Example));
        }
        if offer.place == 0 && offer.age == Age::Teen {
            said.extend(self.say(CentreWord::Teen));
        }
        let commune = if self.lang == Lang::FR { centre.at_commune() } else { centre.commune_spoken() };
        let name = [words(Variable::Centre, &centre.name), words(Variable::Commune, &commune)];
        said.extend(self.fill(CentreWord::Name, &name));
        if let Some(street) = &centre.street {
            said.extend(self.fill(CentreWord::Street, &[words(Variable::Street, street)]));
        }
        said.extend(match Distance::of(found.km, found.same_commune) {
            Distance::SameCommune => self.say(CentreWord::SameCommune),
            Distance::UnderOne => self.say(CentreWord::UnderOneKm),
            Distance::One => self.say(CentreWord::OneKm),
            Distance::About(km) => self.fill(CentreWord::SomeKm, &[words(Variable::Km, &km.to_string())]),
            Distance::Unknown => Vec::new(),
        });
        if found.other_department
            && let Some(department) = PostalCodes::shipped().department(&centre.department)
        {
            let is_french = self.lang == Lang::FR;
            let place = if is_french { department.within_fr } else { department.name };
            said.extend(self.fill(CentreWord::OtherDepartment, &[words(Variable::Place, place)]));
        }
        said.extend(self.say(match (centre.kind, centre.audience) {
            (_, Audience::Adults) => CentreWord::ForAdults,
            (_, Audience::Children) | (CentreKind::Cmpp, Audience::Unknown) => CentreWord::ForChildren,
            (_, Audience::Unknown) => CentreWord::ForWhom,
        }));
        said
    }

    /// Its number, twice; that of its hospital, said as such; or that none is known.
    pub(super) fn number(&self, centre: &Centre) -> Vec<Arc<Speech>> {
        let (mut said, number) = match (&centre.telephone, &centre.switchboard) {
            (Some(number), _) => (Vec::new(), number),
            (None, Some(number)) => (self.say(CentreWord::Switchboard), number),
            (None, None) => return self.say(CentreWord::NoNumber),
        };
        let written = in_pairs(number);
        let spelled = |spoken| Piece::Spelled { written: written.clone(), spoken };
        let twice = [
            (Variable::Number, spelled(in_groups(self.lang, &written))),
            (Variable::NumberSlowly, spelled(digit_by_digit(self.lang, &written))),
        ];
        said.extend(self.fill(CentreWord::Number, &twice));
        said
    }

    /// What the operator knows of it.
    pub(super) fn more(&self, centre: &Centre) -> Vec<Arc<Speech>> {
        let mut said = Vec::new();
        let names = self.words.languages.get(self.position);
        let languages: Vec<&str> =
            centre.more.languages.iter().filter_map(|lang| Some(names?.get(lang)?.as_str())).collect();
        if !languages.is_empty() {
            said.extend(self.fill(CentreWord::Languages, &[words(Variable::Languages, &languages.join(", "))]));
        }
        if centre.more.home_visits == Some(true) {
            said.extend(self.say(CentreWord::HomeVisits));
        }
        let weeks = centre.more.waiting_weeks.filter(|weeks| *weeks > 0);
        let weeks = weeks.and_then(|weeks| self.world.times.get(self.position)?.weeks(weeks));
        if let Some(InWords { written, spoken }) = weeks {
            said.extend(self.fill(CentreWord::Waiting, &[(Variable::Weeks, Piece::Spelled { written, spoken })]));
        }
        said
    }

    /// From which list it is: once, at the last one.
    pub(super) fn list_date(&self, offer: &Offer<'_>, (state, is_example): (Date, bool)) -> Vec<Arc<Speech>> {
        let date = self.world.times.get(self.position).and_then(|times| times.date(state));
        match date.filter(|_| offer.is_last && !is_example) {
            Some(date) => self.fill(CentreWord::ListDate, &[words(Variable::Date, &date)]),
            None => Vec::new(),
        }
    }

    /// When it opens.
    pub(super) fn opens(&self, word: CentreWord, reopens: Reopens) -> Vec<Arc<Speech>> {
        let times = self.world.times.get(self.position);
        let said = self.words.of(word).language(self.position).iter();
        let filled: Option<Vec<_>> = said.map(|speech| times?.fill(speech, reopens).map(Arc::new)).collect();
        filled.unwrap_or_default()
    }

    /// Whether the reception must be expected not to speak this language.
    pub(super) fn is_strange_to(&self, centre: &Centre) -> bool {
        self.lang != Lang::FR && !centre.more.languages.contains(&self.lang)
    }

    /// The words with their blanks filled in.
    fn fill(&self, word: CentreWord, blanks: &[Blank]) -> Vec<Arc<Speech>> {
        let said = self.words.of(word).language(self.position).iter();
        said.map(|speech| fill(speech, blanks)).collect()
    }
}
