//! Stable ids. A call in progress names its place by the hash of a name, never by a position: files may change meanwhile.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Finess;

/// First eight bytes of SHA-256: two names of one line that collide are refused when the line is loaded.
fn name_hash(name: &str) -> u64 {
    let digest = Sha256::digest(name.as_bytes());
    digest.iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

/// A node of the call flows, by the hash of its name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct NodeId(pub u64);

impl NodeId {
    /// The id of the node called `name`.
    pub fn of(name: &str) -> NodeId {
        NodeId(name_hash(name))
    }
}

/// Where in a node a call stands: in a document the part, by the hash of its script, with three values for other places
/// in it; where digits are asked for, an [`Entry`](super::Entry); where centres are told of, the centre. It may hold digits,
/// and tell where somebody lives: it is never printed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PartId(pub u32);

impl fmt::Debug for PartId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PartId(·)")
    }
}

impl PartId {
    /// Before the title.
    pub const BEGINNING: PartId = PartId(0);
    /// After the last part.
    pub const END: PartId = PartId(1);
    /// After the last part, for the second time.
    pub const END_AGAIN: PartId = PartId(2);

    /// The place of a centre, where centres are told of.
    pub fn of_centre(centre: Finess) -> PartId {
        PartId(centre.packed())
    }

    /// The centre, where centres are told of; nothing at the beginning.
    pub fn centre(self) -> Option<Finess> {
        (self != PartId::BEGINNING).then(|| Finess::from_packed(self.0))
    }

    /// The id of the part whose script is `name`.
    pub fn of(name: &str) -> PartId {
        #[expect(clippy::cast_possible_truncation, reason = "half of the hash is enough within one document")]
        let hash = name_hash(name) as u32;
        PartId(hash.max(3))
    }
}

/// A line that we forward to, by the hash of its name in `lines.yaml`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct LineId(pub u64);

impl LineId {
    /// The id of the line called `name`.
    pub fn of(name: &str) -> LineId {
        LineId(name_hash(name))
    }
}

/// One call, by the hash of the provider's id for it: all that we ever keep of that id.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CallKey([u8; 16]);

impl CallKey {
    /// The key of the call that the provider calls `provider_id`; an absent or empty id gives the constant `none`.
    pub fn of(provider_id: Option<&str>) -> CallKey {
        let id = provider_id.filter(|id| !id.is_empty()).unwrap_or("none");
        let digest = Sha256::digest(id.as_bytes());
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        CallKey(key)
    }

    /// The id under which `doctor` tells the end of a call that never was.
    pub const OF_DOCTOR: &str = "doctor";

    /// Whether it is no call, but the question of `doctor`.
    pub fn is_of_doctor(&self) -> bool {
        *self == CallKey::of(Some(CallKey::OF_DOCTOR))
    }

    /// A number that is the same all through the call, and as good as drawn by lot: whose turn it is to answer.
    pub fn turn_of(&self) -> u32 {
        let [a, b, c, d, ..] = self.0;
        u32::from_be_bytes([a, b, c, d])
    }

    /// The bytes, for use as associated data.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for CallKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CallKey({:02x}{:02x}{:02x}{:02x})", self.0[0], self.0[1], self.0[2], self.0[3])
    }
}

/// One effect of one answer of one call: performing the same id again must return the first outcome.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct EffectId(pub [u8; 16]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_depend_on_the_name_alone() {
        assert_eq!(NodeId::of("main_menu"), NodeId::of("main_menu"));
        assert_ne!(NodeId::of("main_menu"), NodeId::of("main_menus"));
        assert_eq!(CallKey::of(None), CallKey::of(Some("")));
        assert_ne!(CallKey::of(Some("CA1")), CallKey::of(Some("CA2")));
    }
}
