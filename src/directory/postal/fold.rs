//! Names of communes as they are compared: without accents, hyphens and capitals. And the regions that GeoNames puts them in.

/// A name in small letters without accents, its words parted by one blank: "L'Haÿ-les-Roses" is "l hay les roses".
pub(super) fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            'à' | 'â' | 'ä' | 'á' | 'ã' => folded.push('a'),
            'é' | 'è' | 'ê' | 'ë' => folded.push('e'),
            'î' | 'ï' | 'í' => folded.push('i'),
            'ô' | 'ö' | 'ó' => folded.push('o'),
            'ù' | 'û' | 'ü' | 'ú' => folded.push('u'),
            'ÿ' => folded.push('y'),
            'ç' => folded.push('c'),
            'ñ' => folded.push('n'),
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            letter if letter.is_alphanumeric() => folded.push(letter),
            _ if folded.is_empty() || folded.ends_with(' ') => {}
            _ => folded.push(' '),
        }
    }
    folded.truncate(folded.trim_end().len());
    arrondissement(&folded).unwrap_or(folded)
}

/// "paris 11e arrondissement", "paris 11 popincourt" and "marseille 01" are "paris 11" and "marseille 1".
fn arrondissement(folded: &str) -> Option<String> {
    let (city, rest) = folded.split_once(' ')?;
    let digits = &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())];
    let number: u8 = digits.parse().ok()?;
    matches!(city, "paris" | "lyon" | "marseille").then(|| format!("{city} {number}"))
}

/// The region of a département as GeoNames writes it; overseas, its country.
pub(super) fn region(department: &str) -> &'static str {
    const REGIONS: [(&str, &str); 24] = [
        ("84", "01 03 07 15 26 38 42 43 63 69 73 74"),
        ("27", "21 25 39 58 70 71 89 90"),
        ("53", "22 29 35 56"),
        ("24", "18 28 36 37 41 45"),
        ("94", "2A 2B"),
        ("44", "08 10 51 52 54 55 57 67 68 88"),
        ("32", "02 59 60 62 80"),
        ("11", "75 77 78 91 92 93 94 95"),
        ("28", "14 27 50 61 76"),
        ("75", "16 17 19 23 24 33 40 47 64 79 86 87"),
        ("76", "09 11 12 30 31 32 34 46 48 65 66 81 82"),
        ("52", "44 49 53 72 85"),
        ("93", "04 05 06 13 83 84"),
        ("GP", "971"),
        ("MQ", "972"),
        ("GF", "973"),
        ("RE", "974"),
        ("PM", "975"),
        ("YT", "976"),
        ("BL", "977"),
        ("MF", "978"),
        ("WF", "986"),
        ("PF", "987"),
        ("NC", "988"),
    ];
    let found = REGIONS.iter().find(|(_, departments)| departments.split(' ').any(|one| one == department));
    found.map_or("", |(region, _)| region)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_by_their_plain_letters() {
        for (name, folded) in [
            ("L'Haÿ-les-Roses", "l hay les roses"),
            ("Œuilly", "oeuilly"),
            ("Paris 11e Arrondissement", "paris 11"),
            ("Paris 11 Popincourt", "paris 11"),
            ("Marseille 01", "marseille 1"),
            ("Marseille-en-Beauvaisis", "marseille en beauvaisis"),
        ] {
            assert_eq!(fold(name), folded);
        }
    }
}
