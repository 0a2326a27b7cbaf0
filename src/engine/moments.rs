//! The moments at which a line differs: for whoever walks it, one time for each way in which its conditions on the hour
//! and the day can turn out, and for each way in which a chain can be open.

use std::collections::{HashMap, HashSet};

use super::{Chain, Condition, Kind, Now, Standing, World, condition::Asked};
use crate::call::{Abilities, CallState, NodeId, Pace};

/// Two weeks: many people are on duty every other week.
const HOURS: u32 = 14 * 24;

const DAY: u32 = 24 * 60;

impl World {
    /// Every hour of the two weeks from the day on which the line was loaded.
    fn hours(&self) -> impl Iterator<Item = Now> {
        let midnight = self.minute - self.minute % DAY;
        (0..HOURS).map(move |hour| Now::at(midnight.saturating_add(hour * 60)))
    }

    fn chains(&self) -> impl Iterator<Item = (NodeId, &Chain)> {
        self.nodes().filter_map(|node| match &node.kind {
            Kind::Transfer { chain, .. } => Some((node.id, chain)),
            _ => None,
        })
    }

    /// A time at which as many lines as possible are open.
    pub fn open_moment(&self) -> Now {
        let first_is_open = |now: Now| self.chains().filter(|(_, chain)| openness(chain, now).0 == Open::First).count();
        let best = self.hours().max_by_key(|now| (first_is_open(*now), std::cmp::Reverse(now.minute)));
        best.unwrap_or(Now::at(self.minute))
    }

    /// At least one time; more where a `choose` node looks at the clock or the directory, or a line is closed at times: as
    /// few as show every way of each of them.
    pub fn moments(&self) -> Vec<Now> {
        let conditions: Vec<&Condition> = self.conditions().collect();
        let name = |names: &[&str]| conditions.iter().any(|condition| names.iter().any(|name| condition.names(name)));
        let by_clock = name(&["hour", "weekday"]);
        let standings = if name(&["directory"]) { &Standing::ALL[..] } else { &[Standing::None][..] };
        let has_short = self.chains().any(|(_, chain)| chain.attempts.iter().any(|attempt| attempt.line.is_short()));
        // Through a provider that dials short numbers other lines can be called.
        let abilities = if has_short { &[false, true][..] } else { &[false][..] };
        let callers = self.callers();
        let mut answers = HashMap::new();
        let mut candidates: Vec<(Now, HashSet<Way>)> = Vec::new();
        let mut known = HashSet::new();
        for hour in self.hours() {
            for short_numbers in abilities.iter().copied() {
                let now = Now { can: Abilities { short_numbers, ..hour.can }, ..hour };
                let open: Vec<Way> = self.chains().map(|(node, chain)| Way::Open(node, openness(chain, now))).collect();
                for directory in standings.iter().copied() {
                    let now = Now { directory, ..now };
                    let asked = (by_clock.then_some(now.minute), directory);
                    let answer =
                        answers.entry(asked).or_insert_with(|| self.answers(&conditions, &callers, now)).clone();
                    let ways: Vec<Way> = open.iter().cloned().chain([Way::Answers(answer)]).collect();
                    if known.insert(ways.clone()) {
                        candidates.push((now, ways.into_iter().collect()));
                    }
                }
            }
        }
        fewest(candidates)
    }

    /// Whether a way depends on how fast the caller wants us to speak.
    pub fn asks_pace(&self) -> bool {
        self.conditions().any(|condition| condition.names("slow"))
    }

    fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let of_nodes = self.nodes().filter_map(|node| match &node.kind {
            Kind::Choose(when, _) => Some(when.iter().map(|(condition, _)| condition)),
            _ => None,
        });
        of_nodes.flatten()
    }

    /// What each condition says of each caller.
    fn answers(&self, conditions: &[&Condition], callers: &[CallState], now: Now) -> Vec<bool> {
        let asked = callers.iter().map(|state| Asked::new(state, now, &self.zone, self.call_is_free));
        asked.flat_map(|asked| conditions.iter().map(move |condition| condition.holds(&asked))).collect()
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

/// Something that is to be seen at one moment at least.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Way {
    /// A chain that is open in this way.
    Open(NodeId, (Open, bool)),
    /// The conditions, which turn out in this way together.
    Answers(Vec<bool>),
}

/// Moments that show every way: each time the one that shows most of those not seen yet, the earliest among its likes.
fn fewest(mut candidates: Vec<(Now, HashSet<Way>)>) -> Vec<Now> {
    let mut chosen = Vec::new();
    while let Some(best) = (0..candidates.len()).rev().max_by_key(|at| candidates[*at].1.len()) {
        let (now, shown) = candidates.remove(best);
        chosen.push(now);
        for (_, ways) in &mut candidates {
            ways.retain(|way| !shown.contains(way));
        }
        candidates.retain(|(_, ways)| !ways.is_empty());
    }
    chosen
}

/// Which attempt of a chain is the first that is open.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Open {
    First,
    Later,
    None,
}

/// What matters of a chain for the way that a call takes: who is called first, and whether others are behind.
fn openness(chain: &Chain, now: Now) -> (Open, bool) {
    let first = chain.next_open(0, &now);
    let next = first.and_then(|first| chain.next_open(first + 1, &now));
    let open = match first {
        Some(0) => Open::First,
        Some(_) => Open::Later,
        None => Open::None,
    };
    (open, next.is_some())
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
                // What opens and closes has moments of its own, and so has the directory of centres.
                .map(|(name, text)| (name, text.replace("directory == \"ready\"", "slow")))
                .map(|(name, text)| (name, text.replace("\n  hours: ", "\n  # ")))
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
