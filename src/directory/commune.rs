//! Where a centre is, in the administration's codes: département, commune, postal code.

use super::Point;

/// What is known of communes beside the lists of centres. Asked by their code in the statistics.
pub trait Communes {
    /// A postal code of the commune that callers have: no CEDEX.
    fn postal_of_insee(&self, insee: &str) -> Option<String>;
    /// Its name as written: "Bourg-en-Bresse".
    fn name_of_insee(&self, insee: &str) -> Option<String>;
    /// About where it is.
    fn point_of_insee(&self, insee: &str) -> Option<Point>;
}

/// Département and commune as we write them.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Codes {
    pub(super) department: String,
    pub(super) insee: String,
}

/// The codes of the stock file: `9A` and `123` are Guadeloupe and its commune `97123`.
///
/// Saint-Barthélemy and Saint-Martin are still counted to Guadeloupe there: the postal code tells them.
pub(super) fn codes(department: &str, commune: &str, postal_code: &str) -> Option<Codes> {
    let is_commune = commune.len() == 3 && commune.bytes().all(|c| c.is_ascii_digit());
    if !is_commune {
        return None;
    }
    let (department, insee) = match department {
        "9A" if postal_code == "97133" => ("977", "97701".to_owned()),
        "9A" if postal_code == "97150" => ("978", "97801".to_owned()),
        "9A" => ("971", format!("97{commune}")),
        "9B" => ("972", format!("97{commune}")),
        "9C" => ("973", format!("97{commune}")),
        "9D" => ("974", format!("97{commune}")),
        "9E" => ("975", format!("97{commune}")),
        "9F" => ("976", format!("97{commune}")),
        "9J" => ("986", format!("98{commune}")),
        "2A" | "2B" => (department, format!("{department}{commune}")),
        digits if is_department(digits) => (digits, format!("{digits}{commune}")),
        _ => return None,
    };
    Some(Codes { department: department.to_owned(), insee })
}

/// `01` to `95`.
fn is_department(digits: &str) -> bool {
    let is_number = digits.len() == 2 && digits.bytes().all(|c| c.is_ascii_digit());
    is_number && digits.parse::<u8>().is_ok_and(|number| (1..=95).contains(&number))
}

/// The codes of a commune of the statistics: `97411` is in `974`.
pub(super) fn codes_of_insee(insee: &str, postal_code: &str) -> Option<Codes> {
    let bytes = insee.as_bytes();
    if bytes.len() != 5 || !insee.is_ascii() || !bytes[2..].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let (head, rest) = insee.split_at(2);
    match head {
        // Old codes of two islands that have their own now.
        "97" if insee == "97123" => codes("9A", rest, "97133"),
        "97" if insee == "97127" => codes("9A", rest, "97150"),
        "97" | "98" => Some(Codes { department: insee[..3].to_owned(), insee: insee.to_owned() }),
        head => codes(head, rest, postal_code),
    }
}

/// What stands on the line of delivery.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Delivery<'t> {
    pub(super) postal_code: &'t str,
    /// The name of the commune, or of the office of a CEDEX, in capitals.
    pub(super) commune: &'t str,
    pub(super) cedex: bool,
}

/// `97306 CAYENNE CEDEX 9` is the code 97306, Cayenne, and a CEDEX.
pub(super) fn delivery(line: &str) -> Option<Delivery<'_>> {
    let line = line.trim();
    let (postal_code, rest) = line.split_once(char::is_whitespace)?;
    if postal_code.len() != 5 || !postal_code.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let cedex = rest.split_whitespace().any(|word| word.eq_ignore_ascii_case("CEDEX"));
    let end = if cedex { rest.to_ascii_uppercase().rfind("CEDEX")? } else { rest.len() };
    let commune = rest.get(..end)?.trim();
    (!commune.is_empty()).then_some(Delivery { postal_code, commune, cedex })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn departments_and_communes_overseas_have_their_own_codes() {
        for (department, commune, postal_code, expected) in [
            ("01", "451", "01440", Some(("01", "01451"))),
            ("2A", "004", "20000", Some(("2A", "2A004"))),
            ("9A", "123", "97133", Some(("977", "97701"))),
            ("9A", "127", "97150", Some(("978", "97801"))),
            ("9A", "105", "97100", Some(("971", "97105"))),
            ("9B", "207", "97224", Some(("972", "97207"))),
            ("9C", "302", "97306", Some(("973", "97302"))),
            ("9D", "411", "97405", Some(("974", "97411"))),
            ("9E", "502", "97500", Some(("975", "97502"))),
            ("9F", "606", "97620", Some(("976", "97606"))),
            ("9J", "613", "98600", Some(("986", "98613"))),
            ("20", "004", "20000", Some(("20", "20004"))),
            ("00", "001", "00000", None),
            ("9Z", "001", "97000", None),
            ("+1", "001", "01000", None),
            ("01", "45", "01440", None),
        ] {
            let found = codes(department, commune, postal_code);
            let found = found.as_ref().map(|codes| (codes.department.as_str(), codes.insee.as_str()));
            assert_eq!(found, expected, "{department} {commune}");
        }
    }

    #[test]
    fn a_commune_of_the_statistics_tells_its_departement() {
        let department = |insee| codes_of_insee(insee, "").map(|codes| (codes.department, codes.insee));
        for (insee, expected) in
            [("01053", "01"), ("2B033", "2B"), ("97411", "974"), ("97701", "977"), ("98818", "988"), ("97123", "977")]
        {
            assert_eq!(department(insee).unwrap().0, expected, "{insee}");
        }
        for wrong in ["", "1053", "010530", "2C033", "00053", "0105é"] {
            assert_eq!(department(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_cedex_is_dropped_from_the_line_of_delivery() {
        let read = |line| delivery(line).map(|found| (found.postal_code, found.commune, found.cedex));
        assert_eq!(read("01440 VIRIAT"), Some(("01440", "VIRIAT", false)));
        assert_eq!(read("97306 CAYENNE CEDEX"), Some(("97306", "CAYENNE", true)));
        assert_eq!(read(" 75651  PARIS CEDEX 13 "), Some(("75651", "PARIS", true)));
        assert_eq!(read("63000 CEDEXVILLE"), Some(("63000", "CEDEXVILLE", false)));
        for wrong in ["", "01440", "1440 VIRIAT", "01440 CEDEX 2", "VIRIAT"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
