//! Drawings as SVG, small and without a script: columns over time, a bar in a row, a bar of several parts.

use quick_xml::escape::escape;

use super::Figure;

/// Width of columns over time; as wide as the page.
const WIDTH: f64 = 680.0;
const HEIGHT: f64 = 110.0;
/// Room for the numbers at the left, and for the words below.
const LEFT: f64 = 44.0;
const BELOW: f64 = 18.0;
/// Height of the mark of a number that is not said.
const UNSAID: f64 = 5.0;

/// Columns over time: of each its number and, for some, words below. `alt` says in words what is seen.
pub(super) fn columns(figures: &[(Figure, Option<String>)], alt: &str, number: impl Fn(u64) -> String) -> String {
    let top = round_top(figures.iter().filter_map(|(figure, _)| figure.known()).max().unwrap_or(0));
    let step = (WIDTH - LEFT) / real(figures.len().max(1));
    let gap = if step > 6.0 { step * 0.2 } else { step * 0.1 };
    let mut svg = format!(
        "<svg class=\"columns\" viewBox=\"0 0 {WIDTH} {}\" role=\"img\" aria-label=\"{}\">\n<title>{}</title>\n",
        HEIGHT + BELOW,
        escape(alt),
        escape(alt)
    );
    // With nothing to compare there is no scale.
    let marks: &[u64] = if top == 0 { &[] } else { &[0, 1, 2] };
    for mark in marks.iter().map(|half| top * half / 2) {
        let y = HEIGHT - scaled(mark, top);
        svg += &format!("<line class=\"grid\" x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{WIDTH}\" y2=\"{y:.1}\"/>\n");
        svg +=
            &format!("<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\n", LEFT - 5.0, y + 4.0, number(mark));
    }
    for (at, (figure, words)) in figures.iter().enumerate() {
        let (x, wide) = (LEFT + step * real(at) + gap / 2.0, step - gap);
        let (class, high) = match figure.known() {
            Some(count) => ("said", scaled(count, top)),
            None => ("unsaid", UNSAID),
        };
        let y = HEIGHT - high;
        svg +=
            &format!("<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{wide:.1}\" height=\"{high:.1}\"/>\n");
        if let Some(words) = words {
            let (middle, y) = (x + wide / 2.0, HEIGHT + 13.0);
            svg += &format!("<text x=\"{middle:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{}</text>\n", escape(words));
        }
    }
    svg + &format!("<line class=\"axis\" x1=\"{LEFT}\" y1=\"{HEIGHT}\" x2=\"{WIDTH}\" y2=\"{HEIGHT}\"/>\n</svg>\n")
}

/// A bar in a row of a table, beside its number: nothing for those who hear the page.
pub(super) fn bar(figure: Figure, most: u64) -> String {
    let (class, wide) = match figure.known() {
        Some(count) => ("said", 100.0 * share(count, most)),
        None => ("unsaid", 3.0),
    };
    format!(
        "<svg class=\"bar\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect class=\"{class}\" width=\"{wide:.2}\" height=\"10\"/></svg>"
    )
}

/// A bar whose parts add up to `whole`: what is not said of them is the rest.
pub(super) fn stacked(parts: &[(&str, Figure)], whole: Figure) -> String {
    let mut svg =
        String::from("<svg class=\"bar\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
    let said: u64 = parts.iter().filter_map(|(_, figure)| figure.known()).sum();
    let whole = whole.known().unwrap_or(0).max(said);
    let mut x = 0.0;
    for (class, figure) in parts {
        let wide = 100.0 * share(figure.known().unwrap_or(0), whole);
        if wide > 0.0 {
            svg += &format!("<rect class=\"{class}\" x=\"{x:.2}\" width=\"{wide:.2}\" height=\"10\"/>");
        }
        x += wide;
    }
    if x < 99.9 {
        svg += &format!("<rect class=\"unsaid\" x=\"{x:.2}\" width=\"{:.2}\" height=\"10\"/>", 100.0 - x);
    }
    svg + "</svg>"
}

/// How dark a cell is, from 0 to 5.
pub(super) fn shade(count: u64, most: u64) -> u8 {
    (1..=5).find(|step| share(count, most) <= f64::from(*step) / 5.0 + 1e-9).unwrap_or(5)
}

/// The number at which a scale ends: even, so that its half is a number, too.
fn round_top(most: u64) -> u64 {
    let mut unit = 1_u64;
    while most > unit.saturating_mul(20) {
        unit = unit.saturating_mul(10);
    }
    most.div_ceil(unit * 2).saturating_mul(unit * 2)
}

fn scaled(count: u64, top: u64) -> f64 {
    // The highest column leaves room for the letters of its number.
    share(count, top) * (HEIGHT - 8.0)
}

fn share(count: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { (real(count) / real(of)).min(1.0) }
}

#[expect(clippy::cast_precision_loss, reason = "for drawing")]
fn real(count: impl TryInto<u64>) -> f64 {
    count.try_into().unwrap_or(u64::MAX) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_ends_at_an_even_number_just_above_the_highest_column() {
        assert_eq!([0, 1, 11, 20, 21, 199, 200, 1_234].map(round_top), [0, 2, 12, 20, 40, 200, 200, 1_400]);
    }

    #[test]
    fn what_is_not_said_is_drawn_the_same_however_much_it_is() {
        assert_eq!(bar(Figure::Few, 50), bar(Figure::Withheld, 50));
        let parts = [("a", Figure::Exact(30)), ("b", Figure::Few)];
        let bar = stacked(&parts, Figure::Exact(40));
        assert!(
            bar.contains("width=\"75.00\"") && bar.contains("class=\"unsaid\" x=\"75.00\" width=\"25.00\""),
            "{bar}"
        );
        assert_eq!([0, 1, 20, 21, 99, 100].map(|count| shade(count, 100)), [1, 1, 1, 2, 5, 5]);
    }
}
