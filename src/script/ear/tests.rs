//! Tables of what is written and what is heard.

use super::*;

#[test]
fn french_says_what_is_written() {
    for (written, heard) in [
        ("appuyez sur la touche 1.", "appuyez sur la touche un."),
        ("21", "vingt et un"),
        ("71", "soixante et onze"),
        ("80", "quatre-vingts"),
        ("81", "quatre-vingt-un"),
        ("200", "deux cents"),
        ("201", "deux cent un"),
        ("1 000", "mille"),
        ("12 500 personnes", "douze mille cinq cents personnes"),
        ("21 pages, 1 fois", "vingt et une pages, une fois"),
        ("3,5", "trois virgule cinq"),
        ("57 €", "cinquante-sept euros"),
        ("57€.", "cinquante-sept euros."),
        ("1 €", "un euro"),
        ("12,50 €", "douze euros cinquante"),
        ("1,50 €", "un euro cinquante"),
        ("1,50 euro", "un euro cinquante"),
        ("0,80 €", "quatre-vingts centimes"),
        ("50 centimes", "cinquante centimes"),
        ("1 200 €", "mille deux cents euros"),
        ("70 %", "soixante-dix pour cent"),
        ("9 h", "neuf heures"),
        ("1h", "une heure"),
        ("21 h 30", "vingt et une heures trente"),
        ("21h05", "vingt et une heures cinq"),
        ("9 h 21", "neuf heures vingt et une"),
        ("9:30", "neuf heures trente"),
        ("24 h/24, 7 j/7", "vingt-quatre heures sur vingt-quatre, sept jours sur sept"),
        ("le lundi 24 novembre à 9 heures", "le lundi vingt-quatre novembre à neuf heures"),
        ("le 1er janvier", "le premier janvier"),
        ("le 1 mai 2026", "le premier mai deux mille vingt-six"),
        ("le 24/11/2026", "le vingt-quatre novembre deux mille vingt-six"),
        ("2026-01-01", "premier janvier deux mille vingt-six"),
        ("1re fois", "première fois"),
        ("2e étage, 3ème porte", "deuxième étage, troisième porte"),
        ("20e arrondissement", "vingtième arrondissement"),
        ("XIXe siècle, XX siècles", "dix-neuvième siècle, vingt siècles"),
        ("rue Henri IV", "rue Henri quatre"),
        ("rue François Ier", "rue François premier"),
        ("rue Jean XXIII", "rue Jean vingt-trois"),
        ("place Pie X", "place Pie dix"),
        ("0-18 ans", "zéro à dix-huit ans"),
        ("18-25 ans", "dix-huit à vingt-cinq ans"),
        ("L. 3212-1", "L, trente-deux, douze, tiret un"),
        ("R1111-5", "R, onze, onze, tiret cinq"),
        ("L. 3211-2-1", "L, trente-deux, onze, tiret deux, tiret un"),
        ("n° 12", "numéro douze"),
        ("12 bd Voltaire", "douze boulevard Voltaire"),
        ("av. du Dr Calmette", "avenue du docteur Calmette"),
        ("12 bis rue du 8 Mai 1945", "douze bis rue du huit Mai mille neuf cent quarante-cinq"),
        ("12B rue de la Paix", "douze B rue de la Paix"),
        ("rue St Paul", "rue Saint Paul"),
        ("75012 Paris CEDEX 12", "sept, cinq, zéro, un, deux Paris cédex douze"),
        ("secteur G 04, 75G12", "secteur G zéro quatre, soixante-quinze G douze"),
        ("3 km, 500 m", "trois kilomètres, cinq cents mètres"),
        ("le 3114 ou le 15", "le trente et un, quatorze ou le quinze"),
        ("01 99 00 00 01", "zéro un, quatre-vingt-dix-neuf, zéro zéro, zéro zéro, zéro un"),
        ("0199000001", "zéro un, quatre-vingt-dix-neuf, zéro zéro, zéro zéro, zéro un"),
        ("116 117", "cent seize, cent dix-sept"),
        ("l'AME et la CPAM", "l'A-M-E et la C-P-A-M"),
        ("a@b", "a arobase b"),
        ("père & fils, et/ou", "père et fils, et ou"),
        ("M. Martin et Mme Roy", "monsieur Martin et madame Roy"),
        ("Menu principal. Vie, Ivre, CIVIL, MIX.", "Menu principal. Vie, Ivre, CIVIL, MIX."),
        ("Dans {km} kilomètres", "Dans {km} kilomètres"),
        ("99999999999", "neuf, neuf, neuf, neuf, neuf, neuf, neuf, neuf, neuf, neuf, neuf"),
    ] {
        assert_eq!(spoken(Lang::FR, written), heard, "{written}");
    }
}

#[test]
fn english_says_what_is_written() {
    for (written, heard) in [
        ("press 1.", "press one."),
        ("€57", "fifty-seven euros"),
        ("57 €", "fifty-seven euros"),
        ("€12.50", "twelve euros fifty"),
        ("€0.80", "eighty cents"),
        ("1,200 euros", "one thousand two hundred euros"),
        ("70%", "seventy per cent"),
        ("3.5", "three point five"),
        ("9:30", "nine thirty"),
        ("9:05", "nine oh five"),
        ("9:00", "nine o'clock"),
        ("21:30", "nine thirty in the evening"),
        ("9 am", "nine in the morning"),
        ("9.30 p.m.", "nine thirty in the evening"),
        ("12 pm", "noon"),
        ("0:00", "midnight"),
        ("24 November", "the twenty-fourth of November"),
        ("the 24 November", "the twenty-fourth of November"),
        ("on November 24", "on November the twenty-fourth"),
        ("November 24, 2026", "November the twenty-fourth, twenty twenty-six"),
        ("24th of November", "twenty-fourth of November"),
        ("2026-11-24", "the twenty-fourth of November twenty twenty-six"),
        ("since 1945", "since nineteen forty-five"),
        ("2000 people", "two thousand people"),
        ("18-25", "eighteen to twenty-five"),
        ("the 1st and the 22nd", "the first and the twenty-second"),
        ("Henry IV", "Henry the fourth"),
        ("L. 1111-7", "L, one one, one one, dash seven"),
        ("3 km", "three kilometres"),
        ("112 or 15", "one one two or fifteen"),
        ("3114", "three one, one four"),
        ("01 99 00 00 01", "zero one, nine nine, zero zero, zero zero, zero one"),
        ("day & night, 24/7", "day and night, twenty-four seven"),
        ("I am at the CMP", "I am at the C-M-P"),
    ] {
        assert_eq!(spoken(Lang::EN, written), heard, "{written}");
    }
}

#[test]
fn what_is_written_stays_for_those_who_read() {
    let text = |words: &str| Piece::Text(words.to_owned());
    let said = pieces(Lang::FR, vec![text("Il y a "), text("21"), text(" pages."), Piece::Pause(600), text("{code}")]);
    let spelled = Piece::Spelled { written: "21".into(), spoken: "vingt et une".into() };
    assert_eq!(said, [text("Il y a "), spelled, text(" pages."), Piece::Pause(600), text("{code}")]);
    assert_eq!(spoken("es".parse().unwrap(), "21"), "21");
}

proptest::proptest! {
    #[test]
    fn any_text_is_kept_whole_and_no_digit_is_left(text in "\\PC{0,60}", figures in "[0-9 .,:/h€%+IVXLe-]{0,40}") {
        for lang in [Lang::FR, Lang::EN] {
            for text in [&text, &figures] {
                let said = speech(lang, vec![Piece::Text(text.clone())]);
                proptest::prop_assert_eq!(said.written(), text.trim());
                let has_blank = text.contains('{');
                let heard = spoken(lang, text);
                proptest::prop_assert!(has_blank || !heard.contains(|c: char| c.is_ascii_digit()), "{} -> {}", text, heard);
            }
        }
    }
}
