//! Fuzzes `webhook_signalwire`: see `fuzz/src/entries`.

#![no_main]

allo_cmp_fuzz::target!("webhook_signalwire");
