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
    /// Nobody answered there, and nobody else is called.
    NoAnswer,
    /// Nobody answered there, and another one is called next.
    NoAnswerYet,
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
    /// The next line of a chain is tried.
    TryingNext,
    /// How to stay, before a line in another language.
    ToStay,
    /// That `*` leads back from the conversation, before a line for which that is set.
    StarLeaves,
    /// All places of a line are taken by our own callers.
    LineFull,
    /// A line is paused, or rests after failures.
    LineResting,
    /// Every line of a chain was busy.
    AllBusy,
    /// In the middle of a chain.
    StillRinging,
    /// The choice to wait on, there.
    KeyWait,
    /// The choice to hear the numbers, there.
    KeyNumbers,
    /// After a transfer of which is not known whether the two have talked.
    DidYouTalk,
    /// The choice to say yes, there.
    KeyYes,
    /// The choice to try another line, there.
    KeyOtherLine,
    /// It opens later today.
    OpensToday,
    /// It opens tomorrow.
    OpensTomorrow,
    /// It opens on a day of this week.
    OpensWeekday,
    /// It opens later still.
    OpensDate,
    /// How to erase digits.
    Erase,
    /// Nobody knows the place of these digits.
    CodeUnknown,
    /// A postal code is read back.
    CodeRead,
    /// The number of a département is read back.
    DepartmentRead,
    /// The digits mean several départements.
    SeveralDepartments,
    /// Without our server: a number is called now.
    FallbackCall,
    /// Without our server, after that call: the numbers once more.
    FallbackAgain,
}

impl Phrase {
    /// Every phrase, in the order of their numbers.
    pub const ALL: [Phrase; 45] = [
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
        Phrase::NoAnswerYet,
        Phrase::NotReached,
        Phrase::NumbersTwice,
        Phrase::AnyKeyGoesOn,
        Phrase::ReadHint,
        Phrase::ReadEnd,
        Phrase::TryingNext,
        Phrase::ToStay,
        Phrase::StarLeaves,
        Phrase::LineFull,
        Phrase::LineResting,
        Phrase::AllBusy,
        Phrase::StillRinging,
        Phrase::KeyWait,
        Phrase::KeyNumbers,
        Phrase::DidYouTalk,
        Phrase::KeyYes,
        Phrase::KeyOtherLine,
        Phrase::OpensToday,
        Phrase::OpensTomorrow,
        Phrase::OpensWeekday,
        Phrase::OpensDate,
        Phrase::Erase,
        Phrase::CodeUnknown,
        Phrase::CodeRead,
        Phrase::DepartmentRead,
        Phrase::SeveralDepartments,
        Phrase::FallbackCall,
        Phrase::FallbackAgain,
    ];

    /// Said where a document begins, with the number of its parts.
    pub const READ_BEGINS: &str = "phrases/read-begins";
    /// The choice "the part before", at the end of a document.
    pub const READ_PREVIOUS: &str = "phrases/read-previous";
    /// The choice "a person", at the end of a document.
    pub const READ_PERSON: &str = "phrases/read-person";

    /// Said of a line that the provider of a call can't dial, before its number.
    pub const BY_YOURSELF: &str = "phrases/by-yourself";
    /// A line is closed now.
    pub const LINE_CLOSED: &str = "phrases/line-closed";
    /// A line is closed on this public holiday.
    pub const CLOSED_HOLIDAY: &str = "phrases/closed-holiday";
    /// Those in which a line may be named.
    pub const OF_A_LINE: [&str; 3] = [Phrase::BY_YOURSELF, Phrase::LINE_CLOSED, Phrase::CLOSED_HOLIDAY];

    /// The choice to go on, behind digits that were read back.
    pub const ASK_GO_ON: &str = "phrases/key-go-on";
    /// The choice to correct them.
    pub const ASK_CORRECT: &str = "phrases/key-correct";
    /// The choice of one of several départements.
    pub const ASK_DEPARTMENT: &str = "phrases/key-department";
    /// One digit is missing.
    pub const ASK_ONE_MISSING: &str = "phrases/digit-missing";
    /// More digits are missing.
    pub const ASK_MISSING: &str = "phrases/digits-missing";

    /// Every script that the program says by itself.
    pub fn scripts() -> impl Iterator<Item = &'static str> {
        let of_documents = [Phrase::READ_BEGINS, Phrase::READ_PREVIOUS, Phrase::READ_PERSON];
        let of_questions = [
            Phrase::ASK_GO_ON,
            Phrase::ASK_CORRECT,
            Phrase::ASK_DEPARTMENT,
            Phrase::ASK_ONE_MISSING,
            Phrase::ASK_MISSING,
        ];
        let own = Phrase::ALL.into_iter().map(Phrase::script).chain(of_documents).chain(Phrase::OF_A_LINE);
        let own = own.chain(of_questions).chain(super::leg::SCRIPTS);
        own.chain(super::CentreWord::ALL.map(super::CentreWord::script))
    }

    /// The key of a phrase that is a choice.
    pub fn key(self) -> Option<char> {
        match self {
            Phrase::KeyWait | Phrase::KeyYes => Some('1'),
            Phrase::KeyNumbers | Phrase::KeyOtherLine => Some('2'),
            _ => None,
        }
    }

    /// Whether it may say when a line opens.
    pub fn says_when(self) -> bool {
        matches!(self, Phrase::OpensToday | Phrase::OpensTomorrow | Phrase::OpensWeekday | Phrase::OpensDate)
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
            Phrase::NoAnswerYet => "phrases/no-answer-yet",
            Phrase::NotReached => "phrases/not-reached",
            Phrase::NumbersTwice => "phrases/numbers-twice",
            Phrase::AnyKeyGoesOn => "phrases/any-key-goes-on",
            Phrase::ReadHint => "phrases/read-hint",
            Phrase::ReadEnd => "phrases/read-end",
            Phrase::TryingNext => "phrases/trying-next",
            Phrase::ToStay => "phrases/to-stay",
            Phrase::StarLeaves => "phrases/star-leaves",
            Phrase::LineFull => "phrases/line-full",
            Phrase::LineResting => "phrases/line-resting",
            Phrase::AllBusy => "phrases/all-busy",
            Phrase::StillRinging => "phrases/still-ringing",
            Phrase::KeyWait => "phrases/key-wait",
            Phrase::KeyNumbers => "phrases/key-numbers",
            Phrase::DidYouTalk => "phrases/did-you-talk",
            Phrase::KeyYes => "phrases/key-yes",
            Phrase::KeyOtherLine => "phrases/key-other-line",
            Phrase::OpensToday => "phrases/opens-today",
            Phrase::OpensTomorrow => "phrases/opens-tomorrow",
            Phrase::OpensWeekday => "phrases/opens-weekday",
            Phrase::OpensDate => "phrases/opens-date",
            Phrase::Erase => "phrases/erase",
            Phrase::CodeUnknown => "phrases/code-unknown",
            Phrase::CodeRead => "phrases/code-read",
            Phrase::DepartmentRead => "phrases/department-read",
            Phrase::SeveralDepartments => "phrases/several-departments",
            Phrase::FallbackCall => "phrases/fallback-call",
            Phrase::FallbackAgain => "phrases/fallback-again",
        }
    }
}
