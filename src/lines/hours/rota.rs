//! Rotas: who is on duty. Each responder, or group, has hours of its own; these functions put them side by side.
//!
//! OpenStreetMap's texts cover each week (`Mo-Fr 18:00-22:00`) and the first Monday of the month (`Mo[1] 18:00-22:00`).
//! Every other week they count by the number of the week, which goes wrong where the year turns: that is
//! [`Every`](super::Every). Changes for one day are `closed` and `open`.

use std::ops::Range;

use super::Prepared;

/// Who is on duty in `minute`: places in `rota`, in order.
pub fn on_duty(rota: &[Prepared], minute: u32) -> impl Iterator<Item = usize> {
    rota.iter().enumerate().filter(move |(_, turn)| turn.is_open(minute)).map(|(at, _)| at)
}

/// When nobody is on duty, among the minutes given: a chain of calls must not depend on a rota then.
pub fn unstaffed(rota: &[Prepared], minutes: Range<u32>) -> Vec<Range<u32>> {
    let mut gaps = Vec::new();
    let mut covered = minutes.start;
    let mut staffed: Vec<Range<u32>> =
        rota.iter().flat_map(|turn| turn.hours().stretches(minutes.start, minutes.end)).collect();
    staffed.sort_by_key(|stretch| stretch.start);
    for stretch in staffed {
        if stretch.start > covered {
            gaps.push(covered..stretch.start);
        }
        covered = covered.max(stretch.end);
    }
    if covered < minutes.end {
        gaps.push(covered..minutes.end);
    }
    gaps
}
