//! Where a centre is, as French says it: "à Paris", "au Havre", "aux Abymes", "à La Réunion".

use super::{Centre, PostalCodes};

impl Centre {
    /// The name of its commune as it is spoken: "Paris, onzième arrondissement".
    pub fn commune_spoken(&self) -> String {
        let known = PostalCodes::shipped().commune(&self.insee).filter(|known| known.name.ends_with(" arrondissement"));
        known.map_or_else(|| self.commune.clone(), |known| known.spoken(crate::call::Lang::FR).into_owned())
    }

    /// "à Paris, onzième arrondissement".
    pub fn at_commune(&self) -> String {
        at(&self.commune_spoken())
    }
}

/// "au Havre" of "Le Havre". A name that begins with another article keeps it.
fn at(name: &str) -> String {
    for (article, joined) in [("Le ", "au "), ("Les ", "aux ")] {
        if let Some(rest) = name.strip_prefix(article) {
            return format!("{joined}{rest}");
        }
    }
    format!("à {name}")
}

#[cfg(test)]
mod tests {
    use super::at;

    #[test]
    fn articles_are_joined_as_french_does() {
        for (name, said) in [
            ("Paris", "à Paris"),
            ("Le Havre", "au Havre"),
            ("Les Abymes", "aux Abymes"),
            ("La Rochelle", "à La Rochelle"),
            ("L'Haÿ-les-Roses", "à L'Haÿ-les-Roses"),
            ("Leers", "à Leers"),
            ("Lescar", "à Lescar"),
        ] {
            assert_eq!(at(name), said);
        }
    }
}
