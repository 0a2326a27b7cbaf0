//! What the program says by itself where digits are asked for: phrases with a number or a key of their own.

use super::Compiler;
use crate::{
    call::NodeId,
    engine::{
        Kind, Phrase,
        world::{Ask, AskWords},
    },
    flow,
    script::Speaker,
};

impl Compiler<'_> {
    pub(super) fn ask(&mut self, node: &flow::Node, ask: &flow::Ask) -> Kind {
        Kind::Ask(Ask {
            wanted: ask.wanted,
            say: self.script(node, &ask.say),
            then: NodeId::of(&ask.then),
            unknown: NodeId::of(&ask.unknown),
        })
    }

    pub(super) fn ask_words(&mut self) -> AskWords {
        let mut with_key = |id: &str, key: char| self.phrase_with(id, |speaker, script| speaker.choice(script, key));
        let go_on = with_key(Phrase::ASK_GO_ON, '1');
        let correct = ['2', '3', '4'].map(|key| with_key(Phrase::ASK_CORRECT, key));
        let departments = ['1', '2', '3', '4'].map(|key| with_key(Phrase::ASK_DEPARTMENT, key));
        let missing = [1, 2, 3, 4].map(|count| {
            let id = if count == 1 { Phrase::ASK_ONE_MISSING } else { Phrase::ASK_MISSING };
            self.phrase_with(id, |speaker, script| Speaker { count, ..*speaker }.speech(script))
        });
        AskWords { go_on, correct, departments, missing }
    }
}
