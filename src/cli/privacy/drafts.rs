//! Drafts of what the law wants written down: the entry of the register (article 30), and the facts for an impact assessment.

use super::{Section, Site, Tongue};
use crate::call::Lang;

impl Site<'_> {
    pub(super) fn register(&self) -> Section {
        let (t, days, keeps) = (self.tongue, self.settings.journal.keep_days, self.keeps());
        let line = |french: &str, english: &str| t.of(french, english).to_owned();
        let mut items = vec![
            format!("{} {}", t.of("Responsable du traitement :", "Controller:"), self.controller()),
            t.blank(
                "les coordonnées du responsable, et du DPO s'il y en a un",
                "how to reach the controller, and the DPO if any",
            ),
            line(
                "Nom : ligne téléphonique d'orientation vers les soins psychiques publics.",
                "Name: phone line that leads to public mental-health care.",
            ),
            line(
                "Finalités : informer et orienter les appelants, les mettre en relation avec une ligne d'aide ou un centre.",
                "Purposes: to inform and guide callers, and to put them through to a helping line or a centre.",
            ),
        ];
        if keeps {
            items.push(line(
                "Finalité du journal : savoir ce qui a été utile et ce qui a manqué, sans suivre les personnes.",
                "Purpose of the journal: to know what was of use and what was missing, without following people.",
            ));
        }
        items.push(t.blank("la base légale (RGPD, art. 6 et 9)", "the legal basis (GDPR, articles 6 and 9)"));
        items.push(line(
            "Personnes : celles qui appellent, pour elles-mêmes ou pour un proche ; parfois mineures ou vulnérables.",
            "People: those who call, for themselves or for somebody close; some are minors or vulnerable.",
        ));
        items.push(match (keeps, self.counts_callers()) {
            (false, _) => line(
                "Données : le numéro et les touches, le temps de l'appel ; aucune n'est gardée.",
                "Data: the number and the keys, while the call lasts; none is kept.",
            ),
            (true, false) => line(
                "Données : le numéro et les touches, le temps de l'appel ; puis des faits sans numéro et des totaux (sections « Les faits » et \
                 « Les totaux »).",
                "Data: the number and the keys, while the call lasts; then facts without a number, and counts (sections \"The \
                 facts\" and \"The counts\").",
            ),
            (true, true) => line(
                "Données : le numéro et les touches, le temps de l'appel ; l'empreinte du numéro, la journée ; puis des faits sans numéro et \
                 des totaux (sections « Les faits » et « Les totaux »).",
                "Data: the number and the keys, while the call lasts; the fingerprint of the number, for the day; then facts without \
                 a number, and counts (sections \"The facts\" and \"The counts\").",
            ),
        });
        items.push(self.verified(
            "la santé physique ou mentale d'une personne, y compris les soins qu'elle reçoit, est une donnée de santé (RGPD, art. 4, 15°)",
            "the physical or mental health of a person, including the care that they receive, is data concerning health (GDPR, \
             article 4, point 15)",
        ));
        items.push(format!(
            "{} {}{} {}",
            t.of("Destinataires : le prestataire de téléphonie", "Recipients: the telephony provider"),
            self.providers(),
            t.of(" ;", ";"),
            t.blank(
                "l'hébergeur, les personnes qui lisent les rapports",
                "the hosting company, the people who read reports"
            )
        ));
        items.push(t.blank(
            "les transferts hors de l'Union européenne, selon le prestataire et l'hébergeur",
            "transfers out of the European Union, by the provider and the hosting company",
        ));
        if keeps {
            let callers = match (self.counts_callers(), t) {
                (false, _) => "",
                (true, Tongue::Fr) => " ; empreintes des numéros : la journée",
                (true, Tongue::En) => "; fingerprints of numbers: the day",
            };
            items.push(match t {
                Tongue::Fr => format!(
                    "Durées : faits isolés {days} jours ; lien entre les faits d'un appel : un jour après sa fin{callers} ; totaux : sans limite."
                ),
                Tongue::En => format!(
                    "Retention: single facts {days} days; what ties the facts of one call: a day after its end{callers}; counts: without limit."
                ),
            });
        }
        items.push(line(
            "Sécurité : signature de chaque webhook vérifiée ; état de l'appel chiffré et authentifié (AES-SIV) ; ni numéro, ni code postal écrits par le \
             programme.",
            "Security: the signature of each webhook is verified; the state of a call is encrypted and authenticated (AES-SIV); no \
             number and no postal code is written by the program.",
        ));
        items.push(t.blank(
            "vos mesures : TLS devant le serveur, accès à la machine, sauvegardes",
            "your measures: TLS in front of the server, who reaches the machine, backups",
        ));
        let title =
            t.of("Projet d'entrée au registre (RGPD, article 30)", "Draft of the register entry (GDPR, article 30)");
        Section::new("register", title, items)
    }

    pub(super) fn assessment(&self) -> Section {
        let (t, days, keeps) = (self.tongue, self.settings.journal.keep_days, self.keeps());
        let line = |french: &str, english: &str| t.of(french, english).to_owned();
        let mut items = vec![
            line(
                "Nature : appeler cette ligne, et ce qui y est choisi, peut dire un besoin de santé mentale.",
                "Nature: to call this line, and what is chosen there, may tell of a need for mental-health care.",
            ),
            t.blank("le nombre d'appels par an, le territoire", "calls a year, the territory"),
        ];
        if keeps {
            items.push(match t {
                Tongue::Fr => format!(
                    "Risque : qui a à la fois server.secret et l'identifiant d'un appel (le prestataire le connaît, avec le numéro) peut recalculer \
                     les identifiants de ses faits, et les retrouver pendant {days} jours. Mesure : garder server.secret hors de portée de qui lit le \
                     journal ; le remplacer de temps en temps."
                ),
                Tongue::En => format!(
                    "Risk: who has both server.secret and the id of a call (the provider knows it, with the number) can make the ids of its \
                     facts again, and find them for {days} days. Measure: keep server.secret away from who reads the journal; replace it \
                     from time to time."
                ),
            });
            items.push(line(
                "Risque : les faits ont leur seconde. Quand peu de gens appellent, ceux d'un même appel se devinent ; qui sait quand une personne a \
                 appelé peut deviner ce qu'elle a cherché. Mesure : réduire journal.keep_days, limiter qui lit la base.",
                "Risk: facts have their second. When few people call, those of one call can be guessed; who knows when a person called \
                 may guess what they looked for. Measure: lower journal.keep_days, limit who reads the database.",
            ));
            items.push(line(
                "Risque : le centre qui a été appelé ou signalé est gardé par son numéro FINESS, donc avec sa commune ; il est souvent près de \
                 l'appelant. Mesure : limiter qui lit la base.",
                "Risk: the centre that was dialled or reported is kept by its FINESS number, and so with its town; it is often near the \
                 caller. Measure: limit who reads the database.",
            ));
            items.push(line(
                "Risque : les totaux d'une heure peuvent valoir 1. Mesure : `allo-cmp report` ne dit aucun nombre sous 11 ; ne pas publier la base.",
                "Risk: a count of an hour may be 1. Measure: `allo-cmp report` says no number under 11; do not publish the database.",
            ));
        }
        if self.counts_callers() {
            items.push(line(
                "Risque : pendant la journée, qui lit la base a la clé et les empreintes, et peut essayer tous les numéros. Mesure : ne pas compter \
                 les appelants si ce n'est pas utile (journal.count_callers = false).",
                "Risk: during the day, who reads the database has the key and the fingerprints, and can try all numbers. Measure: don't \
                 count callers where it is of no use (journal.count_callers = false).",
            ));
            items.push(self.unverified(
                "une empreinte à clé est une donnée pseudonymisée, donc personnelle, tant que la clé existe",
                "a keyed fingerprint is pseudonymised, and so personal, data as long as the key exists",
            ));
        }
        items.push(line(
            "Risque : le prestataire connaît le numéro et les touches de chaque appel. Mesure : durées et traces réglées chez lui.",
            "Risk: the provider knows the number and the keys of each call. Measure: retention and traces as set there.",
        ));
        items.push(self.verified(
            "la certification HDS est demandée à qui héberge pour d'autres des données de santé recueillies lors de soins ou d'un suivi social ; \
             pas au responsable qui héberge lui-même (Agence du numérique en santé)",
            "HDS certification is asked of who hosts, for others, health data collected in care or social follow-up; not of a \
             controller who hosts for itself (Agence du numérique en santé)",
        ));
        items.push(self.verified(
            "enregistrer des conversations ne peut être ni permanent ni systématique, et les personnes sont prévenues avant (CNIL) : cette ligne \
             n'enregistre pas",
            "conversations may not be recorded permanently or systematically, and people are told before (CNIL): this line records none",
        ));
        for (french, english) in [
            (
                "une analyse d'impact est sans doute nécessaire (données sensibles, personnes vulnérables)",
                "an impact assessment is probably needed (sensitive data, vulnerable people)",
            ),
            (
                "un DPO est nécessaire si le traitement est à grande échelle",
                "a DPO is needed where this is done on a large scale",
            ),
            (
                "un contrat (RGPD, art. 28) est nécessaire avec le prestataire et l'hébergeur",
                "a contract (GDPR, article 28) is needed with the provider and the hosting company",
            ),
        ] {
            items.push(self.unverified(french, english));
        }
        items.push(t.blank("l'avis du DPO et la décision", "what the DPO says, and the decision"));
        let title = t.of("Éléments pour l'analyse d'impact (AIPD)", "Facts for the impact assessment (DPIA)");
        Section::new("assessment", title, items)
    }

    /// Who runs the line, as it says itself.
    fn controller(&self) -> String {
        let operators = &self.settings.line.operator;
        let own = match self.tongue {
            Tongue::Fr => Lang::FR,
            Tongue::En => Lang::EN,
        };
        let named = operators.get(&own).or_else(|| operators.values().next());
        named.cloned().unwrap_or_else(|| self.tongue.blank("son nom (line.operator)", "its name (line.operator)"))
    }
}
