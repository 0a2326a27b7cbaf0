//! The maps that the stock file draws on, turned into degrees.

use proj4rs::{Proj, errors::Error, transform::transform};

use super::super::Point;

/// A map, by the name that stands in the list; how it is drawn; and what it is good for: south, north, west, east.
type Drawn = (&'static str, &'static str, [f64; 4]);

const LAMBERT_93: &str = "+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80 \
                          +towgs84=0,0,0,0,0,0,0 +units=m +no_defs";

const MAPS: [Drawn; 6] = [
    ("LAMBERT_93", LAMBERT_93, [41.0, 51.5, -5.5, 10.0]),
    // Guadeloupe, Martinique, Saint-Barthélemy, Saint-Martin.
    ("UTM_N20", "+proj=utm +zone=20 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs", [14.0, 18.5, -63.5, -60.5]),
    // Saint-Pierre-et-Miquelon.
    ("UTM_N21", "+proj=utm +zone=21 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs", [46.5, 47.5, -57.0, -55.5]),
    // Guyane.
    ("UTM_N22", "+proj=utm +zone=22 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs", [2.0, 6.0, -55.0, -51.0]),
    // Mayotte.
    (
        "UTM_S38",
        "+proj=utm +zone=38 +south +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs",
        [-13.5, -12.2, 44.5, 45.7],
    ),
    // La Réunion.
    (
        "UTM_S40",
        "+proj=utm +zone=40 +south +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs",
        [-21.8, -20.5, 54.8, 56.2],
    ),
];

/// Why there is no point.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in super::super) enum NoPoint {
    /// The map is not named.
    NoMap,
    /// It is named, and we don't know it.
    UnknownMap,
    /// The coordinates are no numbers, or lie outside of what the map is good for.
    Outside,
}

/// The maps, ready to be read.
pub(in super::super) struct Maps {
    maps: Vec<(&'static str, Proj, [f64; 4])>,
    degrees: Proj,
}

impl Maps {
    pub(in super::super) fn new() -> Result<Maps, Error> {
        let drawn = |(name, how, area): Drawn| Ok((name, Proj::from_proj_string(how)?, area));
        let maps = MAPS.into_iter().map(drawn).collect::<Result<_, Error>>()?;
        Ok(Maps { maps, degrees: Proj::from_proj_string("+proj=longlat +datum=WGS84 +no_defs")? })
    }

    /// The point of `x` and `y` on the map that the source names: `1,ATLASANTE,100,IGN,BD_ADRESSE,V2.2,LAMBERT_93`.
    pub(in super::super) fn point(&self, x: &str, y: &str, source: &str) -> Result<Point, NoPoint> {
        let name = source.split(',').nth(6).map(str::trim).filter(|name| !name.is_empty()).ok_or(NoPoint::NoMap)?;
        let (x, y): (f64, f64) = (number(x)?, number(y)?);
        self.on(name, x, y)
    }

    /// The same, where the map is known by its name.
    pub(in super::super) fn on(&self, name: &str, x: f64, y: f64) -> Result<Point, NoPoint> {
        let (_, map, [south, north, west, east]) =
            self.maps.iter().find(|(known, ..)| *known == name).ok_or(NoPoint::UnknownMap)?;
        let mut at = (x, y, 0.0);
        transform(map, &self.degrees, &mut at).map_err(|_| NoPoint::Outside)?;
        let point = Point { latitude: at.1.to_degrees(), longitude: at.0.to_degrees() };
        let inside = (south..=north).contains(&&point.latitude) && (west..=east).contains(&&point.longitude);
        if inside { Ok(point) } else { Err(NoPoint::Outside) }
    }
}

/// With a decimal point, or with a comma as it is written in France.
fn number(text: &str) -> Result<f64, NoPoint> {
    let number: f64 = text.trim().replace(',', ".").parse().map_err(|_| NoPoint::Outside)?;
    if number.is_finite() { Ok(number) } else { Err(NoPoint::Outside) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "1,ATLASANTE,100,IGN,BD_ADRESSE,V2.2,";

    #[test]
    fn each_map_is_read_within_a_metre() {
        let maps = Maps::new().unwrap();
        // The origin of Lambert 93 and the central meridians of the zones are points that need no formula; the others
        // are worked out from the published series of the Mercator projection and the conic one.
        for (map, x, y, latitude, longitude) in POINTS {
            let found = maps.point(x, y, &format!("{SOURCE}{map}")).unwrap();
            let expected = Point { latitude, longitude };
            assert!(found.km_to(expected) < 0.001, "{map}: {found:?}, not {expected:?}");
        }
    }

    const POINTS: [(&str, &str, &str, f64, f64); 8] = [
        ("LAMBERT_93", "700000.0", "6600000.0", 46.5, 3.0),
        ("LAMBERT_93", "652469.02", "6862035.26", 48.8566, 2.3522),
        ("LAMBERT_93", "1176667.56", "6108273.28", 41.9192, 8.7386),
        ("UTM_N20", "656770.90", "1796166.18", 16.2411, -61.5331),
        ("UTM_N21", "562869.80", "5181168.32", 46.7811, -56.1764),
        ("UTM_N22", "352169.81", "545439.32", 4.9333, -52.3333),
        ("UTM_S38", "524724.52", "8587115.82", -12.7806, 45.2278),
        ("UTM_S40", "338811.24", "7690101.36", -20.8823, 55.4504),
    ];

    #[test]
    fn what_has_no_place_has_no_point() {
        let maps = Maps::new().unwrap();
        let at = |x, y, source: &str| maps.point(x, y, source);
        assert_eq!(at("700000", "6600000", SOURCE), Err(NoPoint::NoMap));
        assert_eq!(at("700000", "6600000", ""), Err(NoPoint::NoMap));
        assert_eq!(at("700000", "6600000", &format!("{SOURCE}LAMBERT_72")), Err(NoPoint::UnknownMap));
        for (x, y) in [("", ""), ("0", "0"), ("NaN", "1"), ("1e300", "1e300"), ("6600000", "700000"), ("inf", "0")] {
            assert_eq!(at(x, y, &format!("{SOURCE}LAMBERT_93")), Err(NoPoint::Outside), "{x} {y}");
        }
        assert!(at("700000,0", "6600000,0", &format!("{SOURCE}LAMBERT_93")).is_ok());
    }
}
