//! A k-d tree over places on the globe: those nearest to a place, in about as many steps as the tree is deep.
//!
//! Places are points of a sphere of radius one, and compared by the square of the straight line between them, which grows
//! with the way along the surface. So neither poles nor the date line are special.

use super::Point;

/// The corner of a unit sphere.
pub(super) type Corner = [f64; 3];

/// What is compared: the square of the distance, then an order that is given. Total, so that ties are always the same.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Near {
    pub(super) squared: f64,
    pub(super) rank: u32,
}

impl Near {
    pub(super) fn before(&self, other: &Near) -> bool {
        self.squared.total_cmp(&other.squared).then(self.rank.cmp(&other.rank)).is_lt()
    }
}

/// The best few, in order.
#[derive(Debug)]
pub(super) struct Best {
    limit: usize,
    pub(super) found: Vec<Near>,
}

impl Best {
    pub(super) fn new(limit: usize) -> Best {
        Best { limit, found: Vec::with_capacity(limit.min(64) + 1) }
    }

    pub(super) fn offer(&mut self, near: Near) {
        if self.found.len() == self.limit && !self.found.last().is_some_and(|last| near.before(last)) {
            return;
        }
        let at = self.found.partition_point(|other| other.before(&near));
        self.found.insert(at, near);
        self.found.truncate(self.limit);
    }

    /// Whether something that is at least so far away may still be among them: at the same distance the rank decides.
    fn may_take(&self, squared: f64) -> bool {
        self.found.len() < self.limit || self.found.last().is_some_and(|last| squared <= last.squared)
    }
}

/// The tree itself: a node is the middle of its part of the list, split along each axis by turns.
#[derive(Default, Debug)]
pub(super) struct Tree {
    nodes: Vec<(Corner, u32)>,
}

impl Tree {
    /// A tree of places, each with its rank.
    pub(super) fn new(mut nodes: Vec<(Corner, u32)>) -> Tree {
        split(&mut nodes, 0);
        Tree { nodes }
    }

    /// Offers `best` what is nearest to `origin` and wanted.
    pub(super) fn search(&self, origin: &Corner, best: &mut Best, wanted: &impl Fn(u32) -> bool) {
        search(&self.nodes, 0, origin, best, wanted);
    }
}

fn split(nodes: &mut [(Corner, u32)], axis: usize) {
    let middle = nodes.len() / 2;
    if nodes.len() > 1 {
        nodes.select_nth_unstable_by(middle, |a, b| a.0[axis].total_cmp(&b.0[axis]).then(a.1.cmp(&b.1)));
        let (before, after) = nodes.split_at_mut(middle);
        split(before, (axis + 1) % 3);
        split(&mut after[1..], (axis + 1) % 3);
    }
}

fn search(nodes: &[(Corner, u32)], axis: usize, origin: &Corner, best: &mut Best, wanted: &impl Fn(u32) -> bool) {
    let middle = nodes.len() / 2;
    let Some((corner, rank)) = nodes.get(middle) else { return };
    if wanted(*rank) {
        best.offer(Near { squared: squared(origin, corner), rank: *rank });
    }
    let across = origin[axis] - corner[axis];
    let (before, after) = (&nodes[..middle], &nodes[middle + 1..]);
    let (near, far) = if across < 0.0 { (before, after) } else { (after, before) };
    search(near, (axis + 1) % 3, origin, best, wanted);
    if best.may_take(across * across) {
        search(far, (axis + 1) % 3, origin, best, wanted);
    }
}

/// The square of the straight line between two places.
pub(super) fn squared(one: &Corner, other: &Corner) -> f64 {
    one.iter().zip(other).map(|(one, other)| (one - other) * (one - other)).sum()
}

/// A place on the unit sphere.
pub(super) fn corner(point: Point) -> Corner {
    let (north, east) = (point.latitude.to_radians(), point.longitude.to_radians());
    [north.cos() * east.cos(), north.cos() * east.sin(), north.sin()]
}
