//! The nearest centres, one after the other: which one is at hand, and what keys do there. What is said of one stands in
//! `tell`, the call to it in `centre_call`. The part of the place is the number of the centre: never a position, which an
//! import could change.

use super::{
    CentreWord, Offer, Standing, Teller,
    ladder::Failure,
    turn::Turn,
    world::{Find, Kind, Node},
};
use crate::{
    call::{Age, AtHand, Fact, Key, NodeId, PartId, Phase, Step, UniversalKey},
    directory::{self, Centre, Directory, Found, Lookup, Origin, PostalCodes},
    flow::Whom,
};

/// What came of a place where centres are told.
pub(super) enum Spoken {
    /// A centre was told.
    Page,
    /// A call to it was announced.
    Announced,
    /// There is nothing to tell, or the centre is closed: what follows.
    On(NodeId),
}

/// The centres of a caller, and which one is at hand.
pub(super) struct Offers<'d> {
    pub(super) directory: &'d Directory,
    list: Vec<(&'d Centre, Found)>,
    at: usize,
    age: Age,
}

impl<'d> Offers<'d> {
    pub(super) fn offer(&self) -> Option<Offer<'d>> {
        let (centre, found) = *self.list.get(self.at)?;
        Some(Offer { centre, found, age: self.age, place: self.at, is_last: self.at + 1 == self.list.len() })
    }

    fn part(&self, at: usize) -> Option<PartId> {
        self.list.get(at).map(|(centre, _)| PartId::of_centre(centre.finess))
    }
}

impl<'w> Turn<'w> {
    /// The directory, if it can be believed. Where there is none but the time says there is, somebody walks the line: through
    /// the example.
    pub(super) fn directory(&self) -> Option<&'w Directory> {
        let known = self.world.directory.as_deref();
        (self.now.directory == Standing::Ready).then(|| known.unwrap_or(Directory::example()))
    }

    /// From where the caller asks.
    fn asks_from(&self) -> Option<(Origin, Option<String>)> {
        let place = self.state.origin?;
        let department = place.department.number();
        let code = place.code.map(|code| code.digits());
        let Some(code) = code else { return Some((Origin::department(department)?, None)) };
        let communes = match PostalCodes::shipped().get(&code) {
            Lookup::Known(communes) => communes,
            Lookup::Unknown { .. } => Vec::new(),
        };
        let own: Vec<_> = communes.into_iter().filter(|commune| commune.department == department).collect();
        Some((Origin::communes(&own).or_else(|| Origin::department(department))?, Some(code)))
    }

    /// The centres for this caller; none where there is nothing to tell.
    pub(super) fn offers(&self, node: &Node, find: &Find) -> Option<Offers<'w>> {
        let directory = self.directory()?;
        let before = self.state.centre;
        let age = match find.whom {
            Whom::Adults => Age::Adult,
            Whom::Teenagers => Age::Teen,
            Whom::Children => Age::Child,
            Whom::Next | Whom::Again => before?.age,
        };
        let (origin, code) = self.asks_from()?;
        let list = directory.nearest(&origin, code.as_deref(), wanted(age), 0..find.most);
        let position = |finess| list.iter().position(|(centre, _)| centre.finess == finess);
        let at_hand = || before.and_then(|before| position(before.centre));
        let at = match (self.part_in(node).centre(), find.whom) {
            (Some(finess), _) => position(finess).unwrap_or(0),
            (None, Whom::Next) => at_hand().map_or(0, |at| at + 1),
            (None, Whom::Again) => at_hand()?,
            (None, _) => 0,
        };
        (at < list.len()).then_some(Offers { directory, list, at, age })
    }

    /// Where in the node; at its beginning when the caller comes from words before it.
    fn part_in(&self, node: &Node) -> PartId {
        if self.state.node == node.id { self.state.part } else { PartId::BEGINNING }
    }

    pub(super) fn centre_words(&mut self, word: CentreWord) {
        if let Some(teller) = Teller::new(self.world, self.state.lang) {
            self.speak_all(&teller.say(word));
        }
    }

    /// Tells the centre at hand; or announces the call to it, where that is wished for.
    pub(super) fn speak_find(&mut self, node: &Node, find: &Find, calling: bool) -> Spoken {
        let offers = self.offers(node, find);
        let told = offers.as_ref().and_then(|offers| Some((offers, offers.offer()?)));
        let (Some((offers, offer)), Some(teller)) = (told, Teller::new(self.world, self.state.lang)) else {
            let is_more = matches!(find.whom, Whom::Next | Whom::Again);
            self.centre_words(if is_more { CentreWord::NoMore } else { CentreWord::Nothing });
            return Spoken::On(find.none);
        };
        let again = find.whom == Whom::Again && self.part_in(node) == PartId::BEGINNING;
        if !self.cut_short() {
            let is_first = self.part_in(node) == PartId::BEGINNING && !matches!(find.whom, Whom::Next | Whom::Again);
            let department = self.state.origin.filter(|_| is_first).map(|origin| origin.department);
            self.facts.extend(department.map(Fact::LookedUp));
            self.state.node = node.id;
            self.state.part = PartId::of_centre(offer.centre.finess);
            self.state.centre = Some(AtHand { centre: offer.centre.finess, age: offers.age });
        }
        let is_reached = number(offer.centre).is_some();
        if (calling || again) && is_reached {
            return self.announce_centre(find, offers.directory, offer.centre, teller);
        }
        let list = (offers.directory.state, offers.directory.is_example());
        if !self.choices_only {
            self.speak_all(&teller.head(&offer, list.1));
        }
        if is_reached {
            self.say_once(&find.key_call);
        }
        self.speak_all(&teller.number(offer.centre));
        if !self.choices_only {
            self.speak_all(&teller.more(offer.centre));
            self.speak_all(&teller.list_date(&offer, list));
        }
        self.speak_all(&teller.say(CentreWord::Slowly));
        let next = if offer.is_last { CentreWord::KeyOtherWays } else { CentreWord::KeyNext };
        self.speak_all(&teller.say(next));
        if is_reached {
            self.speak_all(&teller.say(CentreWord::KeyWrongNumber));
        }
        Spoken::Page
    }

    /// A key where a centre is told, or before it is called. Key 9 was obeyed already.
    pub(super) fn find_key(mut self, node: &Node, find: &Find, key: Key) -> Step {
        let meaning = UniversalKey::of(key);
        if self.state.phase == Phase::BeforeCentre {
            return match meaning {
                Some(UniversalKey::Back) => {
                    // The caller stays where they were.
                    self.state.failures = 0;
                    self.phrase(super::Phrase::Back);
                    self.state.phase = Phase::Place;
                    self.again()
                }
                Some(meaning) => self.universal(meaning, node.id),
                None => self.failure(Failure::WrongKey),
            };
        }
        let offers = self.offers(node, find);
        let at = offers.as_ref().map_or(0, |offers| offers.at);
        let to = |at: usize| offers.as_ref().and_then(|offers| offers.part(at));
        let offer = offers.as_ref().and_then(Offers::offer);
        let is_reached = offer.is_some_and(|offer| number(offer.centre).is_some());
        let continues = matches!(find.whom, Whom::Next | Whom::Again);
        match (meaning, key.to_char()) {
            (Some(UniversalKey::Repeat), _) => {
                // K4: what callers write down comes slowly.
                self.slowly = true;
                self.universal(UniversalKey::Repeat, node.id)
            }
            // K5: one step back is the centre before.
            (Some(UniversalKey::Back), _) if at > 0 && !continues => {
                self.phrase(super::Phrase::Back);
                self.show_centre(node, to(at - 1))
            }
            (Some(meaning), _) => self.universal(meaning, node.id),
            (None, '1') if is_reached => {
                self.state.failures = 0;
                self.state.phase = Phase::BeforeCentre;
                self.again()
            }
            (None, '2') => match to(at + 1) {
                Some(part) => self.show_centre(node, Some(part)),
                None => self.no_more(find),
            },
            (None, '3') if is_reached => {
                self.facts.extend(offer.map(|offer| Fact::NumberReported(offer.centre.finess)));
                self.centre_words(CentreWord::Noted);
                match to(at + 1) {
                    Some(part) => {
                        self.centre_words(CentreWord::HereIsNext);
                        self.show_centre(node, Some(part))
                    }
                    None => {
                        self.centre_words(CentreWord::NoMore);
                        self.no_more(find)
                    }
                }
            }
            _ => self.failure(Failure::WrongKey),
        }
    }

    fn show_centre(mut self, node: &Node, part: Option<PartId>) -> Step {
        self.state.failures = 0;
        self.state.node = node.id;
        self.state.part = part.unwrap_or(PartId::BEGINNING);
        self.again()
    }

    fn no_more(mut self, find: &Find) -> Step {
        self.state.failures = 0;
        self.go(find.none)
    }

    /// The node where centres are told at which the call stands.
    pub(super) fn at_find(&self) -> Option<&'w Find> {
        match self.world.node(self.state.node).map(|node| &node.kind) {
            Some(Kind::Find(find)) => Some(find),
            _ => None,
        }
    }
}

/// How it is called: by its own number, else by that of its hospital.
pub(super) fn number(centre: &Centre) -> Option<&crate::call::E164> {
    centre.telephone.as_ref().or(centre.switchboard.as_ref())
}

/// For whom, in the words of the directory.
pub(super) fn wanted(age: Age) -> directory::Wanted {
    match age {
        Age::Adult => directory::Wanted::Adults,
        Age::Teen => directory::Wanted::Teen,
        Age::Child => directory::Wanted::Children,
    }
}
