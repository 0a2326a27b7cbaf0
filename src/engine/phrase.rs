//! The phrases that the engine says by itself, each a script in `audio_scripts/<language>/phrases/`.

/// A phrase of the engine.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(usize)]
pub enum Phrase {
    /// `*`.
    Repeat,
    /// 7.
    Slower,
    /// 7 again.
    NormalPace,
    /// `#`.
    Back,
    /// `#` with nothing behind.
    AtMainMenu,
    /// A language was chosen under 8.
    LanguageChanged,
    /// While no language is chosen: how to get this one.
    LanguageHint,
    /// A key without a role.
    WrongKey,
    /// First silence.
    TakeYourTime,
    /// Second failure.
    MoreSlowly,
    /// A person is called next, if no key is pressed.
    PersonNext,
    /// Second failure at arrival: the way for those who can't speak.
    CannotSpeak,
    /// The keys have changed since they were spoken.
    MenuChanged,
    /// An error, or a place that no longer exists.
    Fault,
    /// The line that was called is busy or full.
    Busy,
    /// Nobody answered there.
    NoAnswer,
    /// It could not be reached.
    NotReached,
    /// The numbers follow, twice.
    NumbersTwice,
    /// Before the gentle end: any key goes on.
    AnyKeyGoesOn,
    /// The keys of a document, after a first part.
    ReadHint,
    /// A document is over.
    ReadEnd,
}

impl Phrase {
    /// Every phrase, in the order of their numbers.
    pub const ALL: [Phrase; 21] = [
        Phrase::Repeat,
        Phrase::Slower,
        Phrase::NormalPace,
        Phrase::Back,
        Phrase::AtMainMenu,
        Phrase::LanguageChanged,
        Phrase::LanguageHint,
        Phrase::WrongKey,
        Phrase::TakeYourTime,
        Phrase::MoreSlowly,
        Phrase::PersonNext,
        Phrase::CannotSpeak,
        Phrase::MenuChanged,
        Phrase::Fault,
        Phrase::Busy,
        Phrase::NoAnswer,
        Phrase::NotReached,
        Phrase::NumbersTwice,
        Phrase::AnyKeyGoesOn,
        Phrase::ReadHint,
        Phrase::ReadEnd,
    ];

    /// Said where a document begins, with the number of its parts.
    pub const READ_BEGINS: &str = "phrases/read-begins";
    /// The choice "the part before", at the end of a document.
    pub const READ_PREVIOUS: &str = "phrases/read-previous";
    /// The choice "a person", at the end of a document.
    pub const READ_PERSON: &str = "phrases/read-person";

    /// Every script that the program says by itself.
    pub fn scripts() -> impl Iterator<Item = &'static str> {
        let of_documents = [Phrase::READ_BEGINS, Phrase::READ_PREVIOUS, Phrase::READ_PERSON];
        Phrase::ALL.into_iter().map(Phrase::script).chain(of_documents).chain(super::leg::SCRIPTS)
    }

    /// The id of its script.
    pub fn script(self) -> &'static str {
        match self {
            Phrase::Repeat => "phrases/repeat",
            Phrase::Slower => "phrases/slower",
            Phrase::NormalPace => "phrases/normal-pace",
            Phrase::Back => "phrases/back",
            Phrase::AtMainMenu => "phrases/at-main-menu",
            Phrase::LanguageChanged => "phrases/language-changed",
            Phrase::LanguageHint => "phrases/language-hint",
            Phrase::WrongKey => "phrases/wrong-key",
            Phrase::TakeYourTime => "phrases/take-your-time",
            Phrase::MoreSlowly => "phrases/more-slowly",
            Phrase::PersonNext => "phrases/person-next",
            Phrase::CannotSpeak => "phrases/cannot-speak",
            Phrase::MenuChanged => "phrases/menu-changed",
            Phrase::Fault => "phrases/fault",
            Phrase::Busy => "phrases/busy",
            Phrase::NoAnswer => "phrases/no-answer",
            Phrase::NotReached => "phrases/not-reached",
            Phrase::NumbersTwice => "phrases/numbers-twice",
            Phrase::AnyKeyGoesOn => "phrases/any-key-goes-on",
            Phrase::ReadHint => "phrases/read-hint",
            Phrase::ReadEnd => "phrases/read-end",
        }
    }
}
