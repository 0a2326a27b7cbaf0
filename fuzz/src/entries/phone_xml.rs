//! The documents of a server, as the simulated telephone of each provider reads them: performed or refused, never a panic.

use allo_cmp::{fuzzing, phone};

use super::bytes::Bytes;

/// The first byte chooses the provider, and whether its account can dial short numbers; the rest is the document.
pub(super) fn read(data: &[u8]) {
    let mut bytes = Bytes::of(data);
    let choice = bytes.byte();
    let names: Vec<_> = phone::Semantics::names().collect();
    let provider = phone::Semantics::of(names[usize::from(choice & 0x7f) % names.len()]).unwrap();
    let document = bytes.rest();
    let read = fuzzing::document(provider, document, choice & 0x80 != 0);
    if let Err(wrong) = &read {
        let lines = document.iter().filter(|byte| **byte == b'\n').count() + 1;
        assert!((1..=lines).contains(&wrong.line) && !wrong.message.is_empty(), "{wrong:?}");
    }
    if let Ok(root) = phone::parse(document) {
        assert_eq!(root.name, "Response");
        // Text stands in the document, its entities aside.
        assert!(root.text().len() <= document.len());
    }
}
