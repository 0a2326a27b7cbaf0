//! Words with blanks, `{place}` or `{km}`, that are filled in during a call.

use std::sync::Arc;

use crate::{
    call::{Piece, Speech},
    script::{Variable, ear},
};

/// What fills a blank: words wherever it stands, or a piece of its own in the place of a whole one.
pub(super) type Blank = (Variable, Piece);

/// Words that fill a blank.
pub(super) fn words(variable: Variable, words: &str) -> Blank {
    (variable, Piece::Text(words.to_owned()))
}

/// `speech` with its blanks filled in. One without any stays the same.
pub(super) fn fill(speech: &Arc<Speech>, blanks: &[Blank]) -> Arc<Speech> {
    let named: Vec<(String, &Piece)> =
        blanks.iter().map(|(variable, piece)| (format!("{{{}}}", variable.name()), piece)).collect();
    let has_blank =
        |piece: &Piece| matches!(piece, Piece::Text(text) if named.iter().any(|(name, _)| text.contains(name)));
    if !speech.pieces.iter().any(has_blank) {
        return speech.clone();
    }
    let fill = |piece: &Piece| {
        let Piece::Text(text) = piece else { return piece.clone() };
        let mut text = text.clone();
        for (name, blank) in &named {
            match blank {
                Piece::Text(filled) => text = text.replace(name, filled),
                blank if text == *name => return (*blank).clone(),
                _ => {}
            }
        }
        Piece::Text(text)
    };
    Arc::new(ear::speech(speech.lang, speech.pieces.iter().map(fill).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::Lang;

    #[test]
    fn blanks_are_filled_and_words_without_any_stay_the_same() {
        let text = |words: &str| Piece::Text(words.to_owned());
        let speech = |pieces| Arc::new(Speech::new(Lang::FR, pieces));
        let number = Piece::Spelled { written: "7 5".into(), spoken: "sept, cinq".into() };
        let blanks = [words(Variable::Place, "Paris"), (Variable::Code, number.clone())];
        let read = fill(&speech(vec![text("Votre code : "), text("{code}"), text(". À {place}.")]), &blanks);
        assert_eq!(read.pieces, [text("Votre code : "), number, text(". À Paris.")]);
        let plain = speech(vec![text("Pour {key}."), Piece::Pause(5)]);
        assert!(Arc::ptr_eq(&fill(&plain, &blanks), &plain));
    }
}
