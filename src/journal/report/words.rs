//! The report's own words, in French and in English, and how numbers and days are written in each.

use jiff::civil::Date;

use super::{About, Figure, LEAST};
use crate::call::{DialOutcome, Lang, written_day};

/// Which words: French, or English for all other languages.
#[derive(Clone, Copy)]
pub(super) struct Words(bool);

impl Words {
    pub(super) fn of(lang: Lang) -> Words {
        Words(lang == Lang::FR)
    }

    pub(super) fn code(self) -> &'static str {
        self.say("fr", "en")
    }

    pub(super) fn say(self, french: &'static str, english: &'static str) -> &'static str {
        if self.0 { french } else { english }
    }

    pub(super) fn title(self) -> &'static str {
        self.say("Allô CMP : ce que la ligne a fait", "Allô CMP: what the line did")
    }

    pub(super) fn period(self, from: Date, to: Date) -> String {
        let (from, to) = (self.day(from), self.day(to));
        if self.0 { format!("Du {from} au {to}") } else { format!("{from} to {to}") }
    }

    pub(super) fn run_by(self, operator: &str) -> String {
        if self.0 { format!("Ligne tenue par {operator}") } else { format!("Line run by {operator}") }
    }

    pub(super) fn calls(self, calls: u64) -> &'static str {
        match (self.0, calls) {
            (true, 0 | 1) => "appel reçu",
            (true, _) => "appels reçus",
            (false, 1) => "call received",
            (false, _) => "calls received",
        }
    }

    /// What is said of small numbers, before any number.
    pub(super) fn rule(self) -> String {
        if self.0 {
            format!(
                "Un nombre plus petit que {LEAST} n'est jamais donné\u{a0}: il pourrait parler d'une personne. On lit alors \
                 «\u{a0}{}\u{a0}», zéro compris. Si un total permettait de le calculer, un autre nombre est «\u{a0}{}\u{a0}» \
                 aussi. D'autres nombres sont arrondis à la dizaine au-dessus\u{a0}: «\u{a0}{}\u{a0}». Seul le nombre total \
                 d'appels est toujours exact.",
                self.few(),
                self.withheld(),
                self.figure(Figure::UpTo(40)),
            )
        } else {
            format!(
                "A number under {LEAST} is never given: it could tell of one person. It reads \"{}\", none included. Where a \
                 total would tell it, another number is \"{}\". Other numbers are rounded up to the next ten: \"{}\". Only the \
                 number of all calls is always exact.",
                self.few(),
                self.withheld(),
                self.figure(Figure::UpTo(40)),
            )
        }
    }

    /// The plain words that come first: what is counted, and what is not.
    pub(super) fn preface(self) -> [(&'static str, &'static [&'static str]); 2] {
        if self.0 {
            [
                (
                    "Ce qui est compté",
                    &[
                        "Chaque appel est compté une fois, à l'heure où il commence, à Paris.",
                        "Un but est atteint quand il est entendu jusqu'au bout, ou quand quelqu'un répond.",
                        "D'une recherche de centre, seul le département est compté.",
                    ],
                ),
                (
                    "Ce qui n'est pas compté",
                    &[
                        "Aucun numéro de téléphone, aucune touche, aucun code postal n'est gardé.",
                        "Une même personne peut appeler plusieurs fois : un appel n'est pas une personne.",
                        "La ligne ne sait pas ce qui se dit pendant une conversation, ni ce qui se passe ensuite.",
                    ],
                ),
            ]
        } else {
            [
                (
                    "What is counted",
                    &[
                        "Each call is counted once, at the hour at which it begins, in Paris.",
                        "A goal is reached when it is heard to its end, or when somebody answers.",
                        "Of a search for a centre, only the département is counted.",
                    ],
                ),
                (
                    "What is not counted",
                    &[
                        "No telephone number, no key, no postal code is kept.",
                        "One person may call several times: a call is not a person.",
                        "The line knows neither what is said in a conversation, nor what happens afterwards.",
                    ],
                ),
            ]
        }
    }

    pub(super) fn heading(self, about: About) -> &'static str {
        match about {
            About::Days => self.say("Appels par jour", "Calls by day"),
            About::Hours => self.say("Appels par heure", "Calls by hour"),
            About::Week => self.say("Appels par jour de la semaine et par heure", "Calls by day of the week and hour"),
            About::Languages => self.say("Langues", "Languages"),
            About::Needs => self.say("Besoins", "Needs"),
            About::Goals => self.say("Buts atteints", "Goals reached"),
            About::Heard => self.say("Parties de documents entendues", "Parts of documents heard"),
            About::Left => self.say("Où les appels se sont terminés", "Where calls ended"),
            About::Missed => self.say("Appels sans réponse, par heure", "Missed calls, by hour"),
            About::LookUps => {
                self.say("Recherches d'un centre, par département", "Searches for a centre, by département")
            }
            About::Reported => {
                self.say("Centres dont le numéro n'a pas fonctionné", "Centres whose number did not work")
            }
            About::Callers => self.say("Appelants différents, par jour", "Different callers, by day"),
            About::Trouble => self.say("Ce qui n'a pas marché", "What went wrong"),
        }
    }

    /// What the numbers of a section mean, where the heading doesn't say it all.
    pub(super) fn explained(self, about: About) -> Option<&'static str> {
        Some(match about {
            About::Week => self.say("Arrondis à la dizaine au-dessus.", "Rounded up to the next ten."),
            About::Languages => self.say("La dernière langue de l'appel.", "The last language of the call."),
            About::Goals => self.say(
                "Un appel peut atteindre plusieurs buts, ou plusieurs fois le même.",
                "A call may reach several goals, or one several times.",
            ),
            About::Heard => self.say(
                "Entendues jusqu'à la fin, sans appuyer sur une touche.",
                "Heard to the end, without pressing a key.",
            ),
            About::Left => self.say("Le dernier endroit de la ligne.", "The last place of the line."),
            About::Missed => self.say(
                "Une personne a été appelée, et personne n'a répondu. À l'heure où l'appel a commencé.",
                "Somebody was called, and nobody answered. At the hour at which the call began.",
            ),
            About::Reported => self.say(
                "Signalés par les personnes qui appellent. À vérifier.",
                "Told by those who called. To be verified.",
            ),
            _ => return None,
        })
    }

    pub(super) fn transfers(self) -> &'static str {
        self.say("Appels transférés", "Calls put through")
    }

    /// The heads of the table of lines: behind them come the outcomes.
    pub(super) fn line_heads(self) -> [&'static str; 2] {
        [self.say("Ligne", "Line"), self.say("Appelée", "Called")]
    }

    pub(super) fn time_heads(self) -> [&'static str; 3] {
        [
            self.say("Attente moyenne", "Mean wait"),
            self.say("Durée moyenne", "Mean length"),
            self.say("Durée en tout", "Length in all"),
        ]
    }

    pub(super) fn outcome(self, outcome: DialOutcome) -> &'static str {
        match outcome {
            DialOutcome::Completed => self.say("Répondu", "Answered"),
            DialOutcome::Busy => self.say("Occupé", "Busy"),
            DialOutcome::NoAnswer => self.say("Pas de réponse", "No answer"),
            DialOutcome::Failed => self.say("Échec", "Failed"),
            DialOutcome::Canceled => self.say("Abandon", "Cancelled"),
        }
    }

    /// The subjects of [`About::Needs`] and [`About::Trouble`].
    pub(super) fn subject(self, name: &str) -> &str {
        match name {
            "urgent_help" => self.say("Touche 9, aide urgente", "Key 9, urgent help"),
            "missed" => self.say("Appels auxquels personne n'a répondu", "Calls that nobody answered"),
            "not_understood" => self
                .say("Attentes sans touche, ou touche sans rôle", "Waits without a key, or with one that has no role"),
            "goodbye" => self.say("Appels terminés par un au revoir", "Calls ended by a goodbye"),
            "apologised" => self.say("Excuses à la place d'une réponse", "Apologies in place of an answer"),
            "lost" => {
                self.say("Appels revenus au menu principal par erreur", "Calls led back to the main menu by a fault")
            }
            "limited" => self.say("Appels refusés, car trop nombreux", "Calls turned away, being too many"),
            "end_not_told" => self.say("Appels dont la fin n'a pas été annoncée", "Calls whose end was not told"),
            "facts_dropped" => {
                self.say("Faits que le journal n'a pas pu garder", "Facts that the journal could not keep")
            }
            other => other,
        }
    }

    pub(super) fn nothing(self) -> &'static str {
        self.say("Rien n'a été compté.", "Nothing was counted.")
    }

    pub(super) fn others(self, more: usize) -> String {
        if self.0 {
            format!("et {more} autres, {} chacun", self.few())
        } else {
            format!("and {more} others, {} each", self.few())
        }
    }

    pub(super) fn no_language(self) -> &'static str {
        self.say("avant le choix d'une langue", "before a language was chosen")
    }

    pub(super) fn no_place(self) -> &'static str {
        self.say("avant tout choix", "before any choice")
    }

    pub(super) fn few(self) -> String {
        if self.0 { format!("moins de {LEAST}") } else { format!("fewer than {LEAST}") }
    }

    pub(super) fn withheld(self) -> &'static str {
        self.say("non donné", "not given")
    }

    pub(super) fn figure(self, figure: Figure) -> String {
        match figure {
            Figure::Exact(count) => self.number(count),
            Figure::UpTo(count) => format!("{} {}", self.say("au plus", "up to"), self.number(count)),
            Figure::Few => self.few(),
            Figure::Withheld => self.withheld().to_owned(),
        }
    }

    /// In groups of three digits.
    pub(super) fn number(self, number: u64) -> String {
        let digits = number.to_string();
        let mut written = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                written.push_str(self.say("\u{202f}", ","));
            }
            written.push(digit);
        }
        written
    }

    /// Seconds as people say them.
    pub(super) fn seconds(self, seconds: Option<u64>) -> String {
        match seconds {
            None => "–".to_owned(),
            Some(seconds) if seconds < 60 => format!("{seconds} s"),
            Some(seconds) if seconds < 3_600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
            Some(seconds) => format!("{} h {:02} min", self.number(seconds / 3_600), seconds % 3_600 / 60),
        }
    }

    pub(super) fn day(self, day: Date) -> String {
        written_day(if self.0 { Lang::FR } else { Lang::EN }, day).unwrap_or_default()
    }

    /// A day among others: "lun. 02/11".
    pub(super) fn short_day(self, day: Date) -> String {
        let weekday = self.weekday(day.weekday().to_monday_one_offset());
        format!("{weekday} {:02}/{:02}", day.day(), day.month())
    }

    /// 1 is Monday.
    pub(super) fn weekday(self, weekday: i8) -> &'static str {
        const FRENCH: [&str; 7] = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."];
        const ENGLISH: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        let at = usize::try_from(weekday - 1).unwrap_or(0);
        if self.0 { FRENCH } else { ENGLISH }.get(at).copied().unwrap_or_default()
    }

    pub(super) fn hour(self, hour: u8) -> String {
        if self.0 { format!("{hour} h") } else { format!("{hour:02}:00") }
    }
}
