//! The moments of a week at which a line differs: for whoever walks it, one time for each way in which its conditions on
//! the hour and the day can turn out.

use std::collections::HashSet;

use super::{Kind, Now, World, condition::Asked};
use crate::call::{CallState, Pace};

/// Monday 5 January 1970, 00:00 UTC, in minutes: a whole week follows.
const MONDAY: u32 = 4 * 24 * 60;

impl World {
    /// At least one time; more where a `choose` node looks at the clock.
    pub fn moments(&self) -> Vec<Now> {
        let conditions: Vec<_> = self
            .nodes()
            .filter_map(|node| match &node.kind {
                Kind::Choose(when, _) => Some(when.iter().map(|(condition, _)| condition)),
                _ => None,
            })
            .flatten()
            .collect();
        let callers = self.callers();
        let mut seen = HashSet::new();
        (0..7 * 24)
            .map(|hour| Now { minute: MONDAY + hour * 60 })
            .filter(|now| {
                let asked = callers.iter().map(|state| Asked::new(state, *now, &self.zone, self.call_is_free));
                let answers: Vec<bool> =
                    asked.flat_map(|asked| conditions.iter().map(move |condition| condition.holds(&asked))).collect();
                seen.insert(answers)
            })
            .collect()
    }

    /// One call for each way in which what a condition may know of a call can be.
    fn callers(&self) -> Vec<CallState> {
        let mut callers = Vec::new();
        for lang in self.langs.iter().map(|lang| Some(*lang)).chain([None]) {
            for answered in [false, true] {
                for pace in [Pace::Normal, Pace::Slow] {
                    callers.push(CallState { lang, answered, pace, ..CallState::new(0, self.roles.start) });
                }
            }
        }
        callers
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        engine::{Loaded, Settings},
        files::Files,
    };

    #[test]
    fn a_line_that_looks_at_the_clock_has_a_moment_for_each_way_it_can_turn_out() {
        let moments = |condition: &str| {
            let flows: Vec<(String, String)> = Files::embedded_flows()
                .files
                .iter()
                .map(|file| (file.name.clone(), file.source.text.replace("lang != \"fr\"", condition)))
                .collect();
            let flows = Files::from_texts(flows.iter().map(|(name, text)| (name.as_str(), text.as_str())));
            let loaded = Loaded::new(&flows, &Files::embedded_scripts(), &Settings::default());
            loaded.world.unwrap().moments().len()
        };
        assert_eq!(moments("lang != \"fr\""), 1);
        assert_eq!(moments("hour >= 9 and hour < 17 and weekday <= 5"), 2);
        assert_eq!(moments("hour == 3 or weekday == 7 and lang == \"en\""), 3);
    }
}
