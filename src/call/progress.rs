//! How far a chain has come. It stands where a document keeps its part: so it is kept with the place whenever the caller
//! leaves a chain between two attempts and comes back, as from the choice of a language.

use super::{CallState, PartId, Phase, SoFar};

/// A chain between two attempts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// Which attempt is at hand.
    pub attempt: u8,
    /// Seconds that it has rung so far.
    pub seconds: u16,
    /// What became of the attempts before.
    pub so_far: SoFar,
    /// The caller was asked whether they have talked.
    pub asked: bool,
}

/// Set in every place of this kind.
const MARK: u32 = 1 << 31;
const SO_FAR: [SoFar; 4] = [SoFar::None, SoFar::Busy, SoFar::Mixed, SoFar::Full];

impl Progress {
    /// Of a call that waits between two attempts of a chain.
    pub fn of_state(state: &CallState) -> Option<Progress> {
        let CallState { attempt, chain_seconds: seconds, so_far, phase, .. } = *state;
        let asked = matches!(phase, Phase::DidYouTalk | Phase::DidYouTalkAgain);
        phase.is_in_chain().then_some(Progress { attempt, seconds, so_far, asked })
    }

    /// Reads it back from its place.
    pub fn of(part: PartId) -> Option<Progress> {
        let PartId(bits) = part;
        let [_, high, low, attempt] = bits.to_be_bytes();
        let so_far = SO_FAR[(bits >> 24 & 3) as usize];
        let progress =
            Progress { attempt, seconds: u16::from_be_bytes([high, low]), so_far, asked: bits >> 26 & 1 == 1 };
        (progress.part() == part).then_some(progress)
    }

    /// The place of a state that holds it.
    pub fn part(self) -> PartId {
        let so_far = self.so_far as u32;
        let rest = u32::from(self.seconds) << 8 | u32::from(self.attempt);
        PartId(MARK | u32::from(self.asked) << 26 | so_far << 24 | rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_back_from_its_place_and_nothing_else_is() {
        for so_far in SO_FAR {
            for (attempt, seconds, asked) in [(0, 0, false), (1, 25, true), (255, 300, false), (7, u16::MAX, true)] {
                let progress = Progress { attempt, seconds, so_far, asked };
                assert_eq!(Progress::of(progress.part()), Some(progress));
            }
        }
        for part in [PartId::BEGINNING, PartId::END, PartId(MARK | 1 << 27), PartId(1 << 25)] {
            assert_eq!(Progress::of(part), None);
        }
    }
}
