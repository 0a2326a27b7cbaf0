//! Lines for scenarios: a folder of `tests/lines` is laid over the shipped line, and other calls or the operator may have
//! changed what stands on its board.
//!
//! Of a flow file with a shipped name, each entry at the margin takes the place of the shipped one of that name; others, and
//! other files, are added. Scripts (`scripts/fr/...`) are replaced or added whole.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use allo_cmp::{
    call::{Address, CENTRE_LINES, CallKey, DialOutcome, EffectId, Finess, LineId, Outcome},
    directory,
    engine::{Loaded, Settings, World},
    files::Files,
    lines::{
        Known, Telephone,
        board::Board,
        health::FAILURES,
        occupancy::{Claim, lease_until},
        pauses::Pause,
    },
};

/// A line that scenarios call.
pub(crate) struct Overlaid {
    pub(crate) world: Arc<World>,
    loaded: Loaded,
}

impl Overlaid {
    /// The shipped line, with the folder `name` of `tests/lines` laid over it.
    pub(crate) fn read(name: Option<&str>, directory: Option<Arc<directory::Directory>>) -> Overlaid {
        let (flows, scripts) = files(name);
        let mut loaded = Loaded::new(&flows, &scripts, &Settings { directory, ..Settings::default() });
        let found: Vec<String> = loaded.diagnostics.iter().map(|found| found.render(false)).collect();
        let world = loaded.world.take().unwrap_or_else(|| panic!("the line {name:?}:\n{}", found.join("\n")));
        Overlaid { world: Arc::new(world), loaded }
    }

    /// The telephones that a name stands for: of a line, of a person (`group/person`), of everybody in a group.
    fn telephones(&self, name: &str) -> Vec<Telephone> {
        if let Some(finess) = name.strip_prefix(CENTRE_LINES) {
            let finess: Finess = finess.parse().unwrap();
            let centre = self.world.directory.as_ref().unwrap().centre(finess).unwrap();
            return vec![Telephone {
                line: finess.line(),
                counted: finess.line(),
                name: name.to_owned(),
                address: Address::Number(centre.telephone.clone().unwrap()),
                speaks: Vec::new(),
                capacity: None,
                hours: None,
            }];
        }
        let Some(lines) = &self.loaded.lines else { return Vec::new() };
        let responders = self.loaded.responders.as_ref();
        let known = Known { lines, responders, minute: 0, dials_short: false };
        let (first, whole) = (name.split('/').next().unwrap_or(name), !name.contains('/'));
        let all = known.of(first).into_iter().flat_map(|attempt| attempt.telephones);
        all.filter(|telephone| whole || telephone.name == name).collect()
    }

    /// Their numbers.
    pub(crate) fn numbers(&self, name: &str) -> Vec<String> {
        let number = |telephone: Telephone| match telephone.address {
            Address::Number(number) => number.as_str().to_owned(),
            Address::Sip(address) | Address::Short(address) => address,
        };
        self.telephones(name).into_iter().map(number).collect()
    }

    fn each(&self, names: &[String]) -> Vec<Telephone> {
        let of = |name: &String| {
            let found = self.telephones(name);
            assert!(!found.is_empty(), "nobody is called {name}");
            found
        };
        names.iter().flat_map(of).collect()
    }

    /// The telephones on which a call holds a place, but for those of `full`.
    pub(crate) fn held(&self, board: &Board, full: &[String]) -> Vec<String> {
        let lines = self.loaded.lines.iter().flat_map(|lines| lines.lines.value.keys().map(|name| name.to_string()));
        let groups = self.loaded.responders.iter().flat_map(|own| &own.groups.value).map(|(name, _)| name.to_string());
        let all = lines.chain(groups).flat_map(|name| self.telephones(&name)).map(|telephone| telephone.name);
        let full: Vec<String> = self.each(full).into_iter().map(|telephone| telephone.name).collect();
        all.filter(|name| !full.contains(name) && board.occupancy.held(LineId::of(name)) > 0).collect()
    }

    /// A board on which these telephones have no place left, are paused, or rest, from `minute` on.
    pub(crate) fn board(&self, full: &[String], paused: &[String], resting: &[String], minute: u32) -> Board {
        let board = Board::default();
        for telephone in self.each(full) {
            let capacity = telephone.capacity.unwrap_or_else(|| panic!("{} has no capacity", telephone.name));
            for other in 0..capacity {
                let id = format!("{} {other}", telephone.name);
                let mut effect = [0; 16];
                effect[..8].copy_from_slice(&telephone.counted.0.to_be_bytes());
                effect[8..12].copy_from_slice(&other.to_be_bytes());
                let claim = Claim {
                    line: telephone.counted,
                    name: telephone.line,
                    capacity: telephone.capacity,
                    effect: EffectId(effect),
                    call: CallKey::of(Some(&id)),
                    turn: 0,
                    lease_until: lease_until(minute, 25),
                    force: false,
                };
                assert_eq!(board.reserve(&claim, minute), Outcome::Reserved);
            }
        }
        let names: Vec<String> = self.each(paused).into_iter().map(|telephone| telephone.name).collect();
        board.pauses.pause(&names, &Pause { until: minute + 24 * 60, reason: None }, minute).unwrap();
        for telephone in self.each(resting) {
            for _ in 0..FAILURES {
                board.health.ended(telephone.counted, &CallKey::of(Some("before")), DialOutcome::Failed, minute);
            }
        }
        board
    }
}

/// A small directory of fiction: `ready`, `stale`, or none. Its list is of a month before the calls of scenarios, or of a year.
pub(crate) fn centres(standing: &str) -> Option<Arc<directory::Directory>> {
    let table = match standing {
        "none" => return None,
        "ready" => "table.tsv",
        "stale" => "old.tsv",
        other => panic!("`directory: {other}` is neither none, ready nor stale"),
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/directory");
    let loaded = directory::Loaded::read(&folder.join(table), Some(&folder.join("corrections.yaml"))).unwrap();
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
    Some(Arc::new(directory::Directory::new(loaded).good_for(180)))
}

/// The flows and the scripts of a line.
pub(crate) fn files(name: Option<&str>) -> (Files, Files) {
    let mut flows = texts(&Files::embedded_flows());
    let mut scripts = texts(&Files::embedded_scripts());
    if let Some(name) = name {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lines").join(name);
        assert!(folder.is_dir(), "there is no line {name} in tests/lines");
        for (file, text) in texts(&Files::folder(&folder)) {
            match file.strip_prefix("scripts/") {
                Some(script) => drop(scripts.insert(script.to_owned(), text)),
                None => {
                    let shipped = flows.remove(&file).unwrap_or_default();
                    flows.insert(file, laid_over(&shipped, &text));
                }
            }
        }
    }
    (made(&flows), made(&scripts))
}

fn texts(files: &Files) -> BTreeMap<String, String> {
    files.files.iter().map(|file| (file.name.clone(), file.source.text.clone())).collect()
}

fn made(texts: &BTreeMap<String, String>) -> Files {
    Files::from_texts(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())))
}

/// `lower` with the entries of `upper` instead of those of the same name, and behind them the others.
fn laid_over(lower: &str, upper: &str) -> String {
    let upper = entries(upper);
    let stays = |name: &str| name.is_empty() || !upper.iter().any(|(other, _)| other == name);
    let kept = entries(lower).into_iter().filter(|(name, _)| stays(name)).map(|(_, text)| text);
    kept.chain(upper.iter().map(|(_, text)| text.clone())).collect()
}

/// The entries at the margin of a file, each with its name; what stands before the first has none.
fn entries(text: &str) -> Vec<(String, String)> {
    let mut entries = vec![(String::new(), String::new())];
    for line in text.lines() {
        let begins = line.starts_with(|c: char| c.is_ascii_lowercase());
        if let Some((name, _)) = line.split_once(':').filter(|_| begins) {
            entries.push((name.to_owned(), String::new()));
        }
        if let Some((_, entry)) = entries.last_mut() {
            entry.push_str(line);
            entry.push('\n');
        }
    }
    entries
}

#[test]
fn entries_of_the_same_name_are_replaced_and_others_added() {
    let lower = "# head\na: 1\nb:\n  # inner\n  c: 2\nd: 3\n";
    assert_eq!(laid_over(lower, "b: 4\ne: 5\n"), "# head\na: 1\nd: 3\nb: 4\ne: 5\n");
    assert_eq!(laid_over("", "x: 1"), "x: 1\n");
}

/// What an operator would be told of the lines of scenarios.
#[test]
fn nothing_is_wrong_with_the_lines_of_scenarios() {
    let all = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lines")).unwrap().map(Result::unwrap);
    for folder in all.filter(|entry| entry.path().is_dir()) {
        let name = folder.file_name().into_string().unwrap();
        let (flows, scripts) = files(Some(&name));
        let found = Loaded::new(&flows, &scripts, &Settings::default()).diagnostics;
        let found: Vec<String> = found.iter().map(|found| found.render(false)).collect();
        assert!(found.is_empty(), "{name}: {}", found.join("\n"));
    }
}
