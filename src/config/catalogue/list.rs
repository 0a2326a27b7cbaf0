//! The list itself.

use super::{Section, Setting, Sort};

/// All sections, in the order in which they are written.
pub(in crate::config) const CATALOGUE: &[Section] = &[
    Section {
        table: "",
        title: "",
        intro: "",
        settings: &[
            example("flows", "\"call_flows\"", "those inside the program", "The folder of the call flows."),
            example("scripts", "\"audio_scripts\"", "those inside the program", "The folder of the audio scripts."),
            example(
                "flows_overlay",
                "\"/etc/allo-cmp/call_flows\"",
                "none",
                "A folder of your own call flows over the others. A file takes the place of that of the same path, any \
                 other is added: `lines.yaml` alone is enough. It must be there, and may be empty.",
            ),
            example(
                "scripts_overlay",
                "\"/etc/allo-cmp/audio_scripts\"",
                "none",
                "A folder of your own audio scripts and recordings over the others. As with call flows: \
                 `fr/end/goodbye.md` alone is enough. A recording of yours is played once its text is beside it.",
            ),
        ],
    },
    Section {
        table: "server",
        title: "the webhook server",
        intro: "",
        settings: &[
            default(
                "server.listen",
                "\"127.0.0.1:8080\"",
                "Address and port that it listens on, behind a reverse proxy that speaks TLS, or with server.tls_certificate.",
            ),
            example(
                "server.public_url",
                "\"https://line.example.org\"",
                "`serve` refuses to start",
                "The address at which providers reach this server. Without the path of a provider, exactly as it \
                 is written in the provider's console: signatures cover it. Recordings are fetched from it, below \
                 /audio/, by the provider without a signature: the reverse proxy must let that path through.",
            )
            .sort(Sort::Address),
            example(
                "server.secret",
                "[\"a-new-secret-of-at-least-32-characters\", \"the-old-secret-of-at-least-32-characters\"]",
                "`serve` refuses to start",
                "What protects calls in progress: at least 32 characters, as from `openssl rand -hex 32`. To \
                 replace it without cutting calls, give two: the first seals, the older one still opens. In a \
                 variable or a file of its own they stand behind each other, with a comma or a blank between.",
            )
            .sort(Sort::Secret),
            example(
                "server.tls_certificate",
                "\"/etc/letsencrypt/live/line.example.org/fullchain.pem\"",
                "this server speaks plain HTTP, and a reverse proxy TLS",
                "The certificate with its chain (PEM), where this server itself speaks TLS. A new one is used within 30 s, or at SIGHUP; \
                 a broken one is refused, and the one before kept. Only in a program built with `--features tls`.",
            )
            .sort(Sort::File),
            example(
                "server.tls_key",
                "\"/etc/letsencrypt/live/line.example.org/privkey.pem\"",
                "as with no certificate",
                "The private key (PEM, not encrypted) that fits it. Both may be credentials of systemd.",
            )
            .sort(Sort::File),
            default("server.max_connections", "1024", "Connections held at once."),
            default(
                "server.grace_seconds",
                "10",
                "Seconds that requests in progress are given when the server is told to stop.",
            ),
            default(
                "server.linger_seconds",
                "0",
                "Seconds for which new connections are still taken when it is told to stop, while /readyz answers 503. Behind a \
                 balancer that looks there, some more than the time between two looks; with a socket that systemd passes, some \
                 more than the time after which the proxy forgets an idle connection. With neither, 0: who takes its place \
                 waits for the port.",
            ),
            default(
                "server.other_machines",
                "false",
                "Whether webhooks of one call may go to other machines, too. Then no machine alone knows that nobody accepted: \
                 after a call that was answered and not accepted here, the caller is asked whether they have talked.",
            ),
        ],
    },
    Section {
        table: "admin",
        title: "what operators look at",
        intro: "",
        settings: &[default(
            "admin.listen",
            "\"127.0.0.1:9090\"",
            "Address and port of metrics and the like; on this machine only.",
        )],
    },
    Section {
        table: "telemetry",
        title: "what is sent to those who watch over it",
        intro: "",
        settings: &[example(
            "telemetry.otlp_endpoint",
            "\"http://127.0.0.1:4318\"",
            "no traces are sent",
            "A collector near this machine, to which a trace of each webhook is sent by OTLP. Which provider, \
             which stages, how long; nothing of the caller. Only in a program built with `--features otel`.",
        )],
    },
    Section {
        table: "providers.twilio",
        title: "the telephony providers",
        intro: "A provider without its secret is not served; several may be served at once.",
        settings: &[
            provider_secret("providers.twilio.auth_token", "\"the auth token\"", "The auth token of the account."),
            caller_id("providers.twilio.caller_id"),
            voice("providers.twilio.voices.fr"),
            short_numbers("providers.twilio.can_dial_short_numbers"),
        ],
    },
    Section {
        table: "providers.somleng",
        title: "",
        intro: "",
        settings: &[
            provider_secret("providers.somleng.auth_token", "\"the auth token\"", "The auth token of the account."),
            caller_id("providers.somleng.caller_id"),
            voice("providers.somleng.voices.fr"),
            short_numbers("providers.somleng.can_dial_short_numbers"),
        ],
    },
    Section {
        table: "providers.plivo",
        title: "",
        intro: "",
        settings: &[
            provider_secret("providers.plivo.auth_token", "\"the auth token\"", "The auth token of the account."),
            caller_id("providers.plivo.caller_id"),
            voice("providers.plivo.voices.fr"),
            short_numbers("providers.plivo.can_dial_short_numbers"),
        ],
    },
    Section {
        table: "providers.signalwire",
        title: "",
        intro: "",
        settings: &[
            provider_secret(
                "providers.signalwire.signing_key",
                "\"the signing key\"",
                "The signing key of the project.",
            ),
            caller_id("providers.signalwire.caller_id"),
            voice("providers.signalwire.voices.fr"),
        ],
    },
    Section {
        table: "providers.telnyx",
        title: "",
        intro: "",
        settings: &[
            provider_secret(
                "providers.telnyx.public_key",
                "\"the public key\"",
                "The public key of the account, in base64.",
            ),
            caller_id("providers.telnyx.caller_id"),
            voice("providers.telnyx.voices.fr"),
        ],
    },
    Section {
        table: "journal",
        title: "what is counted and promised",
        intro: "",
        settings: &[
            default(
                "journal.url",
                "\"sqlite:data/journal.db\"",
                "Where `serve` keeps what happened on the line, and nothing about who called. A file, whose \
                 folder is made, or a PostgreSQL server, which several machines share \
                 (postgres://user:password@host/name). With \"none\", nothing is kept.",
            )
            .sort(Sort::Address),
            example(
                "journal.spool_path",
                "\"data/journal.db.spool\"",
                "beside the file of SQLite; for PostgreSQL, data/journal.spool",
                "The file in which facts wait while the journal can't be written. They are stored later, and the \
                 file goes. Each program needs its own; best on another disk.",
            ),
            default(
                "journal.spool_mb",
                "256",
                "The spool's megabytes at most: some two million facts. Beyond it facts are lost and counted.",
            ),
            default(
                "journal.keep_days",
                "30",
                "Days for which single facts are kept, at least 2; how often each thing happened in an hour \
                 stays.",
            ),
            default(
                "journal.count_callers",
                "false",
                "Count how many different numbers call in a day, at least: by a hash with a key of the day, destroyed at \
                 its end.",
            ),
            example(
                "journal.key",
                "\"a-key-of-its-own-from-openssl-rand-hex-32\"",
                "nothing is encrypted",
                "What the numbers of those who asked to be called are encrypted with. Does not act yet.",
            )
            .sort(Sort::Secret),
        ],
    },
    Section {
        table: "directory",
        title: "the CMPs",
        intro: "",
        settings: &[
            example(
                "directory.path",
                "\"directory.tsv\"",
                "callers hear how to find a centre",
                "The table that `allo-cmp directory import` writes.",
            ),
            example(
                "directory.corrections",
                "\"corrections.yaml\"",
                "the list alone is believed",
                "What you know better than the list: closed centres, right numbers, hours.",
            ),
            default(
                "directory.stale_days",
                "180",
                "Days after which the list is too old: callers then hear how to find a centre.",
            ),
        ],
    },
    Section {
        table: "lines",
        title: "the lines we call",
        intro: "",
        settings: &[example(
            "lines.state_path",
            "\"lines.json\"",
            "a restart ends pauses",
            "The file in which pauses (`allo-cmp lines pause`) are kept, so that they outlive a restart; its \
             folder must exist.",
        )],
    },
    Section {
        table: "limits",
        title: "many calls",
        intro: "A call beyond these limits begins with short words: the numbers for a danger, and the languages. \
                Any key leads to the whole line, so nobody is kept out; a machine that presses nothing is let \
                go. 0: no limit.",
        settings: &[
            default(
                "limits.new_calls_per_caller",
                "12",
                "New calls from one number in ten minutes, 100 at most. Withheld numbers are not counted as one.",
            ),
            default("limits.new_calls_per_minute", "600", "New calls from all together in a minute."),
        ],
    },
    Section {
        table: "line",
        title: "what the line says of itself",
        intro: "",
        settings: &[
            default("line.call_is_free", "false", "Calling it costs nothing: only then do scripts say so."),
            example(
                "line.number",
                "\"01 99 00 12 34\"",
                "the leaflet leaves room for it",
                "Its number as people dial it; `allo-cmp leaflet` prints it as written here.",
            ),
            example(
                "line.fallback_number",
                "\"+33199000001\"",
                "the first listening line that answers day and night",
                "Whom the provider calls when this server can't be reached (`allo-cmp fallback`).",
            )
            .sort(Sort::Number),
            example(
                "line.operator.fr",
                "\"l'association Exemple\"",
                "nobody is named",
                "Who runs the line, as it is to be spoken, in each of its languages. Any code may stand here as \
                 `fr` does. Callers have a right to know.",
            )
            .sort(Sort::PerLanguage),
            example("line.operator.en", "\"the association Exemple\"", "nobody is named", "The same in English.")
                .sort(Sort::PerLanguage),
            example(
                "line.contact.fr",
                "\"par courrier, 1 rue de l'Exemple, à Paris\"",
                "no way is named",
                "How to reach them, as it is to be spoken.",
            )
            .sort(Sort::PerLanguage),
            example(
                "line.contact.en",
                "\"by letter, 1 rue de l'Exemple, in Paris\"",
                "no way is named",
                "The same in English.",
            )
            .sort(Sort::PerLanguage),
        ],
    },
];

const fn default(name: &'static str, toml: &'static str, meaning: &'static str) -> Setting {
    Setting { name, sort: Sort::Open, toml, without: None, meaning }
}

const fn example(name: &'static str, toml: &'static str, without: &'static str, meaning: &'static str) -> Setting {
    Setting { name, sort: Sort::Open, toml, without: Some(without), meaning }
}

const fn caller_id(name: &'static str) -> Setting {
    let meaning = "Our own number there, presented when a caller is put through.";
    example(name, "\"+33199000000\"", "the number that was called", meaning).sort(Sort::Number)
}

const fn voice(name: &'static str) -> Setting {
    let meaning = "A voice in place of the default one, by language: any code may stand here as `fr` does. One whose name \
                   tells that it speaks another language is refused.";
    example(name, "\"Polly.Lea\"", "the default voice", meaning).sort(Sort::PerLanguage)
}

const fn short_numbers(name: &'static str) -> Setting {
    let meaning =
        "You have tried it: this account can dial short numbers, as 3114. Lines with `dial_short` are then called.";
    default(name, "false", meaning)
}

const fn provider_secret(name: &'static str, toml: &'static str, meaning: &'static str) -> Setting {
    example(name, toml, "this provider is not served", meaning).sort(Sort::Secret)
}
