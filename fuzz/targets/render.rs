//! Fuzzes `render`: see `fuzz/src/entries`.

#![no_main]

allo_cmp_fuzz::target!("render");
