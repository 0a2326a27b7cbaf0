//! When centres are open: as the operator knows it, else as is usual. Laid out once for each sort of hours, and shared.
//!
//! Each centre has the clock and the holidays of its own département.

use std::{collections::HashMap, sync::Arc};

use super::{Centre, PostalCodes};
use crate::lines::hours::{Hours, Prepared, Written};

/// The usual hours of a CMP. No list tells those of each.
const USUAL: &str = "Mo-Fr 09:00-17:00; PH off";

/// When one centre is open.
#[derive(Clone, Copy, Debug)]
pub struct CentreHours<'d> {
    /// The hours.
    pub hours: &'d Prepared,
    /// They are the usual ones: nobody knows those of this centre.
    pub usual: bool,
}

/// Hours, the clock, and whose holidays.
type Key = (Option<String>, &'static str, &'static str);

/// The hours of all centres.
#[derive(Default, Debug)]
pub(super) struct AllHours(HashMap<Key, Arc<Prepared>>);

impl AllHours {
    /// Lays out what these centres need, from `minute` on. Hours that can't be read are taken for the usual ones.
    pub(super) fn of(centres: &[Centre], minute: u32) -> AllHours {
        let mut all: HashMap<Key, Arc<Prepared>> = HashMap::new();
        for centre in centres {
            for key in [centre.more.hours.as_ref().and_then(|_| key(centre, true)), key(centre, false)] {
                let Some(key) = key.filter(|key| !all.contains_key(key)) else { continue };
                if let Some(hours) = read(&key) {
                    all.insert(key, Arc::new(Arc::new(hours).prepare(minute)));
                }
            }
        }
        AllHours(all)
    }

    /// When `centre` is open.
    pub(super) fn get(&self, centre: &Centre) -> Option<CentreHours<'_>> {
        let of = |own| self.0.get(&key(centre, own)?).map(Arc::as_ref);
        let own = centre.more.hours.as_ref().and_then(|_| of(true));
        let usual = own.is_none();
        own.or_else(|| of(false)).map(|hours| CentreHours { hours, usual })
    }
}

fn key(centre: &Centre, own: bool) -> Option<Key> {
    let department = PostalCodes::shipped().department(&centre.department)?;
    Some((centre.more.hours.clone().filter(|_| own), department.zone, department.holidays))
}

fn read((own, zone, holidays): &Key) -> Option<Hours> {
    let hours = match own {
        None => USUAL.to_owned(),
        // An office is closed on holidays: whoever works then has written it.
        Some(own) if own.contains("PH") || own.contains("24/7") => own.clone(),
        Some(own) => format!("{own}; PH off"),
    };
    let written = Written { hours: &hours, territory: Some(holidays), time_zone: Some(zone), ..Written::default() };
    Hours::read(&written).0
}

#[cfg(test)]
mod tests {
    use jiff::{civil::datetime, tz::TimeZone};

    use super::*;
    use crate::directory::{departments, example};

    fn at(zone: &str, day: i8, month: i8, hour: i8) -> u32 {
        let time = datetime(2025, month, day, hour, 0, 0, 0).to_zoned(TimeZone::get(zone).unwrap()).unwrap();
        u32::try_from(time.timestamp().as_second() / 60).unwrap()
    }

    #[test]
    fn every_department_has_a_clock_and_holidays_that_are_known() {
        for department in departments() {
            assert!(read(&(None, department.zone, department.holidays)).is_some(), "{}", department.code);
        }
    }

    #[test]
    fn a_centre_opens_by_its_own_clock_and_rests_on_its_own_holidays() {
        let mut centre = example::centres().into_iter().find(|centre| centre.department == "67").unwrap();
        let open = |centre: &Centre, minute| {
            let all = AllHours::of(std::slice::from_ref(centre), 29_000_000);
            let found = all.get(centre).unwrap();
            (found.hours.is_open(minute), found.usual)
        };
        let (boxing_day, tuesday) = (at("Europe/Paris", 26, 12, 10), at("Europe/Paris", 2, 12, 10));
        assert_eq!(open(&centre, tuesday), (true, true));
        assert_eq!(open(&centre, boxing_day), (false, true), "a holiday there");
        centre.department = "75".to_owned();
        assert_eq!(open(&centre, boxing_day), (true, true));
        centre.department = "974".to_owned();
        assert_eq!(open(&centre, at("Europe/Paris", 2, 12, 15)), (false, true), "it is evening there");
        centre.department = "67".to_owned();
        centre.more.hours = Some("Mo-Sa 08:00-12:00".to_owned());
        assert_eq!(open(&centre, tuesday), (true, false));
        assert_eq!(open(&centre, boxing_day), (false, false), "nobody has to write that offices close on holidays");
        centre.more.hours = Some("Fr 10:00-11:00; PH 10:00-11:00".to_owned());
        assert_eq!(open(&centre, boxing_day), (true, false));
        centre.more.hours = Some("whenever".to_owned());
        assert_eq!(open(&centre, tuesday), (true, true));
    }
}
