//! Words for the ear: whatever a caller hears, in whatever dialect, no voice is left alone with a digit or a sign.

use std::sync::Arc;

use allo_cmp::{
    call::{Age, Lang, Pace, Prompt, Speech, Verb},
    directory::{Directory, Found},
    engine::{Offer, Teller},
    provider::{
        Dialect, Envelope,
        plivo::Plivo,
        signalwire::SignalWire,
        somleng::Somleng,
        telnyx::{self, Telnyx},
        twilio::Twilio,
    },
    script::{Speaker, ear},
};
use jiff::{ToSpan, civil::date};

use crate::line::{PUBLIC, SHIPPED};

const SECRET: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// What no voice may be given as it is.
const SIGNS: &str = "€%‰&@§+=°#*_/";

/// Words that a voice may misread.
const WORDS: [&str; 14] = ["h", "bd", "av", "Dr", "Pr", "St", "Ste", "Mme", "km", "min", "AME", "CPAM", "CMP", "CATTP"];

fn is_clear(heard: &str) -> bool {
    // What is filled in during a call is no word.
    let heard =
        heard.split('{').map(|text| text.split_once('}').map_or(text, |(_, behind)| behind)).collect::<String>();
    let is_roman = |word: &str| word.len() > 1 && word.chars().all(|c| "IVX".contains(c));
    let mut words = heard.split(|c: char| !c.is_alphanumeric());
    !heard.contains(|c: char| c.is_ascii_digit() || SIGNS.contains(c))
        && !words.any(|word| is_roman(word) || WORDS.contains(&word))
}

/// What is heard of a document: the aliases in the place of what they stand for, no marks of XML.
fn heard(document: &str) -> String {
    let mut text = String::new();
    for (at, piece) in document.split('<').enumerate() {
        if at == 0 {
            continue;
        }
        let (tag, words) = piece.split_once('>').unwrap_or((piece, ""));
        match tag.strip_prefix("sub alias=\"") {
            Some(alias) => text.push_str(alias.trim_end_matches('"')),
            // A played silence says nothing.
            None if tag.starts_with("Play") => {}
            None => text.push_str(words),
        }
        if !tag.starts_with("sub") && !tag.starts_with("/sub") {
            text.push(' ');
        }
    }
    text.replace("&amp;", "&").replace("&quot;", "\"").replace("&apos;", "'")
}

fn dialects() -> Vec<Box<dyn Dialect>> {
    vec![
        Box::new(Twilio::new(SECRET)),
        Box::new(SignalWire::new(SECRET)),
        Box::new(Telnyx::new(&telnyx::public_key(SECRET)).unwrap()),
        Box::new(Somleng::new(SECRET)),
        Box::new(Plivo::new(SECRET)),
    ]
}

/// What is wrong with these speeches, in any dialect.
fn misread(dialects: &[Box<dyn Dialect>], speeches: impl IntoIterator<Item = Arc<Speech>>) -> Vec<String> {
    let prompts: Vec<Prompt> = speeches.into_iter().map(|speech| Prompt { speech, pace: Pace::Normal }).collect();
    let envelope = Envelope { next: PUBLIC, leg: None, caller_id: None, public_url: PUBLIC };
    let mut wrong = Vec::new();
    for dialect in dialects {
        for prompt in &prompts {
            let document = dialect.render(&[Verb::Say(vec![prompt.clone()])], &envelope).unwrap();
            let heard = heard(&document);
            if !is_clear(&heard) {
                wrong.push(heard);
            }
        }
    }
    wrong.dedup();
    wrong
}

#[test]
fn no_digit_and_no_sign_of_any_script_reaches_a_voice() {
    let (scripts, dialects) = (&SHIPPED.scripts, dialects());
    let mut wrong = Vec::new();
    for (lang, _, script) in scripts.spoken() {
        let words = &scripts.languages[&lang];
        let speaker = Speaker {
            lang,
            words,
            facts: &scripts.facts,
            signs: Some(&scripts.languages[&Lang::FR].punctuation),
            operator: "une association du 21e",
            contact: "au 01 99 00 00 01, de 9 h à 17 h 30",
            line: "le 3114",
            speaks: None,
            language: "",
            count: 21,
            call_is_free: true,
        };
        let said = speaker.speech(script).into_iter().chain(speaker.choice(script, '1'));
        wrong.extend(misread(&dialects, said.map(Arc::new)));
    }
    let names = scripts.languages.values().zip(scripts.languages.keys()).map(|(words, lang)| {
        let facts = &scripts.facts;
        let speaker = Speaker::new(*lang, words, facts);
        Arc::new(speaker.language_choice('2'))
    });
    wrong.extend(misread(&dialects, names));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Names and streets as hard as lists and corrections have them.
const HARD: [(&str, &str); 12] = [
    ("CMP", "12 bis rue du 8 Mai 1945"),
    ("Centre médico-psychologique, secteur G 12", "21 bd du Dr Calmette"),
    ("Centre du XIXe", "1 rue Henri IV"),
    ("Centre 75G04", "2 place du 11 novembre 1918"),
    ("CMP & CATTP", "3 av. du 1er mai, 2e étage"),
    ("Centre médico-psychologique", "12-14 rue St Paul"),
    ("Centre médico-psychologique", "n° 7, RN7, km 12"),
    ("Centre 18/25 ans", "12B rue Jean XXIII"),
    ("Centre 0-18 ans", "1 000 allée des Topazes"),
    ("Centre médico-psychologique", "75012 Paris CEDEX 12"),
    ("Espace 24h/24", "D906"),
    ("Maison n°3", "5 rue François Ier"),
];

#[test]
fn no_digit_of_any_centre_reaches_a_voice() {
    let (world, dialects) = (SHIPPED.world.as_ref().unwrap(), dialects());
    let example = Directory::example();
    let mut centres: Vec<_> = example.centres().to_vec();
    assert!(centres.len() > 20);
    for (name, street) in HARD {
        let mut hard = centres[0].clone();
        (hard.name, hard.street) = (name.to_owned(), Some(street.to_owned()));
        hard.commune = "Paris, 20e arrondissement".to_owned();
        hard.more.waiting_weeks = Some(21);
        centres.push(hard);
    }
    let mut wrong = Vec::new();
    for lang in [Lang::FR, Lang::EN] {
        let teller = Teller::new(world, Some(lang)).unwrap();
        for (place, centre) in centres.iter().enumerate() {
            let found = Found { centre: 0, km: Some(21.0), same_commune: false, other_department: true };
            let offer = Offer { centre, found, age: Age::Adult, place, is_last: true };
            wrong.extend(misread(&dialects, teller.all(&offer, (date(2026, 11, 1), false))));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The languages that a correction may name are no languages of the line: their names are words like any other.
#[test]
fn a_language_that_is_spoken_at_a_centre_is_named_even_if_the_line_does_not_speak_it() {
    let world = SHIPPED.world.as_ref().unwrap();
    let mut centre = Directory::example().centres()[0].clone();
    centre.more.languages = ["fr", "ar", "fsl"].map(|lang| lang.parse().unwrap()).to_vec();
    let found = Found { centre: 0, km: None, same_commune: false, other_department: false };
    let offer = Offer { centre: &centre, found, age: Age::Adult, place: 0, is_last: true };
    for (lang, told) in [
        (Lang::FR, "On y parle : français, arabe, langue des signes."),
        (Lang::EN, "They speak: French, Arabic, French Sign Language."),
    ] {
        let said = Teller::new(world, Some(lang)).unwrap().all(&offer, (date(2026, 11, 1), false));
        assert!(said.iter().any(|speech| speech.written() == told), "{said:?}");
    }
    let known = |lang: &Lang| SHIPPED.scripts.languages[lang].languages.keys().copied().collect::<Vec<_>>();
    assert_eq!(known(&Lang::FR), known(&Lang::EN), "what is named in one language is named in the other");
}

#[test]
fn every_day_of_a_year_and_every_name_of_a_line_is_said_in_words() {
    for (lang, hours) in &SHIPPED.scripts.hours {
        let first = date(2028, 1, 1);
        for day in 0..366 {
            let written = hours.date(first.checked_add(day.days()).unwrap()).unwrap();
            let heard = ear::spoken(*lang, &written);
            assert!(is_clear(&heard), "{written}: {heard}");
        }
    }
    for line in SHIPPED.lines.as_ref().unwrap().lines.value.values() {
        for (lang, name) in &line.name {
            let heard = ear::spoken(*lang, name);
            assert!(is_clear(&heard), "{}: {heard}", name.as_str());
        }
    }
}
