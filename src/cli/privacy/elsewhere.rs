//! What others keep, over which this program has no power.

use super::{Section, Site, Tongue};

impl Site<'_> {
    pub(super) fn elsewhere(&self) -> Section {
        let (tongue, providers) = (self.tongue, self.providers());
        let mut items = vec![
            match tongue {
                Tongue::Fr => format!(
                    "Prestataire de téléphonie : {providers}. Il connaît le numéro de l'appelant et chaque touche pressée, car c'est lui qui \
                     nous les transmet, et les numéros que la ligne appelle."
                ),
                Tongue::En => format!(
                    "Telephony provider: {providers}. It knows the caller's number and each key, for it tells us of them, and the \
                     numbers that the line dials."
                ),
            },
            tongue
                .of(
                    "Ce qu'il en garde (relevés d'appels, traces des requêtes) et combien de temps se règle chez lui, dans sa console et dans \
                     votre contrat : ce programme n'y peut rien.",
                    "What it keeps of that (call records, traces of requests) and how long is set at the provider, in its console \
                     and in your contract: this program has no power over it.",
                )
                .to_owned(),
            tongue.blank(
                "la durée de conservation réglée chez le prestataire, et le contrat de sous-traitance",
                "how long the provider is set to keep them, and the contract with it as a processor",
            ),
        ];
        items.push(self.verified(
            "les opérateurs gardent l'identité de leurs abonnés 5 ans, les données de compte, de paiement et celles qui identifient la \
             source de la connexion 1 an (CPCE, art. L. 34-1 II bis)",
            "telephone companies keep the identity of subscribers for 5 years, data of accounts, of payment, and those that \
             identify the source of a connection for 1 year (CPCE, art. L. 34-1 II bis)",
        ));
        items.push(
            tongue
                .of(
                    "Une ligne d'aide à qui l'appel est transféré suit ses propres règles. Le numéro qui lui est présenté est celui de la \
                     ligne, jamais celui de l'appelant.",
                    "A helping line to which a call is put through follows its own rules. The number that it is shown is that of \
                     the line, never the caller's.",
                )
                .to_owned(),
        );
        let title = tongue.of("Ce que d'autres gardent", "What others keep");
        Section::new("elsewhere", title, items)
    }

    /// The providers that are set up.
    pub(super) fn providers(&self) -> String {
        match self.settings.providers.configured().join(", ") {
            none if none.is_empty() => self.tongue.blank("aucun n'est réglé", "none is set up"),
            providers => providers,
        }
    }

    /// What the law says, read in its text or at an authority.
    pub(super) fn verified(&self, french: &str, english: &str) -> String {
        match self.tongue {
            Tongue::Fr => format!("Droit (vérifié en 2026) : {french}."),
            Tongue::En => format!("Law (verified in 2026): {english}."),
        }
    }

    /// What the law may say.
    pub(super) fn unverified(&self, french: &str, english: &str) -> String {
        match self.tongue {
            Tongue::Fr => format!("À vérifier avec votre DPO : {french}."),
            Tongue::En => format!("To be verified with your DPO: {english}."),
        }
    }
}
