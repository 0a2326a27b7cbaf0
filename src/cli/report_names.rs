//! How a report calls things: from the flows, the scripts, the lines, the départements and the directory. What can't be read
//! is called by its name: a report never fails for want of words.

use crate::{
    call::{CENTRE_LINES, Lang},
    config::Settings,
    directory::departments,
    engine::{Loaded, Now},
    flow::Graph,
    journal::Names,
    script::Part,
};

use super::{centres, line};

/// Longer words are cut, at the end of a word.
const LONGEST: usize = 60;

/// The words of the line that the settings name.
pub(super) fn of(settings: &Settings, now: Now, lang: Lang) -> Names {
    let loaded = line::load(settings, now);
    let about = &settings.line;
    let mut names = Names {
        operator: about.operator.get(&lang).or_else(|| about.operator.values().next()).cloned(),
        number: about.number.clone().filter(|number| !number.trim().is_empty()),
        ..Names::default()
    };
    for (name, line) in loaded.lines.iter().flat_map(|lines| &lines.lines.value) {
        if let Some(spoken) = line.name.get(&lang) {
            names
                .lines
                .insert(name.to_string(), format!("{} ({})", capital(spoken), line.announce.replace(' ', "\u{a0}")));
        }
    }
    for department in departments() {
        names.departments.insert(department.code.to_owned(), department.name.to_owned());
    }
    for centre in centres::centres(settings).0.iter().flat_map(|directory| directory.centres()) {
        names.lines.insert(format!("{CENTRE_LINES}{}", centre.finess), centre.name.clone());
        names.centres.insert(centre.finess.to_string(), centre.name.clone());
    }
    for (code, own) in &loaded.scripts.languages {
        names.languages.insert(code.to_string(), capital(&own.name));
    }
    for (code, name) in loaded.scripts.languages.get(&lang).iter().flat_map(|words| &words.languages) {
        names.languages.insert(code.to_string(), capital(name));
    }
    flow_names(&mut names, &loaded, lang);
    names
}

fn flow_names(names: &mut Names, loaded: &Loaded, lang: Lang) {
    for id in loaded.scripts.scripts.get(&lang).into_iter().flat_map(|scripts| scripts.keys()) {
        if let Some(words) = first_words(loaded, lang, id) {
            names.parts.insert(id.to_string(), words);
        }
    }
    let Some(flow) = &loaded.flow else { return };
    let graph = Graph::new(flow, |id| first_words(loaded, lang, id).unwrap_or_default());
    for node in &graph.nodes {
        // A key that leads there says best what it is: "1 Pour être écouté".
        let key = graph.edges.iter().filter(|edge| edge.to == node.name && edge.from != node.name);
        let key = key.filter_map(|edge| edge.label.split_once(' ')).find(|(key, _)| key.len() == 1);
        let key = key.map(|(_, words)| without_for(words, lang)).unwrap_or_default();
        let spoken = node.words.trim_end_matches(['.', ',', '…', ' ']).to_owned();
        // How many parts a document has, and what else the drawing says by itself, is English there.
        let words = match node.kind {
            _ if node.roles.contains(&"key 9") => {
                if lang == Lang::FR { "Aide urgente" } else { "Urgent help" }.to_owned()
            }
            "read" => {
                spoken.rsplit_once(" (").map_or(spoken.as_str(), |(title, _)| title).trim_end_matches('.').to_owned()
            }
            "find" => if lang == Lang::FR { "Les centres les plus proches" } else { "The nearest centres" }.to_owned(),
            "transfer" => {
                let line = node.words.strip_prefix("calls ").unwrap_or_default().replace(' ', "_");
                names.lines.get(&line).cloned().unwrap_or(key)
            }
            "choose" => key,
            _ if key.is_empty() || node.roles.contains(&"key 0") => spoken,
            _ => key,
        };
        if !words.is_empty() {
            names.places.insert(node.name.clone(), words);
        }
    }
    for (name, goal) in flow.goals.iter().flat_map(|goals| &goals.value.goals) {
        let words = names.places.get(goal.at.as_str()).or_else(|| names.parts.get(goal.at.as_str()));
        if let Some(words) = words.cloned() {
            names.goals.insert(name.to_string(), words);
        }
    }
    for (name, words) in &names.places {
        names.goals.entry(name.clone()).or_insert_with(|| words.clone());
    }
}

/// The first sentence of a script.
fn first_words(loaded: &Loaded, lang: Lang, id: &str) -> Option<String> {
    let script = loaded.scripts.get(lang, id)?;
    let said = script.parts.iter().map(|part| match part {
        Part::Text(text) | Part::Foreign(_, text) => text.as_str(),
        Part::Number(number) => number.written.as_str(),
        _ => "…",
    });
    let said = said.collect::<String>();
    let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = words.find(['.', '?', '!']).map_or(words.len(), |at| at);
    let sentence = words.get(..end).unwrap_or(&words).trim_end_matches(['…', ',', ' ']);
    (!sentence.is_empty()).then(|| short(sentence))
}

/// "Pour être écouté", "To be listened to": without the first word, which leads to "appuyez sur la touche".
fn without_for(words: &str, lang: Lang) -> String {
    let firsts: &[&str] = if lang == Lang::FR { &["Pour "] } else { &["For ", "To "] };
    capital(firsts.iter().find_map(|first| words.strip_prefix(first)).unwrap_or(words))
}

fn short(words: &str) -> String {
    if words.chars().count() <= LONGEST {
        return words.to_owned();
    }
    let cut: String = words.chars().take(LONGEST).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole))
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
