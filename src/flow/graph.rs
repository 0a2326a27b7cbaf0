//! The line as a picture: every node, and what leads from one to the other, as Mermaid, DOT or JSON.
//!
//! The words of a choice come from outside, as the scripts are not known here. Universal keys are not drawn: they lead
//! from everywhere to the same few places, which are marked.

use std::fmt::Write;

use serde::Serialize;

use super::{Flow, Kind, Node};

/// The whole line.
#[derive(Debug, Serialize)]
pub struct Graph {
    /// The places.
    pub nodes: Vec<GraphNode>,
    /// The ways between them.
    pub edges: Vec<GraphEdge>,
}

/// A place.
#[derive(Debug, Serialize)]
pub struct GraphNode {
    /// Its name.
    pub name: String,
    /// Its kind: menu, say, read, choose, language, transfer, end.
    pub kind: &'static str,
    /// The key that leads here from everywhere, and other roles.
    pub roles: Vec<&'static str>,
}

/// A way from one place to another.
#[derive(Debug, Serialize)]
pub struct GraphEdge {
    /// From this place.
    pub from: String,
    /// To that one.
    pub to: String,
    /// What makes the caller go: a key and its words, silence, the end of the words.
    pub label: String,
}

impl Graph {
    /// Draws `flow`; `words` gives the text of a script.
    pub fn new(flow: &Flow, words: impl Fn(&str) -> String) -> Graph {
        let roles: Vec<_> = flow.roles().collect();
        let nodes = flow.nodes.values().map(|node| GraphNode {
            name: node.name.clone(),
            kind: kind(node),
            roles: roles.iter().filter(|(_, name)| name.as_str() == node.name).map(|(role, _)| key_of(role)).collect(),
        });
        let edges = flow.nodes.values().flat_map(|node| edges(node, &words));
        Graph { nodes: nodes.collect(), edges: edges.collect() }
    }

    /// As Mermaid, to be pasted into a page that draws it.
    pub fn mermaid(&self) -> String {
        let mut text = String::from("flowchart TD\n");
        for node in &self.nodes {
            let (open, close) = match node.kind {
                "menu" => ("[", "]"),
                "language" => ("{{", "}}"),
                "transfer" => ("[/", "/]"),
                "read" => ("[[", "]]"),
                "choose" => ("{", "}"),
                "end" => ("((", "))"),
                _ => ("(", ")"),
            };
            let _ = writeln!(text, "  {}{open}\"{}\"{close}", mermaid_id(&node.name), title(node, "<br>"));
        }
        for edge in &self.edges {
            let (from, to) = (mermaid_id(&edge.from), mermaid_id(&edge.to));
            let _ = writeln!(text, "  {from} -->|\"{}\"| {to}", mermaid_text(&edge.label));
        }
        text
    }

    /// As DOT, for Graphviz.
    pub fn dot(&self) -> String {
        let mut text = String::from(
            "digraph line {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=10];\n",
        );
        for node in &self.nodes {
            let shape = match node.kind {
                "menu" => "box",
                "language" => "hexagon",
                "transfer" => "cds",
                "read" => "note",
                "choose" => "diamond",
                "end" => "doublecircle",
                _ => "ellipse",
            };
            let _ = writeln!(text, "  \"{}\" [shape={shape}, label=\"{}\"];", node.name, dot_text(&title(node, "\n")));
        }
        for edge in &self.edges {
            let _ = writeln!(text, "  \"{}\" -> \"{}\" [label=\"{}\"];", edge.from, edge.to, dot_text(&edge.label));
        }
        text.push_str("}\n");
        text
    }
}

fn title(node: &GraphNode, newline: &str) -> String {
    let roles = node.roles.iter().map(|role| format!("{newline}{role}")).collect::<String>();
    format!("{}{roles}", node.name.replace('_', " "))
}

fn kind(node: &Node) -> &'static str {
    match node.kind {
        Kind::Menu(_) => "menu",
        Kind::Say(_) => "say",
        Kind::Read(_) => "read",
        Kind::Choose(_) => "choose",
        Kind::Language(_) => "language",
        Kind::Transfer(_) => "transfer",
        Kind::End(_) => "end",
    }
}

fn key_of(role: &'static str) -> &'static str {
    match role {
        "start" => "(a call begins)",
        "main_menu" => "(key 0)",
        "help" => "(key 0 in the main menu)",
        "urgent_help" => "(key 9)",
        "languages" => "(key 8)",
        "listener" => "(key 4 in a document)",
        "person" => "(third failure)",
        "numbers" => "(nobody can be reached)",
        _ => "(the very end)",
    }
}

fn edges(node: &Node, words: &impl Fn(&str) -> String) -> Vec<GraphEdge> {
    let edge = |to: &str, label: String| GraphEdge { from: node.name.clone(), to: to.to_owned(), label };
    match &node.kind {
        Kind::Menu(menu) => {
            let choices =
                menu.keys.iter().map(|(key, choice)| edge(&choice.go, format!("{}: {}", **key, words(&choice.say))));
            let silence =
                menu.silence.iter().map(|silence| edge(&silence.go, format!("silence, {} s", *silence.after)));
            choices.chain(silence).collect()
        }
        Kind::Say(say) => vec![edge(&say.then, String::from("then"))],
        Kind::Read(read) => vec![
            edge(&read.end.go, format!("at the end, 1: {}", words(&read.end.say))),
            edge(&read.then, String::from("at the end, silence")),
        ],
        Kind::Choose(choose) => {
            let when = choose.when.iter().map(|when| edge(&when.go, when.condition.to_string()));
            when.chain([edge(&choose.otherwise, String::from("else"))]).collect()
        }
        Kind::Language(language) => language.then.iter().map(|then| edge(then, String::from("a language"))).collect(),
        Kind::Transfer(transfer) => vec![
            edge(&transfer.then, format!("{}: they talked", *transfer.line)),
            edge(&transfer.failed, format!("{}: nobody", *transfer.line)),
        ],
        Kind::End(_) => Vec::new(),
    }
}

/// A name as Mermaid takes it: some words are commands there, and break the drawing.
fn mermaid_id(name: &str) -> String {
    const COMMANDS: [&str; 9] =
        ["end", "graph", "flowchart", "subgraph", "style", "class", "click", "default", "direction"];
    if COMMANDS.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

fn mermaid_text(text: &str) -> String {
    text.replace('#', "#35;").replace('"', "#quot;").replace('<', "#lt;").replace('>', "#gt;")
}

fn dot_text(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Files;

    #[test]
    fn names_and_words_that_mermaid_takes_for_its_own_do_not_break_the_drawing() {
        let text = "top:\n  menu:\n    keys: { 1: { say: a, go: end } }\nend:\n  end: { say: b }\n";
        let (flow, _) = Flow::parse(&Files::from_texts([("x.yaml", text)]));
        let graph = Graph::new(&flow, |_| "\"<b>#1".to_owned());
        assert_eq!(
            graph.mermaid(),
            "flowchart TD\n  end_((\"end\"))\n  top[\"top\"]\n  top -->|\"1: #quot;#lt;b#gt;#35;1\"| end_\n"
        );
    }
}
