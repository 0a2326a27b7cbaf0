//! What the targets of this crate share: `run` tries one input, `begin` lays out the seeds of a target.

mod entries;

use std::{fs, path::Path};

/// Tries `data` on the target of this name. It panics where a promise is broken.
pub fn run(target: &str, data: &[u8]) {
    if let Some((_, entry)) = entries::ALL.into_iter().find(|(name, _)| *name == target) {
        entry(data);
    }
}

/// Puts the seeds of a target into its corpus, from where the fuzzer goes on.
pub fn begin(target: &str) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = here.join("corpus").join(target);
    fs::create_dir_all(&corpus).expect("the corpus can be written");
    for (name, seed) in entries::seeds::of(&here.join(".."), target) {
        fs::write(corpus.join(format!("seed-{name}")), seed).expect("the corpus can be written");
    }
}

/// The target of a file: `fuzz_target!` with its seeds and its entry point.
#[macro_export]
macro_rules! target {
    ($name:literal) => {
        libfuzzer_sys::fuzz_target!(init: $crate::begin($name), |data: &[u8]| $crate::run($name, data));
    };
}
