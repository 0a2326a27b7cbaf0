//! Where centres are told of: the node, and what the program says there by itself.

use super::Compiler;
use crate::{
    call::NodeId,
    engine::{CentreWord, CentreWords, Find, Kind},
    flow,
};

impl Compiler<'_> {
    pub(super) fn find_node(&mut self, node: &flow::Node, find: &flow::Find) -> Kind {
        Kind::Find(Find {
            whom: find.whom,
            most: usize::from(find.most),
            key_call: self.phrase_with(CentreWord::KeyCall.script(), |speaker, script| speaker.choice(script, '1')),
            call: self.script(node, &find.call),
            then: NodeId::of(&find.then),
            none: NodeId::of(&find.none),
        })
    }

    /// A line that tells of no centre needs no words for them.
    pub(super) fn centre_words(&mut self) -> Option<CentreWords> {
        if !self.flow.nodes.values().any(|node| matches!(node.kind, flow::Kind::Find(_))) {
            return None;
        }
        let said = CentreWord::ALL.map(|word| {
            self.phrase_with(word.script(), |speaker, script| match word.key() {
                Some(key) => speaker.choice(script, key),
                None => speaker.speech(script),
            })
        });
        let words = self.langs.iter().filter_map(|lang| self.scripts.languages.get(lang));
        let languages =
            words.map(|words| words.languages.iter().map(|(lang, name)| (*lang, name.to_string())).collect());
        let languages = languages.collect();
        Some(CentreWords { said: said.into(), languages })
    }
}
