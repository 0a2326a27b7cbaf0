//! What is kept, where, how long, who can read it, and what is never kept: each sentence from the settings.

use super::{Section, Site, Tongue, names};
use crate::journal::{Kind, TallyKind};

/// What is counted, with one of the facts standing for all.
const COUNTS: [TallyKind; 5] =
    [TallyKind::Of(Kind::Began), TallyKind::Left, TallyKind::Missed, TallyKind::Callers, TallyKind::Dropped];

impl Site<'_> {
    /// Whether anything is kept in a journal.
    pub(super) fn keeps(&self) -> bool {
        self.settings.journal.url.expose().is_some()
    }

    /// Whether it is in a file of this machine.
    fn is_file(&self) -> bool {
        self.settings.journal.url.file().is_some()
    }

    pub(super) fn counts_callers(&self) -> bool {
        self.keeps() && self.settings.journal.count_callers
    }

    fn chosen(&self, items: &[(bool, &str, &str)]) -> Vec<String> {
        let chosen = items.iter().filter(|(applies, ..)| *applies);
        chosen.map(|(_, french, english)| self.tongue.of(french, english).to_owned()).collect()
    }

    pub(super) fn kept(&self) -> Section {
        let keeps = self.keeps();
        let items = self.chosen(&[
            (
                !keeps,
                "Aucun journal : journal.url vaut `none`. Rien de ce qui se passe dans les appels n'est écrit.",
                "No journal: journal.url is `none`. Nothing of what happens in calls is written.",
            ),
            (
                keeps,
                "Des faits isolés, chacun avec sa seconde, la langue de l'appel, et un identifiant calculé avec une clé. \
                 Rien n'y relie deux faits d'un même appel.",
                "Single facts, each with its second, the language of the call, and an id made with a key. Nothing in them ties \
                 two facts of one call together.",
            ),
            (keeps, "Des totaux par heure, faits de ces faits.", "Counts by hour, made of these facts."),
            (
                keeps,
                "Le cours de chaque appel qui peut encore durer : une marque calculée avec une clé à partir de l'identifiant que le \
                 prestataire donne à l'appel, le début, la fin, le dernier endroit du menu, la langue, si une ligne a été \
                 appelée et si quelqu'un a répondu.",
                "The course of each call that may go on: a mark made with a key from the id that the provider gives the call, its \
                 beginning and end, the last place of the menu, the language, whether a line was dialled and somebody answered.",
            ),
            (
                self.counts_callers(),
                "Pour compter les appelants différents (journal.count_callers) : une empreinte de chaque numéro (HMAC-SHA-256), \
                 calculée avec une clé tirée au hasard pour la journée. La clé est dans la même base.",
                "To count different callers (journal.count_callers): a fingerprint of each number (HMAC-SHA-256), made with a \
                 random key of the day. The key is in the same database.",
            ),
            (
                self.settings.lines.state_path.is_some(),
                "Les pauses des lignes, avec la raison que l'opérateur écrit : rien des appels.",
                "The pauses of lines, with the reason that the operator writes: nothing of calls.",
            ),
            (
                !self.detailed_log,
                "Le journal technique (erreur standard) : le démarrage, les pannes, les webhooks refusés, les centres dont le numéro \
                 ne marche pas. Rien n'y dit qui appelle.",
                "The log (standard error): starts, failures, refused webhooks, centres whose number does not work. Nothing in it \
                 tells who called.",
            ),
            (
                self.detailed_log,
                "Le journal technique (erreur standard), avec RUST_LOG réglé sur le détail : chaque fait au moment où il se produit, sans \
                 dire de quel appel, et le déroulement des requêtes. Rien n'y dit qui appelle. Hors d'une recherche de panne, \
                 enlevez ce réglage.",
                "The log (standard error), with RUST_LOG set to details: each fact as it happens, without saying of which call, and \
                 the course of requests. Nothing in it tells who called. When no fault is being looked for, remove this setting.",
            ),
        ]);
        Section::new("kept", self.tongue.of("Ce qui est gardé", "What is kept"), items)
    }

    pub(super) fn facts(&self) -> Section {
        let items =
            if self.keeps() { Kind::ALL.map(|kind| names::fact(kind, self.tongue)).to_vec() } else { Vec::new() };
        Section::new(
            "facts",
            self.tongue.of("Les faits, et ce que chacun dit", "The facts, and what each holds"),
            items,
        )
    }

    pub(super) fn counts(&self) -> Section {
        let counted = |kind: &TallyKind| names::count(*kind, self.counts_callers(), self.tongue);
        let items = if self.keeps() { COUNTS.iter().filter_map(counted).collect() } else { Vec::new() };
        Section::new("counts", self.tongue.of("Les totaux", "The counts"), items)
    }

    pub(super) fn places(&self) -> Section {
        let (journal, tongue) = (&self.settings.journal, self.tongue);
        let mut items = Vec::new();
        if self.keeps() {
            let place = match journal.url.file() {
                Some(file) => format!("{} (SQLite)", file.display()),
                None => format!("{:?} (PostgreSQL)", journal.url),
            };
            items.push(format!("{} {place}", tongue.of("Le journal :", "The journal:")));
            let spool = journal.spool();
            items.push(match tongue {
                Tongue::Fr => format!("Ce que la base ne peut pas prendre attend dans {}", spool.display()),
                Tongue::En => format!("What the database can't take waits in {}", spool.display()),
            });
        }
        if let Some(path) = &self.settings.lines.state_path {
            items.push(format!("{} {}", tongue.of("Les pauses des lignes :", "The pauses of lines:"), path.display()));
        }
        items.push(
            tongue
                .of(
                    "Le journal technique : là où votre système met l'erreur standard du programme.",
                    "The log: wherever your system puts the standard error of the program.",
                )
                .to_owned(),
        );
        items.push(
            tongue.blank("le pays, l'hébergeur et la machine", "the country, the hosting company and the machine"),
        );
        Section::new("where", tongue.of("Où", "Where"), items)
    }

    pub(super) fn spans(&self) -> Section {
        let (journal, tongue) = (&self.settings.journal, self.tongue);
        let days = journal.keep_days;
        let mut items = Vec::new();
        if self.keeps() {
            items.push(match tongue {
                Tongue::Fr => format!(
                    "Les faits isolés : {days} jours (journal.keep_days), puis effacés par lots, chaque minute, tant que le serveur tourne."
                ),
                Tongue::En => format!(
                    "Single facts: {days} days (journal.keep_days), then removed in portions, each minute, as long as the server runs."
                ),
            });
            items.extend(self.chosen(&[
                (
                    true,
                    "Le cours d'un appel et sa marque : un jour après sa fin.",
                    "The course of a call and its mark: a day after its end.",
                ),
                (true, "Les totaux : sans limite.", "Counts: without limit."),
                (
                    self.counts_callers(),
                    "La clé de la journée et les empreintes des appelants : jusqu'à minuit (Paris), puis détruites ensemble dans les \
                     minutes qui suivent ; si aucun serveur ne tourne alors, au démarrage suivant.",
                    "The key of the day and the fingerprints of callers: until midnight (Paris), then destroyed together within \
                     minutes; where no server runs then, at the next start.",
                ),
            ]));
            items.push(match tongue {
                Tongue::Fr => format!(
                    "Ce qui attend, avec la marque de chaque appel : jusqu'à ce que la base le prenne ; {} Mo au plus. Un fichier illisible est \
                     mis de côté (.broken) : supprimez-le.",
                    journal.spool_mb
                ),
                Tongue::En => format!(
                    "What waits, with the mark of each call: until the database takes it; {} MB at most. A file that can't be read \
                     is put aside (.broken): delete it.",
                    journal.spool_mb
                ),
            });
            items.extend(self.chosen(&[
                (
                    self.is_file(),
                    "Ce qui est effacé est écrasé dans le fichier. Vos sauvegardes gardent les faits isolés jusqu'à ce que vous les \
                     supprimiez ; `allo-cmp journal backup` en écarte les marques des appels et des appelants.",
                    "What is removed is overwritten in the file. Your backups keep single facts until you delete them; `allo-cmp \
                     journal backup` leaves out the marks of calls and of callers.",
                ),
                (
                    !self.is_file(),
                    "PostgreSQL n'écrase pas ce qui est effacé : des restes demeurent dans ses fichiers jusqu'au VACUUM, et dans ses journaux \
                     (WAL) et vos sauvegardes aussi longtemps que vous les gardez.",
                    "PostgreSQL does not overwrite what is removed: remains stay in its files until VACUUM, and in its log (WAL) \
                     and your backups for as long as you keep those.",
                ),
            ]));
        }
        items.push(tongue.blank(
            "la durée de conservation du journal technique, réglée dans votre système",
            "how long the log is kept, as your system is set",
        ));
        Section::new("how_long", tongue.of("Combien de temps", "How long"), items)
    }

    pub(super) fn readers(&self) -> Section {
        let mut items = self.chosen(&[
            (
                self.is_file(),
                "Le fichier du journal est créé lisible par le seul compte système qui fait tourner le programme (et par \
                 l'administrateur de la machine) ; son dossier aussi, si le programme le crée.",
                "The file of the journal is made readable only by the system account that runs the program (and by the \
                 administrator of the machine); so is its folder, where the program makes it.",
            ),
            (
                self.keeps() && !self.is_file(),
                "Le journal : l'utilisateur PostgreSQL de journal.url, les administrateurs de ce serveur, et ceux à qui ils donnent \
                 des droits.",
                "The journal: the PostgreSQL user of journal.url, the administrators of that server, and whom they grant rights.",
            ),
            (
                self.keeps(),
                "Ce qui attend est dans un fichier lisible par ce seul compte.",
                "What waits is in a file that only this account can read.",
            ),
        ]);
        let admin = self.settings.admin.listen;
        items.push(match self.tongue {
            Tongue::Fr => format!(
                "Les compteurs et l'état du programme : cette machine seule ({admin}). Aucun nom, aucun numéro."
            ),
            Tongue::En => {
                format!("Counters and the state of the program: this machine only ({admin}). No name, no number.")
            }
        });
        items.push(self.tongue.blank("les personnes qui ont ces accès", "the people who have these rights"));
        Section::new("readers", self.tongue.of("Qui peut le lire", "Who can read it"), items)
    }

    pub(super) fn never(&self) -> Section {
        let items = self.chosen(&[
            (
                true,
                "Ni nom, ni voix : le programme n'enregistre rien des conversations.",
                "No name, no voice: the program records no conversation.",
            ),
            (
                !self.counts_callers(),
                "Pas de numéro d'appelant, ni rien d'écrit qui en soit calculé.",
                "No caller's number, nor anything written that is made of it.",
            ),
            (
                self.counts_callers(),
                "Pas de numéro d'appelant : seulement l'empreinte de la journée, dite plus haut.",
                "No caller's number: only the fingerprint of the day that is told of above.",
            ),
            (
                self.settings.limits.new_calls_per_caller > 0,
                "En mémoire seulement, quelques minutes : combien d'appels un même numéro a commencés, sous une empreinte dont la clé est \
                 tirée à chaque démarrage. Rien n'en est écrit.",
                "In memory only, for some minutes: how many calls one number has begun, under a fingerprint whose key is drawn at each \
                 start. Nothing of it is written.",
            ),
            (
                true,
                "Pas de suite de touches, pas de code postal : du lieu cherché, le département seul. Ce qu'une touche a choisi se voit dans les \
                 faits : l'endroit atteint, l'urgence.",
                "No keys in a row, no postal code: of the place that was looked for, the département alone. What a key has chosen \
                 shows in the facts: the place reached, urgent help.",
            ),
            (
                true,
                "Le code postal saisi et l'endroit du menu voyagent, le temps de l'appel, chiffrés avec server.secret dans les adresses que le \
                 prestataire nous rappelle. Ce programme ne les écrit nulle part.",
                "The postal code that was entered and the place in the menu travel, while the call lasts, encrypted with \
                 server.secret in the addresses that the provider calls. This program writes them nowhere.",
            ),
        ]);
        Section::new("never", self.tongue.of("Ce qui n'est jamais gardé", "What is never kept"), items)
    }
}
