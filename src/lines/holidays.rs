//! The legal public holidays of France, computed for any year: a list of dates would run out.
//!
//! Days that are only customary (Good Friday in the West Indies, 24 and 31 December) are not legal: a line that closes on
//! them says so in its hours. Knows nothing of the lines.

use std::fmt;

use jiff::civil::Date;

/// A part of France with its own holidays and its own clock.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Territory {
    /// Mainland France and Corsica, without the next.
    #[default]
    Metropole,
    /// Moselle, Bas-Rhin and Haut-Rhin.
    AlsaceMoselle,
    /// Guadeloupe.
    Guadeloupe,
    /// Martinique.
    Martinique,
    /// Guyane.
    Guyane,
    /// La Réunion.
    Reunion,
    /// Mayotte.
    Mayotte,
    /// Saint-Martin.
    SaintMartin,
    /// Saint-Barthélemy.
    SaintBarthelemy,
    /// Saint-Pierre-et-Miquelon.
    SaintPierreEtMiquelon,
    /// Nouvelle-Calédonie.
    NouvelleCaledonie,
    /// Polynésie française.
    Polynesie,
    /// Wallis-et-Futuna.
    WallisEtFutuna,
}

use Territory::*;

/// Each territory, its name in operators' files, and its time zone.
const TERRITORIES: [(Territory, &str, &str); 13] = [
    (Metropole, "metropole", "Europe/Paris"),
    (AlsaceMoselle, "alsace-moselle", "Europe/Paris"),
    (Guadeloupe, "guadeloupe", "America/Guadeloupe"),
    (Martinique, "martinique", "America/Martinique"),
    (Guyane, "guyane", "America/Cayenne"),
    (Reunion, "la-reunion", "Indian/Reunion"),
    (Mayotte, "mayotte", "Indian/Mayotte"),
    (SaintMartin, "saint-martin", "America/Marigot"),
    (SaintBarthelemy, "saint-barthelemy", "America/St_Barthelemy"),
    (SaintPierreEtMiquelon, "saint-pierre-et-miquelon", "America/Miquelon"),
    (NouvelleCaledonie, "nouvelle-caledonie", "Pacific/Noumea"),
    (Polynesie, "polynesie-francaise", "Pacific/Tahiti"),
    (WallisEtFutuna, "wallis-et-futuna", "Pacific/Wallis"),
];

/// A public holiday.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Holiday {
    /// 1 January.
    NewYear,
    /// Vendredi saint.
    GoodFriday,
    /// Lundi de Pâques.
    EasterMonday,
    /// 1 May.
    LabourDay,
    /// 8 May.
    Victory,
    /// Ascension.
    Ascension,
    /// Lundi de Pentecôte.
    WhitMonday,
    /// 14 July.
    NationalDay,
    /// 15 August.
    Assumption,
    /// 1 November.
    AllSaints,
    /// 11 November.
    Armistice,
    /// 25 December.
    Christmas,
    /// 26 December.
    SecondChristmasDay,
    /// The abolition of slavery, on the territory's own day.
    Abolition,
}

use Holiday::*;

/// When a holiday falls.
enum When {
    /// Each year on this month and day.
    On(i8, i8),
    /// So many days after Easter Sunday.
    Easter(i32),
}

use When::*;

/// One rule: the day, when, in which territories (none named: in all), from which year to which.
struct Rule(Holiday, When, &'static [Territory], i16, i16);

const EVER: i16 = i16::MAX;

const RULES: [Rule; 21] = [
    Rule(NewYear, On(1, 1), &[], 0, EVER),
    Rule(GoodFriday, Easter(-2), &[AlsaceMoselle], 0, EVER),
    Rule(EasterMonday, Easter(1), &[], 0, EVER),
    Rule(LabourDay, On(5, 1), &[], 0, EVER),
    Rule(Victory, On(5, 8), &[], 0, EVER),
    Rule(Ascension, Easter(39), &[], 0, EVER),
    Rule(WhitMonday, Easter(50), &[], 0, EVER),
    Rule(NationalDay, On(7, 14), &[], 0, EVER),
    Rule(Assumption, On(8, 15), &[], 0, EVER),
    Rule(AllSaints, On(11, 1), &[], 0, EVER),
    Rule(Armistice, On(11, 11), &[], 0, EVER),
    Rule(Christmas, On(12, 25), &[], 0, EVER),
    Rule(SecondChristmasDay, On(12, 26), &[AlsaceMoselle], 0, EVER),
    Rule(Abolition, On(4, 27), &[Mayotte], 0, EVER),
    Rule(Abolition, On(5, 22), &[Martinique], 0, EVER),
    Rule(Abolition, On(5, 27), &[Guadeloupe], 0, EVER),
    Rule(Abolition, On(5, 27), &[SaintMartin], 0, 2017),
    Rule(Abolition, On(5, 28), &[SaintMartin], 2018, EVER),
    Rule(Abolition, On(6, 10), &[Guyane], 0, EVER),
    Rule(Abolition, On(10, 9), &[SaintBarthelemy], 0, EVER),
    Rule(Abolition, On(12, 20), &[Reunion], 0, EVER),
];

impl Territory {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Territory> {
        TERRITORIES.iter().map(|(territory, ..)| *territory)
    }

    /// The one with this name in operators' files.
    pub fn from_name(name: &str) -> Option<Territory> {
        TERRITORIES.iter().find(|(_, known, _)| *known == name).map(|(territory, ..)| *territory)
    }

    /// Its name in operators' files, as in `alsace-moselle`.
    pub fn name(self) -> &'static str {
        self.entry().1
    }

    /// Its clock, as in `Europe/Paris`. (The Marquesas and Gambier Islands have others: write `time_zone` for a line there.)
    pub fn time_zone(self) -> &'static str {
        self.entry().2
    }

    /// The holiday that falls on `day` here. When two do (Ascension may be on 1 or 8 May), the one that stands first above.
    pub fn holiday(self, day: Date) -> Option<Holiday> {
        RULES.iter().find(|rule| rule.applies(self, day.year()) && rule.day(day.year()) == Some(day)).map(|rule| rule.0)
    }

    /// The holidays of `year`, in order of date.
    pub fn holidays(self, year: i16) -> Vec<(Date, Holiday)> {
        let rules = RULES.iter().filter(|rule| rule.applies(self, year));
        let mut days: Vec<_> = rules.filter_map(|rule| Some((rule.day(year)?, rule.0))).collect();
        days.sort();
        days
    }

    fn entry(self) -> &'static (Territory, &'static str, &'static str) {
        // The table stands in the order of the enum; a test holds them together.
        &TERRITORIES[self as usize]
    }
}

impl fmt::Display for Territory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Rule {
    fn applies(&self, territory: Territory, year: i16) -> bool {
        (self.2.is_empty() || self.2.contains(&territory)) && (self.3..=self.4).contains(&year)
    }

    fn day(&self, year: i16) -> Option<Date> {
        match self.1 {
            On(month, day) => Date::new(year, month, day).ok(),
            Easter(after) => easter(year)?.checked_add(jiff::Span::new().days(after)).ok(),
        }
    }
}

/// Easter Sunday: the anonymous Gregorian algorithm. `None` beyond the year 9999.
pub fn easter(year: i16) -> Option<Date> {
    let year_ = i32::from(year);
    let (a, b, c) = (year_.rem_euclid(19), year_.div_euclid(100), year_.rem_euclid(100));
    let g = (8 * b + 13).div_euclid(25);
    let h = (19 * a + b - b.div_euclid(4) - g + 15).rem_euclid(30);
    let l = (32 + 2 * b.rem_euclid(4) + 2 * (c / 4) - h - c % 4).rem_euclid(7);
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    // March or April, the 1st to the 31st: both fit.
    Date::new(year, (n / 31) as i8, (n % 31 + 1) as i8).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::{civil::date, tz::TimeZone};

    use super::*;

    /// The words of the published files.
    fn published(holiday: Holiday) -> &'static str {
        match holiday {
            NewYear => "1er janvier",
            GoodFriday => "Vendredi saint",
            EasterMonday => "Lundi de Pâques",
            LabourDay => "1er mai",
            Victory => "8 mai",
            Ascension => "Ascension",
            WhitMonday => "Lundi de Pentecôte",
            NationalDay => "14 juillet",
            Assumption => "Assomption",
            AllSaints => "Toussaint",
            Armistice => "11 novembre",
            Christmas => "Jour de Noël",
            SecondChristmasDay => "2ème jour de Noël",
            Abolition => "Abolition de l'esclavage",
        }
    }

    #[test]
    fn computed_days_are_the_published_ones_in_every_zone_and_year() {
        for territory in Territory::all() {
            let path = format!("{}/tests/data/jours-feries/jours_feries_{territory}.csv", env!("CARGO_MANIFEST_DIR"));
            let mut years: BTreeMap<i16, Vec<(Date, String)>> = BTreeMap::new();
            for line in std::fs::read_to_string(path).unwrap().lines().skip(1) {
                let fields: Vec<&str> = line.split(',').collect();
                years
                    .entry(fields[1].parse().unwrap())
                    .or_default()
                    .push((fields[0].parse().unwrap(), fields[3].into()));
            }
            assert_eq!(years.len(), 26, "{territory}");
            for (year, mut expected) in years {
                let mut computed: Vec<(Date, String)> = territory
                    .holidays(year)
                    .into_iter()
                    .map(|(day, holiday)| (day, published(holiday).into()))
                    .collect();
                // Two holidays may fall on one day; then the files have them in any order, or once.
                computed.sort();
                expected.sort();
                let days = |list: &[(Date, String)]| {
                    let mut days: Vec<Date> = list.iter().map(|(day, _)| *day).collect();
                    days.dedup();
                    days
                };
                assert_eq!(days(&computed), days(&expected), "{territory} {year}");
                assert!(expected.iter().all(|day| computed.contains(day)), "{territory} {year}: {expected:?}");
            }
        }
    }

    #[test]
    fn each_territory_has_its_name_and_a_clock_that_exists() {
        for (at, territory) in Territory::all().enumerate() {
            assert_eq!(territory as usize, at);
            assert_eq!(Territory::from_name(territory.name()), Some(territory));
            TimeZone::get(territory.time_zone()).unwrap();
        }
        assert_eq!(Territory::from_name("Metropole"), None);
    }

    #[test]
    fn the_holiday_of_a_day_is_among_those_of_its_year() {
        for territory in Territory::all() {
            for year in [1970, 2008, 2027, 2099, 2399] {
                let all = territory.holidays(year);
                let mut day = date(year, 1, 1);
                while day.year() == year {
                    assert_eq!(territory.holiday(day).is_some(), all.iter().any(|(known, _)| *known == day), "{day}");
                    day = day.tomorrow().unwrap();
                }
            }
        }
        // Far beyond any list.
        assert_eq!(Metropole.holiday(date(2399, 5, 8)), Some(Victory));
    }

    #[test]
    fn easter_is_a_sunday_between_22_march_and_25_april() {
        for year in 1583..=9999 {
            let easter = easter(year).unwrap();
            assert_eq!(easter.weekday(), jiff::civil::Weekday::Sunday);
            assert!((date(year, 3, 22)..=date(year, 4, 25)).contains(&easter));
        }
        for known in [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28), date(2038, 4, 25)] {
            assert_eq!(easter(known.year()), Some(known));
        }
    }
}
