//! The printed sheets: what they could not show. The line itself goes on the air without them, so these are warnings.

use crate::{
    diagnostic::{Diagnostic, Severity},
    engine::Loaded,
    leaflet::{About, Sheet},
};

pub(super) fn check(loaded: &Loaded) -> Vec<Diagnostic> {
    let (Some(world), Some(lines)) = (&loaded.world, &loaded.lines) else { return Vec::new() };
    let langs = loaded.scripts.leaflets.keys().filter(|lang| world.langs.contains(lang));
    let found = langs.flat_map(|lang| Sheet::new(world, &loaded.scripts, lines, *lang, &About::default()).1);
    found.map(|found| Diagnostic { severity: Severity::Warning, ..found }).collect()
}
