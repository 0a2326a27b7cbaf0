//! What a provider can do beside what every one of them can. Without one, the line does less, and promises less.

/// What the provider of a call can do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub struct Abilities {
    /// Short national numbers can be dialled.
    pub short_numbers: bool,
    /// The caller's `*` ends a conversation and comes back to us.
    pub star: bool,
}
