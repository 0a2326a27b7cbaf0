//! What the program says by itself of centres, each a script in `audio_scripts/<language>/find/`.

use std::collections::BTreeMap;

use super::Said;
use crate::{call::Lang, script::Variable};

/// Some words about a centre.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(usize)]
pub enum CentreWord {
    /// That the centres are an example.
    Example,
    /// At 16 or 17: whom to call.
    Teen,
    /// Its name, and where it is.
    Name,
    /// Its street.
    Street,
    /// It is in the caller's commune.
    SameCommune,
    /// It is nearer than a kilometre.
    UnderOneKm,
    /// It is about a kilometre away.
    OneKm,
    /// It is some kilometres away.
    SomeKm,
    /// It is in another département.
    OtherDepartment,
    /// It receives adults.
    ForAdults,
    /// It receives children and teenagers.
    ForChildren,
    /// Whom it receives is not known.
    ForWhom,
    /// The choice to call it.
    KeyCall,
    /// Its number, twice.
    Number,
    /// Before the number of its hospital.
    Switchboard,
    /// Its number is not known.
    NoNumber,
    /// The languages that are spoken there.
    Languages,
    /// They come to people's homes.
    HomeVisits,
    /// How long one waits there.
    Waiting,
    /// From which list it is.
    ListDate,
    /// How to hear it again.
    Slowly,
    /// The choice of the next one.
    KeyNext,
    /// The choice of other ways, where there is no next one.
    KeyOtherWays,
    /// The choice to say that a number did not work.
    KeyWrongNumber,
    /// That this is noted.
    Noted,
    /// Before the next one.
    HereIsNext,
    /// There is no other.
    NoMore,
    /// There is none.
    Nothing,
    /// It is closed now.
    Closed,
    /// It is closed on this holiday.
    ClosedHoliday,
    /// It opens later today.
    OpensToday,
    /// It opens tomorrow.
    OpensTomorrow,
    /// It opens on a day of this week.
    OpensWeekday,
    /// It opens later still.
    OpensDate,
    /// Centres are closed now, as a rule.
    UsuallyClosed,
    /// Centres are closed on this holiday, as a rule.
    UsuallyClosedHoliday,
    /// They open later today, as a rule.
    UsuallyOpensToday,
    /// They open tomorrow, as a rule.
    UsuallyOpensTomorrow,
    /// They open on a day of this week, as a rule.
    UsuallyOpensWeekday,
    /// They open later still, as a rule.
    UsuallyOpensDate,
    /// To callers in another language: what is spoken there.
    InFrench,
    /// After a conversation.
    Talked,
}

impl CentreWord {
    /// All of them, in the order of their numbers.
    pub const ALL: [CentreWord; 42] = [
        CentreWord::Example,
        CentreWord::Teen,
        CentreWord::Name,
        CentreWord::Street,
        CentreWord::SameCommune,
        CentreWord::UnderOneKm,
        CentreWord::OneKm,
        CentreWord::SomeKm,
        CentreWord::OtherDepartment,
        CentreWord::ForAdults,
        CentreWord::ForChildren,
        CentreWord::ForWhom,
        CentreWord::KeyCall,
        CentreWord::Number,
        CentreWord::Switchboard,
        CentreWord::NoNumber,
        CentreWord::Languages,
        CentreWord::HomeVisits,
        CentreWord::Waiting,
        CentreWord::ListDate,
        CentreWord::Slowly,
        CentreWord::KeyNext,
        CentreWord::KeyOtherWays,
        CentreWord::KeyWrongNumber,
        CentreWord::Noted,
        CentreWord::HereIsNext,
        CentreWord::NoMore,
        CentreWord::Nothing,
        CentreWord::Closed,
        CentreWord::ClosedHoliday,
        CentreWord::OpensToday,
        CentreWord::OpensTomorrow,
        CentreWord::OpensWeekday,
        CentreWord::OpensDate,
        CentreWord::UsuallyClosed,
        CentreWord::UsuallyClosedHoliday,
        CentreWord::UsuallyOpensToday,
        CentreWord::UsuallyOpensTomorrow,
        CentreWord::UsuallyOpensWeekday,
        CentreWord::UsuallyOpensDate,
        CentreWord::InFrench,
        CentreWord::Talked,
    ];

    /// The id of its script.
    pub fn script(self) -> &'static str {
        match self {
            CentreWord::Example => "find/example",
            CentreWord::Teen => "find/teen",
            CentreWord::Name => "find/name",
            CentreWord::Street => "find/street",
            CentreWord::SameCommune => "find/same-commune",
            CentreWord::UnderOneKm => "find/under-one-km",
            CentreWord::OneKm => "find/one-km",
            CentreWord::SomeKm => "find/some-km",
            CentreWord::OtherDepartment => "find/other-department",
            CentreWord::ForAdults => "find/for-adults",
            CentreWord::ForChildren => "find/for-children",
            CentreWord::ForWhom => "find/for-whom",
            CentreWord::KeyCall => "find/key-call",
            CentreWord::Number => "find/number",
            CentreWord::Switchboard => "find/switchboard",
            CentreWord::NoNumber => "find/no-number",
            CentreWord::Languages => "find/languages",
            CentreWord::HomeVisits => "find/home-visits",
            CentreWord::Waiting => "find/waiting",
            CentreWord::ListDate => "find/list-date",
            CentreWord::Slowly => "find/slowly",
            CentreWord::KeyNext => "find/key-next",
            CentreWord::KeyOtherWays => "find/key-other-ways",
            CentreWord::KeyWrongNumber => "find/key-wrong-number",
            CentreWord::Noted => "find/noted",
            CentreWord::HereIsNext => "find/here-is-next",
            CentreWord::NoMore => "find/no-more",
            CentreWord::Nothing => "find/nothing",
            CentreWord::Closed => "find/closed",
            CentreWord::ClosedHoliday => "find/closed-holiday",
            CentreWord::OpensToday => "find/opens-today",
            CentreWord::OpensTomorrow => "find/opens-tomorrow",
            CentreWord::OpensWeekday => "find/opens-weekday",
            CentreWord::OpensDate => "find/opens-date",
            CentreWord::UsuallyClosed => "find/usually-closed",
            CentreWord::UsuallyClosedHoliday => "find/usually-closed-holiday",
            CentreWord::UsuallyOpensToday => "find/usually-opens-today",
            CentreWord::UsuallyOpensTomorrow => "find/usually-opens-tomorrow",
            CentreWord::UsuallyOpensWeekday => "find/usually-opens-weekday",
            CentreWord::UsuallyOpensDate => "find/usually-opens-date",
            CentreWord::InFrench => "find/in-french",
            CentreWord::Talked => "find/talked",
        }
    }

    /// The key of those that are choices.
    pub fn key(self) -> Option<char> {
        match self {
            CentreWord::KeyCall => Some('1'),
            CentreWord::KeyNext | CentreWord::KeyOtherWays => Some('2'),
            CentreWord::KeyWrongNumber => Some('3'),
            _ => None,
        }
    }

    /// Whether it may say when a centre opens.
    pub fn says_when(self) -> bool {
        let script = self.script();
        script.contains("opens-")
    }

    /// What it may say beside its words.
    pub fn blanks(self) -> &'static [Variable] {
        match self {
            CentreWord::Name => &[Variable::Centre, Variable::Commune],
            CentreWord::Street => &[Variable::Street],
            CentreWord::SomeKm => &[Variable::Km],
            CentreWord::OtherDepartment => &[Variable::Place],
            CentreWord::Number => &[Variable::Number, Variable::NumberSlowly],
            CentreWord::Languages => &[Variable::Languages],
            CentreWord::Waiting => &[Variable::Weeks],
            CentreWord::ListDate => &[Variable::Date],
            _ => &[],
        }
    }
}

/// The words about centres, in every language.
#[derive(Debug)]
pub struct CentreWords {
    /// By `CentreWord as usize`.
    pub(super) said: Vec<Said>,
    /// By the position of the language in the world: what it calls languages.
    pub(super) languages: Vec<BTreeMap<Lang, String>>,
}

impl CentreWords {
    /// The words.
    pub(super) fn of(&self, word: CentreWord) -> &Said {
        &self.said[word as usize]
    }
}
