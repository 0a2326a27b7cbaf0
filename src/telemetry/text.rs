//! The text format of Prometheus, version 0.0.4.

use std::fmt::{Display, Write as _};

use super::{Family, Histogram, Kind, Label, histogram::BOUNDS};

/// Metrics as Prometheus reads them. Families are written whole, one after the other.
#[derive(Debug, Default)]
pub struct Text(String);

impl Text {
    /// Begins a metric.
    pub(super) fn head(&mut self, name: &str, kind: Kind, help: &str) {
        // Writing into a string can't fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {}", kind.name());
    }

    pub(super) fn bare(&mut self, name: &str, value: impl Display) {
        let _ = writeln!(self.0, "{name} {value}");
    }

    /// A family: for each series what stands in its labels, in their order, and its value.
    pub fn family<V: Display, const N: usize>(
        &mut self,
        family: Family,
        series: impl IntoIterator<Item = ([impl AsRef<str>; N], V)>,
    ) {
        self.head(family.name(), family.kind(), family.help());
        for (values, value) in series {
            self.0.push_str(family.name());
            self.labels(family.labels().iter().zip(&values), None);
            let _ = writeln!(self.0, " {value}");
        }
    }

    /// A family of histograms.
    pub(super) fn histograms<'h, const N: usize>(
        &mut self,
        family: Family,
        series: impl IntoIterator<Item = ([&'static str; N], &'h Histogram)>,
    ) {
        self.head(family.name(), family.kind(), family.help());
        for (values, histogram) in series {
            let (counts, seconds) = histogram.get();
            let mut total = 0;
            let bounds = BOUNDS.map(Some).into_iter().chain([None]);
            for (bound, count) in bounds.zip(counts) {
                total += count;
                let bound = bound.map_or_else(|| "+Inf".to_owned(), |bound| bound.as_secs_f64().to_string());
                let _ = write!(self.0, "{}_bucket", family.name());
                self.labels(family.labels().iter().zip(&values), Some(&bound));
                let _ = writeln!(self.0, " {total}");
            }
            for (end, value) in [("_sum", seconds.to_string()), ("_count", total.to_string())] {
                let _ = write!(self.0, "{}{end}", family.name());
                self.labels(family.labels().iter().zip(&values), None);
                let _ = writeln!(self.0, " {value}");
            }
        }
    }

    fn labels<'l>(
        &mut self,
        labels: impl Iterator<Item = (&'l Label, &'l (impl AsRef<str> + 'l))>,
        bound: Option<&str>,
    ) {
        let mut between = '{';
        let mut write = |name: &str, value: &str| {
            let _ = write!(self.0, "{between}{name}=\"");
            for c in value.chars() {
                match c {
                    '\\' => self.0.push_str("\\\\"),
                    '"' => self.0.push_str("\\\""),
                    '\n' => self.0.push_str("\\n"),
                    other => self.0.push(other),
                }
            }
            self.0.push('"');
            between = ',';
        };
        labels.for_each(|(label, value)| write(label.name(), value.as_ref()));
        if let Some(bound) = bound {
            write("le", bound);
        }
        if between == ',' {
            self.0.push('}');
        }
    }

    /// The whole text.
    pub fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gauge_has_a_value_for_each_line() {
        let mut text = Text::default();
        text.family(Family::LineHeld, [(["a"], 2), (["b\"\\\n"], 0)]);
        let text = text.into_string();
        assert!(
            text.ends_with("gauge\nallo_cmp_line_held{line=\"a\"} 2\nallo_cmp_line_held{line=\"b\\\"\\\\\\n\"} 0\n"),
            "{text}"
        );
    }

    #[test]
    fn without_labels_there_are_no_braces() {
        let mut text = Text::default();
        text.family(Family::JournalLagSeconds, [([""; 0], 0.25)]);
        assert!(text.into_string().ends_with("\nallo_cmp_journal_lag_seconds 0.25\n"));
    }
}
