//! Spelling: what stands in the lists, and what callers are to hear.

use super::*;
use crate::directory::{Audience, CentreKind};

#[test]
fn names_are_said_in_full_with_whom_they_are_for_and_where() {
    for (written, commune, said) in [
        ("CMP", "Viriat", "Centre médico-psychologique"),
        ("CMP VIRIAT", "Viriat", "Centre médico-psychologique de Viriat"),
        ("CMP DE VIRIAT", "Viriat", "Centre médico-psychologique de Viriat"),
        ("CMP LE MANS", "Le Mans", "Centre médico-psychologique du Mans"),
        ("CMP LES LILAS", "Les Lilas", "Centre médico-psychologique des Lilas"),
        ("CMP LA COURNEUVE", "La Courneuve", "Centre médico-psychologique de La Courneuve"),
        ("CMP EVREUX", "Évreux", "Centre médico-psychologique d'Évreux"),
        (
            "CMP ADULTES BOURG EN BRESSE",
            "Bourg-en-Bresse",
            "Centre médico-psychologique pour adultes de Bourg-en-Bresse",
        ),
        ("CENTRE MEDICO PSYCHOLOGIQUE ST DENIS", "Saint-Denis", "Centre médico-psychologique de Saint-Denis"),
        ("CENTRE MEDICO-PSYCHOLOGIQUE", "Saint-Denis", "Centre médico-psychologique"),
        ("C.M.P. PASTEUR", "Lyon", "Centre médico-psychologique, Pasteur"),
        ("CMP ENFANTS ET ADOLESCENTS LYON", "Lyon", "Centre médico-psychologique pour enfants et adolescents de Lyon"),
        ("CMPEA LES TILLEULS", "Lyon", "Centre médico-psychologique pour enfants et adolescents, Les Tilleuls"),
        ("CMP INFANTO-JUVENILE LYON", "Lyon", "Centre médico-psychologique pour enfants et adolescents de Lyon"),
        ("CMP PEDOPSYCHIATRIE", "Lyon", "Centre médico-psychologique pour enfants et adolescents"),
        ("CMP GERONTOPSYCHIATRIE LYON", "Lyon", "Centre médico-psychologique pour personnes âgées de Lyon"),
        ("CMP ADO LYON", "Lyon", "Centre médico-psychologique pour adolescents de Lyon"),
        ("CMP POUR ADULTES", "Lyon", "Centre médico-psychologique pour adultes"),
        ("CMP LYON SECTEUR G04", "Lyon", "Centre médico-psychologique de Lyon, secteur G 4"),
        ("CMP 75G12 LA RIVIERE", "Paris", "Centre médico-psychologique, La rivière, secteur G 12"),
        (
            "CMP-CATTP LYON",
            "Lyon",
            "Centre médico-psychologique et centre d'accueil thérapeutique à temps partiel de Lyon",
        ),
        ("CMP \"LE DE L'HOPITAL\"", "Lyon", "Centre médico-psychologique, Le de l'hôpital"),
        ("CMP DU PARC", "Lyon", "Centre médico-psychologique du parc"),
        ("CMP STE ANNE", "Paris", "Centre médico-psychologique, Sainte-Anne"),
        ("CMP LYON LES ACACIAS", "Lyon", "Centre médico-psychologique de Lyon, Les Acacias"),
        ("CMP LES ACACIAS LYON", "Lyon", "Centre médico-psychologique, Les Acacias, Lyon"),
        ("CENTRE HOSPITALIER STE ANNE", "Paris", "Centre médico-psychologique, Centre hospitalier Sainte-Anne"),
        ("HDJ LES PRES", "Lyon", "Centre médico-psychologique, Hôpital de jour Les prés"),
        ("centre médico-psychologique d’Évreux", "Évreux", "Centre médico-psychologique d'Évreux"),
        ("", "Lyon", "Centre médico-psychologique"),
        ("!!! ET", "Lyon", "Centre médico-psychologique"),
    ] {
        assert_eq!(name(&Said { kind: CentreKind::Cmp, name: written, commune }), said, "{written}");
    }
}

#[test]
fn the_neighbours_have_their_own_names() {
    for (kind, written, said) in [
        (CentreKind::Cmpp, "CMPP  INTERSECTORIEL ALOES", "Centre médico-psycho-pédagogique, Intersectoriel Aloes"),
        (CentreKind::Cmpp, "CENTRE MEDICO PSYCHO-PEDAGOGIQUE", "Centre médico-psycho-pédagogique"),
        (CentreKind::Cattp, "CATTP DUCOS", "Centre d'accueil thérapeutique à temps partiel de Ducos"),
        (
            CentreKind::Csapa,
            "CSAPA ADO DUCOS",
            "Centre de soins, d'accompagnement et de prévention en addictologie pour adolescents de Ducos",
        ),
        (CentreKind::Mda, "MAISON DES ADOLESCENTS DUCOS", "Maison des adolescents de Ducos"),
        (CentreKind::Mda, "MDA", "Maison des adolescents"),
    ] {
        assert_eq!(name(&Said { kind, name: written, commune: "Ducos" }), said, "{written}");
    }
}

#[test]
fn streets_are_said_in_full_and_boxes_of_the_post_are_not() {
    for (number, suffix, kind, written, hamlet, said) in [
        ("900", "", "RTE", "DE PARIS", "", Some("900 route de Paris")),
        ("4", "", "R", "AUGUST NYMAN", "", Some("4 rue August Nyman")),
        ("12", "B", "R", "VICTOR HUGO", "", Some("12 bis rue Victor Hugo")),
        ("12", "T", "AV", "JEAN JAURES", "", Some("12 ter avenue Jean Jaurès")),
        ("0012", "Q", "BD", "DE LA REPUBLIQUE", "", Some("12 quater boulevard de la République")),
        ("1", "", "PL", "DE L HOPITAL", "", Some("1 place de l'hôpital")),
        ("1", "", "R", "DE L'HOPITAL", "", Some("1 rue de l'hôpital")),
        ("1", "", "R", "DES ECOLES", "", Some("1 rue des écoles")),
        ("1", "", "R", "DU MARECHAL FOCH", "", Some("1 rue du maréchal Foch")),
        ("1", "", "R", "DU GAL DE GAULLE", "", Some("1 rue du général de Gaulle")),
        ("1", "", "R", "DU DR CALMETTE", "", Some("1 rue du docteur Calmette")),
        ("8", "", "R", "DU 8 MAI 1945", "", Some("8 rue du 8 mai 1945")),
        ("1", "", "R", "HENRI IV", "", Some("1 rue Henri IV")),
        ("1", "", "CHE", "DE STE MARIE", "", Some("1 chemin de Sainte-Marie")),
        ("", "", "ALL", "DES TOPAZES", "CS 11021", Some("allée des Topazes")),
        ("", "", "AV", "ALEXIS BLAISE", "BP 6006", Some("avenue Alexis Blaise")),
        ("", "", "IMP", "D ALSACE", "", Some("impasse d'Alsace")),
        ("", "", "", "ZAC CHAMPIGNY", "BP 71 IMMEUBLE SEMAFA", Some("zone d'activités Champigny")),
        ("", "", "", "12 R PASTEUR", "", Some("12 rue Pasteur")),
        ("", "", "", "8 MAI 1945", "", Some("8 mai 1945")),
        ("", "", "", "", "BP 4 - MATA'UTU", Some("Mata Utu")),
        ("", "", "", "", "LD LES PRES", Some("lieu-dit les prés")),
        ("", "", "", "", "BP 71", None),
        ("12", "", "", "", "", None),
        ("", "", "", "", "", None),
    ] {
        let written = Street { number, suffix, kind, name: written, place: hamlet };
        assert_eq!(street(&written).as_deref(), said, "{written:?}");
    }
}

#[test]
fn communes_have_their_hyphens_and_saints() {
    for (written, said) in [
        ("VIRIAT", "Viriat"),
        ("BOURG EN BRESSE", "Bourg-en-Bresse"),
        ("LA COURNEUVE", "La Courneuve"),
        ("ST DENIS", "Saint-Denis"),
        ("STE MARIE AUX MINES", "Sainte-Marie-aux-Mines"),
        ("L ISLE D ABEAU", "L'Isle-d'Abeau"),
        ("L'HAY LES ROSES", "L'Hay-les-Roses"),
        ("CHALONS SUR SAONE", "Châlons-sur-Saone"),
        ("LE BLANC MESNIL", "Le Blanc-Mesnil"),
        ("PARIS", "Paris"),
        ("PARIS 20", "Paris, 20e arrondissement"),
        ("LYON 1ER", "Lyon, 1er arrondissement"),
        ("LE", "Le"),
        ("", ""),
    ] {
        assert_eq!(place(written), said, "{written}");
    }
}

#[test]
fn whom_a_centre_receives_is_told_from_words_and_else_not_known() {
    use Audience::{Adults, Children, Unknown};
    for (written, expected) in [
        ("CMP ADULTES LYON", Adults),
        ("CMP ADULTE", Adults),
        ("CMP GERONTOPSYCHIATRIE", Adults),
        ("CMP LYON SECTEUR G04", Adults),
        ("CMP 75G12", Adults),
        ("CMP ENFANTS ET ADOLESCENTS", Children),
        ("CMP ADO", Children),
        ("CMP INFANTO-JUVENILE", Children),
        ("CMP I.J. LYON", Unknown),
        ("CMP IJ LYON", Children),
        ("CMP PEDOPSYCHIATRIE", Children),
        ("CMPEA", Children),
        ("CMP-E LYON", Children),
        ("CMP 0-18 ANS", Children),
        ("CMP POUR JEUNES", Children),
        ("CMP 94I02", Children),
        ("CMP ADULTES ET ENFANTS", Unknown),
        ("CMP JEUNES ADULTES", Unknown),
        ("CMP LYON", Unknown),
        ("CMP DU GERS", Unknown),
        ("", Unknown),
    ] {
        assert_eq!(audience(CentreKind::Cmp, &[written]), expected, "{written}");
    }
    assert_eq!(audience(CentreKind::Cmpp, &["CMPP DUCOS"]), Children);
    assert_eq!(audience(CentreKind::Mda, &["MDA"]), Children);
    assert_eq!(audience(CentreKind::Cmp, &["CMP LYON", "ENFANTS"]), Children);
}

proptest::proptest! {
    #[test]
    fn anything_is_spelt_without_a_panic(text in "\\PC*", other in "[A-Z0-9 '.-]{0,40}") {
        for written in [text.as_str(), other.as_str()] {
            let commune = place(&other);
            let said = name(&Said { kind: CentreKind::Cmp, name: written, commune: &commune });
            assert!(said.starts_with("Centre") || said.starts_with("Maison"), "{said}");
            street(&Street { number: &other, suffix: &text, kind: written, name: written, place: &other });
            audience(CentreKind::Cmp, &[written]);
        }
    }
}
