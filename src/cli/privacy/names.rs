//! What each fact and each count holds, in words. Where one has no words, the program can't be built.

use super::Tongue;
use crate::journal::{Kind, TallyKind};

/// What a fact of this kind holds, beside its second, its language and its id.
pub(super) fn fact(kind: Kind, tongue: Tongue) -> String {
    let (french, english) = match kind {
        Kind::Began => ("un appel a commencé", "a call began"),
        Kind::Language => ("une langue a été choisie : laquelle", "a language was chosen: which one"),
        Kind::Reached => (
            "un endroit du menu a été atteint : son nom (peut dire un besoin de santé)",
            "a place of the menu was reached: its name (may tell of a need for care)",
        ),
        Kind::Heard => (
            "une partie d'un document a été entendue jusqu'au bout : son nom",
            "a part of a document was heard to its end: its name",
        ),
        Kind::Goal => ("ce qui était cherché a été obtenu : son nom", "what was called for was reached: its name"),
        Kind::Urgent => ("la touche de l'urgence (9) a été pressée", "the key for urgent help (9) was pressed"),
        Kind::Failure => (
            "une attente est restée sans réponse utile (jamais la touche pressée)",
            "a wait brought no useful answer (never the key that was pressed)",
        ),
        Kind::Tried => (
            "une ligne d'aide a été appelée : son nom, ou le numéro FINESS du centre",
            "a helping line was dialled: its name, or the FINESS number of the centre",
        ),
        Kind::Transferred => (
            "un transfert s'est terminé : la ligne, l'issue, les secondes de conversation",
            "a transfer ended: the line, the outcome, the seconds of conversation",
        ),
        Kind::LookedUp => (
            "des centres ont été cherchés : le numéro du département, rien de plus précis",
            "centres were looked up: the number of the département, nothing closer",
        ),
        Kind::Reported => (
            "le numéro d'un centre ne marchait pas : le numéro FINESS du centre",
            "the number of a centre did not work: the FINESS number of the centre",
        ),
        Kind::Lost => ("un appel a perdu sa place dans le menu", "a call lost its place in the menu"),
        Kind::Limited => (
            "un appel a reçu l'annonce courte, car il y en avait trop : la règle appliquée",
            "a call was given the short announcement, for there were too many: the rule applied",
        ),
        Kind::Goodbye => ("les derniers mots ont été dits : à quel endroit du menu", "the last words were said: where"),
        Kind::Ended => ("un appel est terminé", "a call is over"),
        Kind::Apologised => (
            "une panne de la ligne : l'appelant a entendu des excuses et les numéros d'urgence",
            "the line failed: the caller heard an apology and the urgent numbers",
        ),
    };
    tongue.of(french, english).to_owned()
}

/// What is counted beside the facts themselves, where it is kept with these settings.
pub(super) fn count(kind: TallyKind, counts_callers: bool, tongue: Tongue) -> Option<String> {
    let (french, english) = match kind {
        TallyKind::Of(_) => (
            "par heure, langue, nom et issue : combien de fois chaque fait, et la somme des secondes de conversation et d'attente",
            "by hour, language, name and outcome: how often each fact, and the sum of the seconds of conversation and waiting",
        ),
        TallyKind::Left => (
            "par heure : l'endroit du menu où les appels se sont terminés",
            "by hour: the place of the menu where calls ended",
        ),
        TallyKind::Missed => (
            "par heure : les appels où une ligne a été appelée et où personne n'a répondu",
            "by hour: calls in which a line was dialled and nobody answered",
        ),
        TallyKind::Callers if !counts_callers => return None,
        TallyKind::Callers => (
            "par jour : combien de numéros différents ont appelé, au moins (les numéros masqués, et les appels reçus pendant une \
             panne de la base, ne sont pas comptés)",
            "by day: how many different numbers called, at least (withheld numbers, and calls while the database was away, are \
             not counted)",
        ),
        TallyKind::Dropped => (
            "par heure : les faits que le journal a dû abandonner, pour autant qu'il le sache",
            "by hour: facts that the journal had to drop, as far as it knows",
        ),
    };
    Some(tongue.of(french, english).to_owned())
}
