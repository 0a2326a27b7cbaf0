//! Kilometres in plain words: which words a script has for them, and the number in these.

/// How far away a centre is, as it is spoken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Distance {
    /// In the caller's own commune.
    SameCommune,
    /// Less than one kilometre.
    UnderOne,
    /// About one kilometre.
    One,
    /// About so many kilometres: by one up to 10, by five up to 50, by ten above.
    About(u32),
    /// Not known well enough to be told.
    Unknown,
}

impl Distance {
    /// The words for kilometres along a straight line.
    pub fn of(km: Option<f64>, same_commune: bool) -> Distance {
        let rounded = |km: f64, step: f64| Distance::About(((km / step).round() * step) as u32);
        match km {
            _ if same_commune => Distance::SameCommune,
            Some(km) if km < 1.0 => Distance::UnderOne,
            Some(km) if km < 1.5 => Distance::One,
            Some(km) if km < 10.0 => rounded(km, 1.0),
            Some(km) if km < 50.0 => rounded(km, 5.0),
            Some(km) if km.is_finite() => rounded(km, 10.0),
            _ => Distance::Unknown,
        }
    }

    /// What the script of these words is called.
    pub fn key(self) -> &'static str {
        match self {
            Distance::SameCommune => "same_commune",
            Distance::UnderOne => "under_one",
            Distance::One => "one",
            Distance::About(_) => "about",
            Distance::Unknown => "unknown",
        }
    }

    /// The number of kilometres that is said.
    pub fn kilometres(self) -> Option<u32> {
        match self {
            Distance::One => Some(1),
            Distance::About(km) => Some(km),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kilometres_are_rounded_as_people_say_them() {
        for (km, said) in [(1.0, 1), (1.4, 1), (1.6, 2), (9.4, 9), (9.7, 10), (12.4, 10), (12.6, 15), (49.0, 50)] {
            assert_eq!(Distance::of(Some(km), false).kilometres(), Some(said), "{km}");
        }
        assert_eq!(Distance::of(Some(127.0), false), Distance::About(130));
        assert_eq!(Distance::of(Some(0.99), false), Distance::UnderOne);
        assert_eq!(Distance::of(Some(30.0), true), Distance::SameCommune);
        assert_eq!(Distance::of(None, false).key(), "unknown");
    }
}
