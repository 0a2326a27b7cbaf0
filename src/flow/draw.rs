//! A graph as a picture: Mermaid for a page that draws it, DOT for Graphviz. What is urgent is red, what calls a person
//! green, what is read yellow; a way that nobody chose is a dotted line.

use std::fmt::Write;

use super::graph::{Graph, GraphNode};

impl Graph {
    /// As Mermaid, to be pasted into a page that draws it.
    pub fn mermaid(&self) -> String {
        let mut text = String::from("flowchart LR\n");
        for node in &self.nodes {
            let (open, close) = match node.kind {
                "menu" => ("[", "]"),
                "language" => ("{{", "}}"),
                "transfer" => ("[/", "/]"),
                "read" => ("[[", "]]"),
                "ask" => ("[\\", "\\]"),
                "find" => ("[\\", "/]"),
                "choose" => ("{", "}"),
                "end" => ("((", "))"),
                _ => ("(", ")"),
            };
            let _ = writeln!(text, "  {}{open}\"{}\"{close}", mermaid_id(&node.name), mermaid_label(node));
            if let Some(color) = color(node) {
                let _ = writeln!(text, "  style {} fill:{color}", mermaid_id(&node.name));
            }
        }
        for edge in &self.edges {
            let arrow = if edge.chosen { "-->" } else { "-.->" };
            let (from, to) = (mermaid_id(&edge.from), mermaid_id(&edge.to));
            let _ = writeln!(text, "  {from} {arrow}|\"{}\"| {to}", mermaid_text(&edge.label));
        }
        text
    }

    /// As DOT, for Graphviz.
    pub fn dot(&self) -> String {
        let mut text = String::from(
            "digraph line {\n  rankdir=LR;\n  ranksep=0.8;\n  node [fontname=\"sans-serif\", style=filled, fillcolor=white];\n  \
             edge [fontname=\"sans-serif\", fontsize=10];\n",
        );
        for node in &self.nodes {
            let shape = match node.kind {
                "menu" => "box",
                "language" => "hexagon",
                "transfer" => "cds",
                "read" => "note",
                "ask" => "parallelogram",
                "find" => "invtrapezium",
                "choose" => "diamond",
                "end" => "doubleoctagon",
                _ => "ellipse",
            };
            let label = dot_text(&label(node, "\n"));
            let color = color(node).map(|color| format!(", fillcolor=\"{color}\"")).unwrap_or_default();
            let _ = writeln!(text, "  \"{}\" [shape={shape}, label=\"{label}\"{color}];", node.name);
        }
        for edge in &self.edges {
            // What happens by itself mostly leads back: it must not pull the picture about.
            let style = if edge.chosen { "" } else { ", style=dotted, constraint=false" };
            // But where words lead on, they are the way.
            let style = if edge.label == "then" || edge.label == "else" { ", style=dotted" } else { style };
            let _ =
                writeln!(text, "  \"{}\" -> \"{}\" [label=\"{}\"{style}];", edge.from, edge.to, dot_text(&edge.label));
        }
        text.push_str("}\n");
        text
    }
}

fn color(node: &GraphNode) -> Option<&'static str> {
    match node.kind {
        _ if node.roles.contains(&"key 9") => Some("#ffb3a7"),
        "transfer" | "find" => Some("#b8e6b8"),
        "read" => Some("#fff3b0"),
        _ => None,
    }
}

fn label(node: &GraphNode, newline: &str) -> String {
    let roles = node.roles.iter().map(|role| format!("{newline}({role})")).collect::<String>();
    format!("{}{roles}", node.words)
}

fn mermaid_label(node: &GraphNode) -> String {
    // The words are escaped; the line breaks between them are ours.
    let escaped =
        GraphNode { name: String::new(), kind: node.kind, words: mermaid_text(&node.words), roles: node.roles.clone() };
    label(&escaped, "<br>")
}

/// `end` alone is a word of Mermaid's own.
fn mermaid_id(name: &str) -> String {
    format!("n_{name}")
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
    use crate::{files::Files, flow::Flow};

    #[test]
    fn names_and_words_that_mermaid_takes_for_its_own_do_not_break_the_drawing() {
        let text = "top:\n  menu:\n    keys: { 1: { say: a, go: end } }\nend:\n  end: { say: b }\n";
        let (flow, _) = Flow::parse(&Files::from_texts([("x.yaml", text)]));
        let graph = Graph::new(&flow, |_| "\"<b>#1".to_owned());
        let drawn = graph.mermaid();
        assert!(drawn.contains("n_end((\"#quot;#lt;b#gt;#35;1\"))"), "{drawn}");
        assert!(drawn.contains("n_top -->|\"1 #quot;#lt;b#gt;#35;1\"| n_end"), "{drawn}");
        assert!(graph.dot().contains("\"top\" -> \"end\" [label=\"1 \\\"<b>#1\"];"), "{}", graph.dot());
    }
}
