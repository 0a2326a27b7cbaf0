//! The spoken failure answers, written when the server starts: when one is needed, nothing is left that could fail.
//!
//! One for each provider, language and round. What the engine can't say or the dialect can't write at that time is
//! replaced by the dialect's document of last resort.

use axum::body::Bytes;

use super::{
    leg,
    panics::caught,
    query::{LAST_ROUND, NO_LANG},
};
use crate::{
    call::{E164, Lang, Verb},
    engine::{self, World},
    provider::{Dialect, Envelope},
    telemetry::Metrics,
};

/// The apologies of one provider.
pub(super) struct Apologies {
    /// The language, or none, and its documents by round. Few: searched in order.
    documents: Vec<(Option<Lang>, Vec<Bytes>)>,
    /// The same for those who answer for us: the leg is hung up after it.
    legs: Vec<(Option<Lang>, Bytes)>,
}

impl Apologies {
    pub(super) fn prepare(
        world: &World,
        dialect: &dyn Dialect,
        caller_id: Option<&E164>,
        public_url: &str,
    ) -> Apologies {
        let document = |lang, round| {
            let next = next_url(public_url, dialect.name(), lang, round);
            let envelope = Envelope { next: &next, leg: None, caller_id, public_url };
            // A panic here is no caller's: it isn't counted, but told below.
            let rendered = caught(&Metrics::default(), || {
                dialect.render(&engine::apology(world, lang, round), &envelope).map_err(|error| error.to_string())
            });
            let fault = match rendered {
                Ok(Ok(document)) => return Bytes::from(document),
                Ok(Err(fault)) => fault,
                Err(_) => "panic".to_owned(),
            };
            tracing::error!(
                provider = dialect.name(),
                ?lang,
                round,
                fault,
                "no apology: the last resort takes its place"
            );
            Bytes::from(dialect.last_resort((round < LAST_ROUND).then_some(&next)))
        };
        let farewell = |lang| {
            let envelope = Envelope { next: "", leg: None, caller_id, public_url };
            let verbs = leg::goodbye(world, lang);
            // Without words it must still end: a leg that is not hung up is connected.
            let rendered = caught(&Metrics::default(), || {
                dialect.render(&verbs, &envelope).or_else(|_| dialect.render(&[Verb::Hangup], &envelope))
            });
            let document = rendered.ok().and_then(Result::ok);
            Bytes::from(document.unwrap_or_else(|| dialect.last_resort(None)))
        };
        let all = std::iter::once(None).chain(world.langs.iter().copied().map(Some));
        let documents = all.map(|lang| (lang, (0..=LAST_ROUND).map(|round| document(lang, round)).collect()));
        let legs = std::iter::once(None).chain(world.langs.iter().copied().map(Some));
        Apologies { legs: legs.map(|lang| (lang, farewell(lang))).collect(), documents: documents.collect() }
    }

    /// What whoever answers for us hears where they can't be asked.
    pub(super) fn leg(&self, lang: Option<Lang>) -> Bytes {
        let known = self.legs.iter().find(|(known, _)| *known == lang).or(self.legs.first());
        known.map(|(_, document)| document.clone()).unwrap_or_default()
    }

    /// The answer to a failure in `round`, in `lang` or, where that is unknown, in none.
    pub(super) fn answer(&self, lang: Option<Lang>, round: u8) -> Bytes {
        let known = self.documents.iter().find(|(known, _)| *known == lang).or(self.documents.first());
        let documents = known.map_or(&[][..], |(_, documents)| documents);
        documents.get(usize::from(round.min(LAST_ROUND))).cloned().unwrap_or_default()
    }
}

/// The URL of the request after an apology. A lasting fault counts up to the last round and stays there.
fn next_url(public_url: &str, provider: &str, lang: Option<Lang>, round: u8) -> String {
    let lang = lang.as_ref().map_or(NO_LANG, Lang::as_str);
    format!("{public_url}/{provider}/voice?l={lang}&f={}", (round + 1).min(LAST_ROUND))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_and_round_has_its_answer_and_others_have_that_of_none() {
        let of = |lang: &str| (0..=LAST_ROUND).map(|round| Bytes::from(format!("{lang}{round}"))).collect();
        let apologies = Apologies { legs: vec![], documents: vec![(None, of("mul")), (Some(Lang::FR), of("fr"))] };
        assert_eq!(apologies.answer(Some(Lang::FR), 2), "fr2");
        assert_eq!(apologies.answer(Some(Lang::FR), 200), "fr3");
        assert_eq!(apologies.answer(Some(Lang::EN), 0), "mul0");
        assert_eq!(apologies.answer(None, 1), "mul1");
    }

    #[test]
    fn a_lasting_fault_counts_up_to_the_last_round() {
        let next = |lang, round| next_url("https://x.org", "fake", lang, round);
        assert_eq!(next(None, 0), "https://x.org/fake/voice?l=mul&f=1");
        assert_eq!(next(Some(Lang::FR), 2), "https://x.org/fake/voice?l=fr&f=3");
        assert_eq!(next(Some(Lang::FR), 3), "https://x.org/fake/voice?l=fr&f=3");
    }
}
