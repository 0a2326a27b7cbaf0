//! The directory of centres: who they are, where they are, and which are nearest to a postal code. No outside service is asked.
//!
//! `centre` what is known of one centre, `point` places on the globe. From the national lists to a table: `finess` (the stock
//! file) and `finessplus` (JSON) read, `spell` makes words of capitals, `telephone` and `commune` numbers and codes, `import`
//! brings it together and counts in a `summary`. `table` is the one file that comes of it, `corrections` what operators know
//! better, `loaded` both together, `doubts` what someone should look at. For a caller: `postal` postal codes and départements,
//! `nearest` which centres are near (`tree`), `distance` and `at` how that is said,
//! `hours` when they are open, `served` all of it ready to be asked, `example` a small one of fiction. Knows neither calls in progress nor the engine.

mod at;
mod centre;
mod commune;
mod corrections;
mod distance;
mod doubts;
mod example;
mod finess;
mod finessplus;
mod hours;
mod import;
mod loaded;
mod nearest;
mod point;
mod postal;
mod served;
mod spell;
mod summary;
mod table;
mod telephone;
mod tree;

pub use centre::{Audience, Centre, CentreKind, More};
pub use commune::Communes;
pub use corrections::{Correction, Corrections};
pub use distance::Distance;
pub use doubts::{Doubt, doubts};
pub use hours::CentreHours;
pub use import::Import;
pub use loaded::{Loaded, OLD_DAYS, age};
pub use nearest::{Found, Index, Origin, Wanted};
pub use point::Point;
pub use postal::{
    CommuneRef, Department, Lookup, MadeOf, PostalCodes, Precision, Reach, departments, make as make_postal_codes,
};
pub use served::Directory;
pub use summary::{Damage, Summary};
pub use table::{FORMAT, Table};
pub use telephone::in_pairs;

pub use crate::call::{Finess, NotFiness};
