//! A directory of fiction, for whoever tries the line out: a few cities, numbers that nobody has.

use std::sync::{Arc, LazyLock};

use super::{Directory, Table};
use crate::diagnostic::SourceFile;

/// The centres of the example.
#[cfg(test)]
pub(super) fn centres() -> Vec<super::Centre> {
    table().map(|table| table.centres).unwrap_or_default()
}

fn table() -> Option<Table> {
    let text = include_str!("data/example.tsv").to_owned();
    Table::parse(&Arc::new(SourceFile { path: "example.tsv".to_owned(), text })).ok()
}

impl Directory {
    /// The example. It is announced as such, and never too old.
    pub fn example() -> &'static Arc<Directory> {
        static EXAMPLE: LazyLock<Arc<Directory>> = LazyLock::new(|| {
            let (state, centres) = table().map(|table| (table.state, table.centres)).unwrap_or_default();
            Arc::new(Directory::of(state, centres).as_example())
        });
        &EXAMPLE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_has_numbers_of_fiction_alone() {
        let centres = centres();
        assert!(centres.len() > 20, "{}", centres.len());
        for centre in centres {
            for number in centre.telephone.iter().chain(&centre.switchboard) {
                let fiction = ["+3319900", "+33261910", "+33353010", "+33465710", "+33536490", "+3363998"];
                assert!(fiction.iter().any(|begin| number.as_str().starts_with(begin)), "{}", centre.finess);
            }
        }
    }
}
