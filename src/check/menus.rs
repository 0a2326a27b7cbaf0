//! Menus: keys 1, 2, 3... without a gap, four choices at most, and never a key that means something everywhere (K8).

use crate::{
    call::{Key, UniversalKey},
    diagnostic::{Diagnostic, Place},
    files::At,
    flow::{Flow, Kind, Node},
};

/// As many choices as a caller can keep in mind.
const MOST_CHOICES: usize = 4;

pub(super) fn check(flow: &Flow) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for node in flow.nodes.values() {
        match &node.kind {
            Kind::Menu(menu) => {
                let keys: Vec<&At<u8>> = menu.keys.keys().collect();
                found.extend(keys_in_order(node, &keys));
                let help =
                    "four at most: put some of them behind another menu; a fifth needs `five_because:` and a reason";
                found.extend(choices(node, &keys, menu.five_because.as_deref(), help));
                if let Some(silence) = menu.silence.as_ref().filter(|silence| !(2..=15).contains(&*silence.after)) {
                    found.push(
                        Diagnostic::error("wait", format!("{} seconds is no time to wait for a key", *silence.after))
                            .at(node.at(&silence.after))
                            .help("between 2 and 15"),
                    );
                }
            }
            Kind::Language(language) => {
                let keys: Vec<&At<u8>> = language.keys.keys().collect();
                found.extend(keys_in_order(node, &keys));
                found.extend(choices(
                    node,
                    &keys,
                    None,
                    "four at most: nobody listens to so many in order to find their own",
                ));
            }
            Kind::Say(say) if say.scripts.is_empty() => found.push(
                Diagnostic::error("no-words", format!("`{}` says nothing", node.name))
                    .at(node.place.clone())
                    .help("name at least one script, or let the others lead to the node behind it"),
            ),
            _ => {}
        }
    }
    found
}

fn keys_in_order(node: &Node, keys: &[&At<u8>]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut expected = 1;
    for key in keys {
        let error = |code, message: String, help: String| Diagnostic::error(code, message).at(node.at(key)).help(help);
        if Key::digit(***key).is_none() {
            found.push(error(
                "no-key",
                format!("a telephone has no key {}", ***key),
                "choices use 1, 2, 3 and 4".into(),
            ));
        } else if let Some(meaning) = Key::digit(***key).and_then(UniversalKey::of) {
            let message = format!("key {} means the same everywhere and can't be a choice", ***key);
            let help = match meaning {
                UniversalKey::Urgent => "9 is urgent help, in every place".to_owned(),
                _ => "0 is the main menu, 7 slower, 8 another language; choices use 1, 2, 3 and 4".to_owned(),
            };
            found.push(error("universal-key", message, help));
        } else if ***key != expected {
            let message = format!("key {} comes before key {expected}: a gap", ***key);
            found.push(error(
                "gap",
                message,
                format!("number this choice {expected}: callers expect 1, 2, 3 without a gap"),
            ));
        }
        expected = (***key).saturating_add(1);
    }
    found
}

fn choices(node: &Node, keys: &[&At<u8>], five_because: Option<&str>, help: &str) -> Option<Diagnostic> {
    let place: Place = keys.last().map_or(node.place.clone(), |key| node.at(key));
    let has_reason = five_because.is_some_and(|reason| !reason.trim().is_empty());
    match keys.len() {
        0 => Some(
            Diagnostic::error("no-choice", format!("`{}` has no choice", node.name))
                .at(node.place.clone())
                .help("add a key, or make it a `say` node"),
        ),
        n if n > MOST_CHOICES + 1 || (n > MOST_CHOICES && !has_reason) => Some(
            Diagnostic::error(
                "too-many-choices",
                format!("`{}` has {n} choices: nobody keeps so many in mind", node.name),
            )
            .at(place)
            .help(help),
        ),
        _ => None,
    }
}
