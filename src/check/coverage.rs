//! Whether everything that the source texts say is said on the line: each item of `sources.yaml`, in every language.
//!
//! A script counts where callers can hear it: a node that can be come to says it, or the program by itself. Where the
//! operator has no `sources.yaml`, there is nothing to compare with, and nothing is found.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::reachable;
use crate::{
    call::Lang,
    diagnostic::Diagnostic,
    engine::{Loaded, Phrase},
    files::{Name, nearest},
    flow::{Flow, Kind},
    script::Sources,
};

/// One item of the source texts, and what carries it.
#[derive(Debug, Serialize)]
pub struct Item {
    /// Its id, as in `S2.19`.
    pub id: String,
    /// What it says.
    pub says: String,
    /// What of it is not said, and why.
    pub not_said: Option<String>,
    /// Why it is not carried.
    pub left_out: Option<String>,
    /// The scripts that carry it, in each language of the line.
    pub scripts: BTreeMap<Lang, Vec<String>>,
}

impl Item {
    /// Whether some language of the line lacks it, and nobody wanted that.
    pub fn is_missing(&self) -> bool {
        self.left_out.is_none() && self.lacking().next().is_some()
    }

    fn lacking(&self) -> impl Iterator<Item = Lang> {
        self.scripts.iter().filter(|(_, scripts)| scripts.is_empty()).map(|(lang, _)| *lang)
    }

    /// `S` of `S2.19`.
    fn letters(&self) -> &str {
        self.id.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default()
    }
}

/// Every item in the order in which a reader counts. `None` where there is no `sources.yaml`, or no line to be judged.
pub fn coverage(loaded: &Loaded) -> Option<Vec<Item>> {
    let (flow, world, sources) = (loaded.flow.as_ref()?, loaded.world.as_ref()?, loaded.scripts.sources.as_ref()?);
    let carried: Vec<(Lang, BTreeMap<&str, Vec<String>>)> =
        world.langs.iter().map(|lang| (*lang, carried(loaded, flow, *lang))).collect();
    let item = |(id, source): (&Name, &crate::script::Source)| Item {
        id: id.to_string(),
        says: source.says.clone(),
        not_said: source.not_said.clone(),
        left_out: source.left_out.clone(),
        scripts: carried
            .iter()
            .map(|(lang, by_item)| (*lang, by_item.get(id.as_str()).cloned().unwrap_or_default()))
            .collect(),
    };
    Some(sources.in_order().into_iter().map(item).collect())
}

/// The scripts that are heard in `lang`, by the item that they carry.
fn carried<'l>(loaded: &'l Loaded, flow: &Flow, lang: Lang) -> BTreeMap<&'l str, Vec<String>> {
    let reached = reachable(flow);
    let mut heard: BTreeSet<&str> = Phrase::scripts().collect();
    for node in flow.nodes.values().filter(|node| reached.contains(node.name.as_str())) {
        match &node.kind {
            // Each of these is said in one language only.
            Kind::Language(language) => {
                let intro = language.intro.iter().flat_map(|intro| &intro.0);
                heard.extend(intro.filter(|(of, _)| ***of == lang).map(|(_, name)| name.as_str()));
            }
            _ => heard.extend(node.scripts().into_iter().map(|name| name.as_str())),
        }
    }
    let mut carried: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (id, script) in loaded.scripts.scripts.get(&lang).into_iter().flatten() {
        if heard.contains(id.as_str()) {
            for source in script.front.sources.iter().map(|source| source.as_str()).collect::<BTreeSet<_>>() {
                carried.entry(source).or_default().push(id.clone());
            }
        }
    }
    carried
}

pub(super) fn check(loaded: &Loaded) -> Vec<Diagnostic> {
    let Some(sources) = &loaded.scripts.sources else { return Vec::new() };
    let mut found = unknown(loaded, sources);
    if !sources.broken.is_empty() || !loaded.scripts.is_whole() {
        return found;
    }
    let items = coverage(loaded).into_iter().flatten();
    for ((id, _), item) in sources.in_order().into_iter().zip(items) {
        let place = id.place(&sources.file);
        if item.left_out.is_some() {
            if let Some(script) = item.scripts.values().flatten().next() {
                let message = format!("`{}` is left out on purpose, and `{script}` carries it all the same", item.id);
                let help = "take `left_out` away, or the id out of the head of the script";
                found.push(Diagnostic::warning("left-out-carried", message).at(place).help(help));
            }
        } else if item.is_missing() {
            let langs: Vec<String> = item.lacking().map(|lang| format!("`{lang}`")).collect();
            let message = format!("no script that callers hear carries `{}` in {}", item.id, langs.join(" and "));
            let help = "name it under `sources` in the script that says it; `left_out` with a reason leaves it out";
            found.push(Diagnostic::error("uncovered-source", message).at(place).help(help));
        }
    }
    found
}

/// Ids in the heads of scripts that no source text has.
fn unknown(loaded: &Loaded, sources: &Sources) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if !sources.broken.is_empty() && sources.items.is_empty() {
        return found;
    }
    for script in loaded.scripts.scripts.values().flat_map(BTreeMap::values) {
        for id in &script.front.sources {
            if sources.items.contains_key(id) || sources.broken.contains(id.as_str()) {
                continue;
            }
            let known = sources.items.keys().map(|id| id.as_str());
            // Ids are short: one sign that is wrong is a slip of the pen.
            let near = nearest(id, known.clone()).or_else(|| known.clone().find(|known| is_one_slip(id, known)));
            let help = near.map_or_else(
                || "write the item into sources.yaml, or take its id out of the head".to_owned(),
                |near| format!("did you mean `{near}`? Else write the item into sources.yaml"),
            );
            let message = format!("sources.yaml has no item `{}`", **id);
            found.push(Diagnostic::error("unknown-source", message).at(id.place(&script.file)).help(help));
        }
    }
    found
}

fn is_one_slip(written: &str, known: &str) -> bool {
    strsim::damerau_levenshtein(written, known) == 1
}

/// "145 items (S): 144 carried, 1 left out on purpose; 12 figures not said; corrections C: 21 of 21".
pub fn summary(items: &[Item]) -> String {
    let (corrections, texts): (Vec<&Item>, Vec<&Item>) = items.iter().partition(|item| item.letters() == "C");
    let letters: BTreeSet<&str> = texts.iter().map(|item| item.letters()).collect();
    let carried = |items: &[&Item]| items.iter().filter(|item| item.left_out.is_none() && !item.is_missing()).count();
    let missing = items.iter().filter(|item| item.is_missing()).count();
    let mut summary = format!(
        "{} items ({}): {} carried, {} left out on purpose; {} figures not said",
        texts.len(),
        letters.into_iter().collect::<Vec<_>>().join(", "),
        carried(&texts),
        texts.iter().filter(|item| item.left_out.is_some()).count(),
        items.iter().filter(|item| item.not_said.is_some()).count(),
    );
    if !corrections.is_empty() {
        summary += &format!("; corrections C: {} of {}", carried(&corrections), corrections.len());
    }
    if missing > 0 {
        summary += &format!("; {missing} missing");
    }
    summary
}
