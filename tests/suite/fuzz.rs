//! The entry points of `fuzz/`, without a fuzzer: on every seed, and on seeds that were changed here and there.

use std::path::Path;

use proptest::{collection::vec, prelude::*, sample::Index, test_runner::RngSeed, test_runner::TestRunner};

#[path = "../../fuzz/src/entries/mod.rs"]
pub(crate) mod entries;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    entries::seeds::of(root(), target).into_iter().map(|(_, seed)| seed).collect()
}

#[test]
fn each_target_has_its_file_and_stands_in_the_manifest() {
    let manifest = std::fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
    let mut files: Vec<String> = std::fs::read_dir(root().join("fuzz/targets"))
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    files.sort();
    assert_eq!(files, entries::ALL.map(|(name, _)| name));
    for (name, _) in entries::ALL {
        assert!(manifest.contains(&format!("name = \"{name}\"\npath = \"targets/{name}.rs\"")), "{name}");
        let file = std::fs::read_to_string(root().join(format!("fuzz/targets/{name}.rs"))).unwrap();
        assert!(file.contains(&format!("target!(\"{name}\")")), "{name}");
        assert!(!seeds(name).is_empty(), "{name} has no seeds");
    }
}

#[test]
fn every_seed_keeps_the_promises_of_its_target() {
    for (name, entry) in entries::ALL {
        let seeds = seeds(name);
        // Of hundreds of files that are alike some are enough; the fuzzer tries all.
        let step = seeds.len().div_ceil(60);
        seeds.iter().step_by(step).for_each(|seed| entry(seed));
    }
}

/// A change to an input.
#[derive(Clone, Debug)]
enum Change {
    Byte(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Twice(Index, usize),
    /// What stands in another seed from there on.
    Other(Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        (at(), vec(any::<u8>(), 1..6)).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (at(), 1_usize..30).prop_map(|(at, count)| Change::Remove(at, count)),
        (at(), 1_usize..60).prop_map(|(at, count)| Change::Twice(at, count)),
        (at(), at()).prop_map(|(at, seed)| Change::Other(at, seed)),
    ]
}

fn changed(seeds: &[Vec<u8>], seed: &Index, changes: &[Change]) -> Vec<u8> {
    let mut input = seed.get(seeds).clone();
    for change in changes {
        let end = |at: usize, count: usize, input: &[u8]| (at + count).min(input.len());
        match change {
            Change::Byte(at, byte) if !input.is_empty() => {
                let at = at.index(input.len());
                input[at] = *byte;
            }
            Change::Byte(_, byte) => input.push(*byte),
            Change::Insert(at, bytes) => {
                let at = at.index(input.len() + 1);
                input.splice(at..at, bytes.iter().copied());
            }
            Change::Remove(at, count) => {
                let at = at.index(input.len() + 1);
                input.drain(at..end(at, *count, &input));
            }
            Change::Twice(at, count) => {
                let at = at.index(input.len() + 1);
                let again = input[at..end(at, *count, &input)].to_vec();
                input.splice(at..at, again);
            }
            Change::Other(at, other) => {
                let other = other.get(seeds);
                let from = at.index(input.len().min(other.len()) + 1);
                input.truncate(from);
                input.extend(&other[from..]);
            }
        }
    }
    input
}

/// The same cases at each run. `PROPTEST_CASES=100000` tries that many others, where no fuzzer can be built.
#[test]
fn changed_seeds_keep_the_promises_of_their_target() {
    let asked = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let by_default = asked.cases == 256;
    for (name, entry) in entries::ALL {
        // Whole lines are loaded there, and whole calls are made: the fuzzer has more time.
        let cases = if matches!(name, "engine" | "flows" | "scripts" | "directory") { 40 } else { 200 };
        let config = if by_default {
            ProptestConfig { cases, rng_seed: RngSeed::Fixed(18), ..asked.clone() }
        } else {
            asked.clone()
        };
        let seeds = seeds(name);
        let tried = TestRunner::new(config).run(&(any::<Index>(), vec(change(), 0..6)), |(seed, changes)| {
            entry(&changed(&seeds, &seed, &changes));
            Ok(())
        });
        tried.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}
