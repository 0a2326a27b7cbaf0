//! The directory of centres: who they are, where they are, and which are nearest to a postal code. No outside service is asked.
//!
//! `centre` what is known of one centre, `point` places on the globe. Knows neither calls in progress nor the engine; what
//! it reads are the national list of establishments, the operator's corrections and open data on postal codes.

mod centre;
mod point;

pub use centre::{Audience, Centre, CentreKind, Finess, NotFiness};
pub use point::Point;
