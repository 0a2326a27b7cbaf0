//! The names under which facts are kept, made once: goals at their places, and lines by their ids.

use std::{collections::HashMap, sync::Arc};

use super::Compiler;
use crate::{
    call::{CENTRE_LINES, LineId},
    flow,
    lines::Listed,
};

impl Compiler<'_> {
    /// The goals that are reached with this node. Urgent help, the listener, the numbers and every document are goals under
    /// their own names, where `goals.yaml` gives them none.
    pub(super) fn goals(&self, node: &flow::Node) -> Vec<Arc<str>> {
        let mut goals = self.goals_at(&node.name);
        if goals.is_empty() {
            let mut roles = self.flow.roles().filter(|(role, _)| ["urgent_help", "listener", "numbers"].contains(role));
            let is_one = matches!(node.kind, flow::Kind::Read(_)) || roles.any(|(_, name)| name.as_str() == node.name);
            goals.extend(is_one.then(|| node.name.as_str().into()));
        }
        if let flow::Kind::Say(say) = &node.kind {
            // The scripts of one node are said in one breath.
            goals.extend(say.scripts.iter().flat_map(|script| self.goals_at(script)));
        }
        goals
    }

    /// The goals that `goals.yaml` sets there.
    pub(super) fn goals_at(&self, at: &str) -> Vec<Arc<str>> {
        let all = self.flow.goals.iter().flat_map(|goals| &goals.value.goals);
        all.filter(|(_, goal)| goal.at.as_str() == at).map(|(name, _)| name.as_str().into()).collect()
    }

    /// The name of every line. People are kept under the name of their group: the journal doesn't watch who works how much.
    pub(super) fn line_names(&self, listed: &[Listed]) -> HashMap<LineId, Arc<str>> {
        let mut names = HashMap::new();
        for one in listed {
            let group = one.name.split_once('/').map_or(one.name.as_str(), |(group, _)| group);
            let name: &Arc<str> = names.entry(LineId::of(group)).or_insert_with(|| group.into());
            let name = name.clone();
            names.insert(one.line, name);
        }
        let centres = self.settings.directory.iter().flat_map(|directory| directory.centres());
        let of_centres =
            centres.map(|centre| (centre.finess.line(), format!("{CENTRE_LINES}{}", centre.finess).into()));
        names.extend(of_centres);
        names
    }
}
