//! A caller is put through to a centre: announced, `#` stays, silence dials. It is a line like any other, under its number in
//! the list, and answers without a key (T6). One that is closed is not dialled: when it opens is said, and its number.

use super::{
    CentreWord, Phrase, Teller,
    chain::why,
    closed::closed_by_holiday,
    find::{Spoken, number},
    transfer::{have_talked, unanswered},
    turn::Turn,
    world::Find,
};
use crate::{
    call::{Address, Dial, Effect, Fact, Lang, Outcome, Passed, Phase, Seat, Step, Target, Transfer, Verb},
    directory::{Centre, Directory},
    lines::{MAX_RING_SECONDS, hours::Reopens},
};

impl<'w> Turn<'w> {
    /// T1: who is called, and how to stay. Or that it is closed, as far as is known.
    pub(super) fn announce_centre(
        &mut self,
        find: &Find,
        directory: &Directory,
        centre: &Centre,
        teller: Teller<'_>,
    ) -> Spoken {
        if self.is_closed(directory, centre, teller) {
            self.speak_all(&teller.number(centre));
            // `#` leads back to it.
            self.leave_mark();
            return Spoken::On(find.then);
        }
        self.say_once(&find.call);
        if teller.is_strange_to(centre) {
            self.speak_all(&teller.say(CentreWord::InFrench));
        }
        self.phrase(Phrase::ToStay);
        self.state.phase = Phase::BeforeCentre;
        Spoken::Announced
    }

    /// Whether it is closed, which is then said, and when it opens by its own clock. Usual hours are said to be no more.
    fn is_closed(&mut self, directory: &Directory, centre: &Centre, teller: Teller<'_>) -> bool {
        let minute = self.now.minute;
        let Some(known) = directory.hours(centre).filter(|known| !known.hours.is_open(minute)) else { return false };
        let hours = known.hours;
        let reopens = hours.reopens(minute, hours.hours().zone());
        let closed = match (known.usual, closed_by_holiday(hours, minute, reopens)) {
            (false, false) => CentreWord::Closed,
            (false, true) => CentreWord::ClosedHoliday,
            (true, false) => CentreWord::UsuallyClosed,
            (true, true) => CentreWord::UsuallyClosedHoliday,
        };
        self.centre_words(closed);
        let [known_opens, usually_opens] = match reopens {
            Reopens::Today { .. } => [CentreWord::OpensToday, CentreWord::UsuallyOpensToday],
            Reopens::Tomorrow { .. } => [CentreWord::OpensTomorrow, CentreWord::UsuallyOpensTomorrow],
            Reopens::Weekday { .. } => [CentreWord::OpensWeekday, CentreWord::UsuallyOpensWeekday],
            Reopens::Date { .. } => [CentreWord::OpensDate, CentreWord::UsuallyOpensDate],
            Reopens::Open | Reopens::Unknown => return true,
        };
        let opens = if known.usual { usually_opens } else { known_opens };
        self.speak_all(&teller.opens(opens, reopens));
        true
    }

    /// The centre that is being called.
    fn called_centre(&self) -> Option<&'w Centre> {
        self.directory()?.centre(self.state.part.centre()?)
    }

    /// T1: silence after the announcement. Its line must be neither paused nor resting.
    pub(super) fn reserve_centre(mut self) -> Step {
        let Some(centre) = self.called_centre() else {
            self.state.phase = Phase::Place;
            return self.again();
        };
        // How many calls its reception takes, we don't know.
        let seats = vec![Seat { line: centre.finess.line(), counted: centre.finess.line(), capacity: None }];
        self.state.phase = Phase::Reserving;
        Step::Do { state: self.state, effect: Effect::Reserve { seats, ring: MAX_RING_SECONDS, force: false } }
    }

    pub(super) fn centre_reserved(mut self, find: &Find, outcome: Outcome) -> Step {
        let passed = match outcome {
            // Not knowing who else is on the line is no reason to leave a caller alone.
            Outcome::Reserved | Outcome::Partly(_) | Outcome::Unknown => None,
            Outcome::Full => Some(Passed::Full),
            Outcome::Unhealthy | Outcome::Paused => Some(Passed::Resting),
            Outcome::Unreachable => Some(Passed::NotReached),
        };
        let centre = self.called_centre();
        match (passed, centre.and_then(|centre| Some((centre.finess, number(centre)?)))) {
            (None, Some((finess, to))) => {
                let targets = vec![Target { to: Address::Number(to.clone()), lang: Lang::FR }];
                let dial = Dial { targets, ring: MAX_RING_SECONDS, accept: false, star_leaves: false };
                self.facts.push(Fact::TransferTried(finess.line()));
                self.state.phase = Phase::Ringing;
                self.answer(vec![Verb::Dial(dial)])
            }
            (passed, _) => self.centre_passed(find, passed.unwrap_or(Passed::NotReached)),
        }
    }

    /// T7: the two have talked, or nobody answered: what follows is the same, in other words.
    pub(super) fn centre_call_ended(mut self, find: &Find, transfer: Transfer) -> Step {
        let outcome = transfer.outcome;
        let have_talked = have_talked(false, transfer);
        if let Some(finess) = self.state.part.centre() {
            self.transfer_fact(finess.line(), transfer, have_talked);
        }
        if have_talked == Some(true) {
            self.state.answered = true;
            self.state.failures = 0;
            self.unbound = true;
            self.centre_words(CentreWord::Talked);
            return self.go(find.then);
        }
        self.centre_passed(find, unanswered(outcome))
    }

    /// Nobody there could be reached. Why is said, and `#` leads back to the centre.
    pub(super) fn centre_passed(mut self, find: &Find, passed: Passed) -> Step {
        if let Some(phrase) = why(passed) {
            self.phrase(phrase);
        }
        self.go(find.then)
    }
}
