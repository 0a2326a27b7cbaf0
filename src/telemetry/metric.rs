//! The counters that have no label.

macro_rules! metrics {
    ($($variant:ident $name:literal $help:literal,)*) => {
        /// What is counted.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Metric {
            $(#[doc = $help] $variant,)*
        }

        impl Metric {
            /// Every metric, in the order in which they are shown.
            pub const ALL: [Metric; [$($name),*].len()] = [$(Metric::$variant),*];

            /// The name, as Prometheus wants it.
            pub fn name(self) -> &'static str {
                match self { $(Metric::$variant => concat!("allo_cmp_", $name, "_total"),)* }
            }

            /// What it counts, in a sentence.
            pub fn help(self) -> &'static str {
                match self { $(Metric::$variant => $help,)* }
            }
        }
    };
}

metrics! {
    WebhooksAnswered "webhooks_answered" "Verified webhooks answered.",
    SignatureRefused "signature_refused" "Webhooks refused because their signature is missing or wrong.",
    UnreadableTokens "unreadable_tokens" "Webhooks whose token could not be read.",
    FailuresAnswered "failures_answered" "Webhooks answered with the spoken apology.",
    CallsBegun "calls_begun" "Calls that began.",
    NewCallsLimited "new_calls_limited" "Calls that began with the short words, because there were too many new calls.",
    UrgentHelp "urgent_help" "Presses of the key for urgent help.",
    TransfersTried "transfers_tried" "Transfers tried.",
    NumbersReported "numbers_reported" "Numbers of centres that callers say did not work; the log names the centres.",
    LinesRested "lines_rested" "Rests of lines that failed again and again.",
    ConnectionsRefused "connections_refused" "Connections refused because too many were open.",
    SlowClientsClosed "slow_clients_closed" "Connections closed because the client was too slow.",
    HandshakesFailed "handshakes_failed" "Handshakes of TLS that failed.",
    CertificatesReplaced "certificates_replaced" "New certificates that were put in use while the program runs.",
    CertificatesRefused "certificates_refused" "New certificates that were refused, the one before going on being used.",
    Reloads "reloads" "Flows and scripts read again and put on the air.",
    ReloadsRefused "reloads_refused" "Flows and scripts read again and refused.",
    PanicsCaught "panics_caught" "Panics caught: faults of the program, to be reported.",
}
