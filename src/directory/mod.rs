//! The directory of centres: who they are, where they are, and which are nearest to a postal code. No outside service is asked.
//!
//! `centre` what is known of one centre, `point` places on the globe, `postal` postal codes and départements, `nearest` which
//! centres are near (`tree`), `distance` how that is said. Knows neither calls in progress nor the engine; what
//! it reads are the national list of establishments, the operator's corrections and open data on postal codes.

mod centre;
mod distance;
mod nearest;
mod point;
mod postal;
mod tree;

pub use centre::{Audience, Centre, CentreKind, Finess, NotFiness};
pub use distance::Distance;
pub use nearest::{Found, Index, Origin, Wanted};
pub use point::Point;
pub use postal::{
    CommuneRef, Department, Lookup, MadeOf, PostalCodes, Precision, Reach, departments, make as make_postal_codes,
};
