//! Fuzzes `phone_xml`: see `fuzz/src/entries`.

#![no_main]

allo_cmp_fuzz::target!("phone_xml");
