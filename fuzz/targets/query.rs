//! Fuzzes `query`: see `fuzz/src/entries`.

#![no_main]

allo_cmp_fuzz::target!("query");
