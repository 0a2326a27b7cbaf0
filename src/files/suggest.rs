//! "Did you mean": the known name that is most like one that nobody knows.

/// The known name that is most like `name`, if one is near enough to be a slip of the pen.
pub fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    known
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .filter(|(distance, _)| *distance * 3 <= name.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}
