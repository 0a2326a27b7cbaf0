//! The labels of metrics, and what may stand in them: closed lists, so that nothing of a caller ever can.

use crate::{call::Outcome, journal::StoreState};

macro_rules! values {
    ($(#[$doc:meta])* $list:ident { $($(#[$of:meta])* $variant:ident $name:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum $list {
            $($(#[$of])* $variant,)*
        }

        impl $list {
            /// Every one, in the order in which they are shown.
            pub const ALL: [$list; [$($name),*].len()] = [$($list::$variant),*];

            /// The name, as a label's value.
            pub fn name(self) -> &'static str {
                match self { $($list::$variant => $name,)* }
            }
        }
    };
}

values! {
    /// Why a line was passed over.
    Skip {
        /// It holds as many calls as it takes.
        Full "full",
        /// It failed again and again, and is rested.
        Unhealthy "unhealthy",
        /// Its operator has paused it.
        Paused "paused",
        /// We have no number of our own to call it with.
        NoNumber "no_number",
    }
}

impl Skip {
    /// Why a reservation with this outcome does not dial, if it doesn't.
    pub fn of(outcome: Outcome) -> Option<Skip> {
        match outcome {
            Outcome::Full => Some(Skip::Full),
            Outcome::Unhealthy => Some(Skip::Unhealthy),
            Outcome::Paused => Some(Skip::Paused),
            Outcome::Unreachable => Some(Skip::NoNumber),
            Outcome::Reserved | Outcome::Partly(_) | Outcome::Unknown => None,
        }
    }
}

values! {
    /// Which of a provider's paths.
    Route {
        /// What the caller hears next.
        Voice "voice",
        /// What is told beside the way.
        Status "status",
        /// Whoever answers for us.
        Leg "leg",
    }
}

values! {
    /// What became of a webhook.
    Ended {
        /// It was believed and answered.
        Answered "answered",
        /// It was believed, and answered with the spoken apology.
        Apology "apology",
        /// Its signature is missing or wrong.
        Refused "refused",
        /// It came too slowly, or is too large.
        Unread "unread",
        /// There was no room for it.
        Shed "shed",
        /// It took too long, or its sender went away.
        Cut "cut",
    }
}

values! {
    /// Why a webhook was refused.
    Reason {
        /// It has no signature.
        NoSignature "no_signature",
        /// It is signed in an old way, which covers too little.
        OldSignature "old_signature",
        /// Its signature does not fit.
        WrongSignature "wrong_signature",
        /// Its body is not the one that was signed.
        WrongBody "wrong_body",
        /// It was signed at another time.
        WrongTime "wrong_time",
        /// Its method is not covered by the signature.
        NotCovered "not_covered",
    }
}

values! {
    /// A part of the way of a webhook.
    Stage {
        /// Its body is read.
        Receive "receive",
        /// Its signature is verified, and it is read.
        Verify "verify",
        /// The engine decides, and effects are performed.
        Step "step",
        /// The answer is written, and its place sealed.
        Write "write",
    }
}

values! {
    /// Which of our listeners.
    Listener {
        /// That of the providers.
        Providers "providers",
        /// That of the operators.
        Operators "operators",
    }
}

/// A label.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Label {
    /// A line, as its operator named it.
    Line,
    /// A provider that is served.
    Provider,
    /// A [`Route`].
    Route,
    /// An [`Ended`].
    Outcome,
    /// A [`Skip`].
    Skipped,
    /// A [`Reason`].
    Refused,
    /// A [`Stage`].
    Stage,
    /// A [`Listener`].
    Listener,
    /// A [`StoreState`] of the journal.
    State,
    /// The version of the program.
    Version,
}

impl Label {
    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Label::Line => "line",
            Label::Provider => "provider",
            Label::Route => "route",
            Label::Outcome => "outcome",
            Label::Skipped | Label::Refused => "reason",
            Label::Stage => "stage",
            Label::Listener => "listener",
            Label::State => "state",
            Label::Version => "version",
        }
    }

    /// All that may stand in it; nothing where that depends on the operator's files or on the program.
    pub fn values(self) -> Option<Vec<&'static str>> {
        match self {
            Label::Line | Label::Provider | Label::Version => None,
            Label::Route => Some(Route::ALL.map(Route::name).into()),
            Label::Outcome => Some(Ended::ALL.map(Ended::name).into()),
            Label::Skipped => Some(Skip::ALL.map(Skip::name).into()),
            Label::Refused => Some(Reason::ALL.map(Reason::name).into()),
            Label::Stage => Some(Stage::ALL.map(Stage::name).into()),
            Label::Listener => Some(Listener::ALL.map(Listener::name).into()),
            Label::State => Some(StoreState::ALL.map(StoreState::name).into()),
        }
    }
}
