//! Places on the globe, and how far they are from each other.

/// Mean radius of the earth, in kilometres.
const EARTH_KM: f64 = 6371.0088;

/// A place in WGS84, in degrees.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Point {
    /// North is positive.
    pub latitude: f64,
    /// East is positive.
    pub longitude: f64,
}

impl Point {
    /// Kilometres to `other`, along the surface.
    pub fn km_to(self, other: Point) -> f64 {
        let (here, there) = (self.latitude.to_radians(), other.latitude.to_radians());
        let north = ((there - here) / 2.0).sin();
        let east = ((other.longitude - self.longitude).to_radians() / 2.0).sin();
        let half_chord = north * north + here.cos() * there.cos() * east * east;
        Point::km_of_chord(2.0 * half_chord.sqrt())
    }

    /// Kilometres along the surface between two places of which the straight line is known, in radii of the earth.
    pub(super) fn km_of_chord(chord: f64) -> f64 {
        2.0 * EARTH_KM * (chord / 2.0).clamp(0.0, 1.0).asin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paris_and_lyon_are_three_hundred_and_ninety_two_kilometres_apart() {
        let paris = Point { latitude: 48.8566, longitude: 2.3522 };
        let lyon = Point { latitude: 45.764, longitude: 4.8357 };
        assert!((paris.km_to(lyon) - 391.5).abs() < 1.0, "{}", paris.km_to(lyon));
        assert_eq!(paris.km_to(paris), 0.0);
    }
}
