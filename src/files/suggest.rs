//! "Did you mean": the known name that is most like one that nobody knows.

/// The known name that is most like `name`, if one is near enough to be a slip of the pen. Capitals, accents, `-` and `_`
/// make no difference.
pub fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let name = even(name);
    known
        .map(|known| (strsim::damerau_levenshtein(&name, &even(known)), known))
        .filter(|(distance, _)| *distance * 3 <= name.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// Small letters without accents, and `_` for `-` and blanks.
pub fn even(name: &str) -> String {
    name.chars().flat_map(char::to_lowercase).map(plain).collect()
}

fn plain(letter: char) -> char {
    match letter {
        'à' | 'â' | 'ä' | 'á' | 'ã' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' | 'í' => 'i',
        'ô' | 'ö' | 'ó' | 'õ' => 'o',
        'ù' | 'û' | 'ü' | 'ú' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        '-' | ' ' => '_',
        letter => letter,
    }
}
