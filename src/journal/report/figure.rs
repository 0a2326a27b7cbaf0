//! What of a number is said: nothing of one that could tell of few people. Knows no tally.

/// Numbers under this one are never said.
pub const LEAST: u64 = 11;

/// A number as it is said.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Figure {
    /// As it is.
    Exact(u64),
    /// Rounded up to the next ten, so that nothing can be worked out from it.
    UpTo(u64),
    /// Fewer than [`LEAST`], none among them.
    #[default]
    Few,
    /// Not fewer, and yet not said: who knew it could work out another one that is not said.
    Withheld,
}

impl Figure {
    /// A number that stands alone: nothing else can be worked out from it.
    pub(super) fn of(count: u64) -> Figure {
        if count < LEAST { Figure::Few } else { Figure::Exact(count) }
    }

    /// A number from which others could be worked out if it were exact.
    pub(super) fn rounded(count: u64) -> Figure {
        if count < LEAST { Figure::Few } else { Figure::UpTo(count.div_ceil(10).saturating_mul(10)) }
    }

    /// What is known of it.
    pub fn known(self) -> Option<u64> {
        match self {
            Figure::Exact(count) | Figure::UpTo(count) => Some(count),
            Figure::Few | Figure::Withheld => None,
        }
    }
}

/// Numbers whose sum is known. What is not said of them is, all together, at least [`LEAST`], or nothing at all, or
/// everything: where it would be less, the smallest that could be said is withheld, too.
pub(super) fn parts(counts: &[u64]) -> Vec<Figure> {
    let mut said: Vec<Figure> = counts.iter().map(|&count| Figure::of(count)).collect();
    loop {
        let hidden = counts.iter().zip(&said).filter(|(_, figure)| figure.known().is_none());
        let hidden = hidden.fold(0_u64, |sum, (count, _)| sum.saturating_add(*count));
        if hidden == 0 || hidden >= LEAST {
            return said;
        }
        let visible = counts.iter().zip(&mut said).filter(|(_, figure)| figure.known().is_some());
        let Some((_, smallest)) = visible.min_by_key(|(count, _)| **count) else { return said };
        *smallest = Figure::Withheld;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Figure::*, *};

    #[test]
    fn what_tells_of_few_is_not_said_and_can_not_be_worked_out() {
        assert_eq!([0, 10, 11].map(Figure::of), [Few, Few, Exact(11)]);
        assert_eq!([3, 11, 20, 21].map(Figure::rounded), [Few, UpTo(20), UpTo(20), UpTo(30)]);
        assert_eq!(parts(&[40, 3, 20, 30]), [Exact(40), Few, Withheld, Exact(30)], "the smallest goes with it");
        assert_eq!(parts(&[40, 3, 8, 30]), [Exact(40), Few, Few, Exact(30)], "these two are hidden by each other");
        assert_eq!(parts(&[40, 3, 2, 30]), [Exact(40), Few, Few, Withheld]);
        assert_eq!(parts(&[40, 0, 0]), [Exact(40), Few, Few], "of nobody nothing can be worked out");
        assert_eq!((parts(&[4, 1]), parts(&[])), (vec![Few, Few], vec![]));
    }

    proptest! {
        #[test]
        fn no_number_that_is_not_said_is_the_rest_of_the_others(counts in proptest::collection::vec(0_u64..60, 0..12)) {
            let said = parts(&counts);
            let hidden: Vec<u64> =
                counts.iter().zip(&said).filter(|(_, figure)| figure.known().is_none()).map(|(count, _)| *count).collect();
            let sum: u64 = hidden.iter().sum();
            let all = hidden.len() == counts.len();
            prop_assert!(sum == 0 || all || sum >= LEAST && hidden.iter().filter(|&&count| count > 0).count() >= 2);
            for (count, figure) in counts.iter().zip(said) {
                prop_assert!(figure == Few && *count < LEAST || figure == Withheld && *count >= LEAST || figure == Exact(*count));
            }
        }
    }
}
