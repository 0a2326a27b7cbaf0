//! The printed sheet: complete, in each language, well-formed, and on one page.

use std::{fs, path::Path, process::Command};

use allo_cmp::{files::Files, lines::Lines};
use quick_xml::{Reader, events::Event};

/// The sheet that the program prints in `folder`, and what it complains of.
fn printed(folder: &Path, args: &[&str], env: &[(&str, &str)]) -> (String, String) {
    let mut command = crate::program::command(folder);
    let output = command.arg("leaflet").args(args).envs(env.iter().copied()).output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn sheet(lang: &str, env: &[(&str, &str)]) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    printed(folder.path(), &["--lang", lang], env)
}

/// The words of a page; panics if it is no well-formed XML.
pub(crate) fn words(html: &str) -> String {
    let mut reader = Reader::from_str(html);
    let mut words = String::new();
    let mut style = false;
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}\n{html}")) {
            Event::Start(tag) => style = tag.name().as_ref() == "style",
            Event::End(_) => style = false,
            Event::Text(text) if !style => words += &*text,
            Event::GeneralRef(name) => words += &format!("&{};", &*name),
            Event::Empty(_) => words.push(' '),
            Event::Eof => break,
            _ => {}
        }
    }
    let words = words.replace("&apos;", "'").replace('\u{a0}', " ");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

const NUMBER: (&str, &str) = ("ALLO_CMP__LINE__NUMBER", "01 99 00 12 34");

#[test]
fn the_sheet_holds_the_keys_the_documents_and_every_number() {
    let expected = [
        (
            "fr",
            [
                "Appelez le 01 99 00 12 34",
                "1 Français 2 English",
                "1 Trouver un centre CMP",
                "2 Un premier rendez-vous 1 Les documents à apporter 2 Prendre rendez-vous",
                "3 Changer, arrêter, connaître vos droits 1 Changer ou arrêter vos soins 2 Connaître vos droits",
                "4 Parler à quelqu'un",
                "9 Urgence 0 Menu principal, puis aide * Réécouter # Revenir 7 Plus lentement 8 Autre langue",
                "Apportez votre carte Vitale, ou une attestation de droits.",
                "Rien de tout cela ? Venez quand même.",
                "3114 En cas d'idées de suicide, jour et nuit",
                "114 Les urgences par SMS, jour et nuit si vous ne pouvez pas parler, ou entendre",
            ],
        ),
        (
            "en",
            [
                "Call 01 99 00 12 34",
                "1 Français 2 English",
                "1 Find a CMP centre",
                "2 A first appointment 1 The documents to bring 2 Book an appointment",
                "3 Change or stop care, know your rights 1 Change or stop your care 2 Know your rights",
                "4 Talk to someone",
                "9 Urgent help 0 Main menu, then help * Listen again # Go back 7 More slowly 8 Another language",
                "Bring your green health card, or a certificate of health cover.",
                "None of these? Come anyway.",
                "3114 For thoughts of suicide, day and night",
                "114 Emergencies by text message, day and night if you cannot speak or hear",
            ],
        ),
    ];
    let (lines, _) = Lines::parse(&Files::embedded_flows());
    for (lang, expected) in expected {
        let (html, complaint) = sheet(lang, &[NUMBER]);
        assert_eq!(complaint, "", "{lang}");
        let words = words(&html);
        for expected in expected {
            assert!(words.contains(expected), "{lang}: {expected}\n{words}");
        }
        for line in lines.as_ref().unwrap().lines.value.values() {
            let printed = words.contains(&format!(" {} ", *line.announce));
            assert_eq!(printed, line.leaflet && line.verified, "{lang}: {}", *line.announce);
        }
        for outside in ["<script", "src=", "url(", "@import", "<link"] {
            assert!(!html.contains(outside), "{lang}: {outside}");
        }
        assert!(!words.contains("C-M-P") && !words.contains('{'), "{words}");
    }
}

#[test]
fn the_price_and_the_number_are_those_of_the_settings() {
    let (html, complaint) = sheet("fr", &[]);
    let bare = words(&html);
    assert!(complaint.contains("`line.number`"), "{complaint}");
    assert!(bare.contains("Numéro à écrire ici") && !bare.contains("gratuit"), "{bare}");
    let env = [
        ("ALLO_CMP__LINE__NUMBER", "<01> & \"99\""),
        ("ALLO_CMP__LINE__CALL_IS_FREE", "true"),
        ("ALLO_CMP__LINE__OPERATOR__FR", "l'association </p>"),
    ];
    let (html, _) = sheet("fr", &env);
    let words = words(&html);
    assert!(html.contains("&lt;01&gt; &amp; ") && !html.contains("association </p>"), "{html}");
    assert!(words.contains("Appel gratuit") && words.contains("L'association"), "{words}");
}

#[test]
fn what_keeps_a_sheet_from_being_made_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let scripts = folder.path().join("scripts");
    for file in Files::embedded_scripts().files {
        let path = scripts.join(&file.name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.source.text).unwrap();
    }
    let said = |lang: &str| printed(folder.path(), &["--lang", lang, "--scripts", "scripts"], &[NUMBER]).1;
    assert!(said("ar").contains("the line does not speak `ar`"), "{}", said("ar"));
    let leaflet = scripts.join("en/leaflet.yaml");
    let text = fs::read_to_string(&leaflet).unwrap();
    fs::write(&leaflet, text.replace("documents/no-card", "documents/no-crad")).unwrap();
    assert!(said("en").contains("`documents/no-crad` is no part of the document `documents`"), "{}", said("en"));
    fs::remove_file(&leaflet).unwrap();
    assert!(said("en").contains("write audio_scripts/en/leaflet.yaml"), "{}", said("en"));
    assert_eq!(said("fr"), "");
}

/// A browser that prints without a screen.
#[expect(clippy::disallowed_methods, reason = "which browser prints is no setting of the program")]
pub(crate) fn browser() -> Option<String> {
    let named = std::env::var("CHROMIUM").ok();
    let known = ["chromium", "chromium-browser", "google-chrome"].map(str::to_owned);
    let works =
        |name: &String| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
    named.into_iter().chain(known).find(works)
}

#[test]
fn the_sheet_is_one_page_in_every_language() {
    let Some(browser) = browser() else {
        println!("skipped: no Chromium is installed, so nobody has printed the sheet");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let everything = [
        NUMBER,
        ("ALLO_CMP__LINE__CALL_IS_FREE", "true"),
        ("ALLO_CMP__LINE__OPERATOR__FR", "l'association Exemple"),
        ("ALLO_CMP__LINE__CONTACT__FR", "par courrier, 1 rue de l'Exemple, à Paris"),
        ("ALLO_CMP__LINE__OPERATOR__EN", "the Exemple association"),
    ];
    // A menu behind each choice: as full as a tree of two menus gets.
    let full = folder.path().join("full");
    fs::create_dir(&full).unwrap();
    for file in Files::embedded_flows().files {
        let mut text = file.source.text.clone();
        if file.name == "main.yaml" {
            for (n, to) in ["find_cmp", "listener"].iter().enumerate() {
                text = text.replacen(&format!("go: {to} }}"), &format!("go: more_{n} }}"), 1);
                text += &format!(
                    "\nmore_{n}:\n  menu:\n    keys:\n      1: {{ say: access/key-first-visit, go: first_visit }}\n      \
                     2: {{ say: access/key-booking, go: booking }}\n      3: {{ say: main/key-talk, go: listener }}\n      \
                     4: {{ say: main/key-find, go: find_cmp }}\n"
                );
            }
        }
        fs::write(full.join(&file.name), text).unwrap();
    }
    for (lang, env, flows) in [
        ("fr", &everything[..], &[][..]),
        ("fr", &[], &[]),
        ("en", &everything, &[]),
        ("fr", &everything, &["--flows", "full"]),
        ("en", &everything, &["--flows", "full"]),
    ] {
        let args: Vec<&str> = ["--lang", lang, "--out", "sheet.html"].iter().chain(flows).copied().collect();
        let (_, complaint) = printed(folder.path(), &args, env);
        assert!(!complaint.contains("error") && !complaint.contains("one page"), "{complaint}");
        let path = |name: &str| folder.path().join(name).display().to_string();
        if !flows.is_empty() {
            let html = fs::read_to_string(path("sheet.html")).unwrap();
            assert_eq!(html.matches("<ol class=\"below\">").count(), 4, "{html}");
        }
        let output = Command::new(&browser)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"])
            .arg(format!("--user-data-dir={}", path("profile")))
            .arg(format!("--print-to-pdf={}", path("sheet.pdf")))
            .arg(format!("file://{}", path("sheet.html")))
            .output()
            .unwrap();
        let pdf = fs::read(path("sheet.pdf")).unwrap_or_else(|error| panic!("{error}: {output:?}"));
        let pdf = String::from_utf8_lossy(&pdf);
        let pages = pdf.matches("/Type /Page").count() - pdf.matches("/Type /Pages").count();
        assert_eq!(pages, 1, "{lang} {flows:?}");
        fs::remove_file(path("sheet.pdf")).unwrap();
    }
}
