//! Every distinct document of the exhaustive walk can be written for each provider. `ALLO_CMP_DOCUMENTS=DIR` keeps them there,
//! for `tests/sdk`: a file `PROVIDER.jsonl` each, one document a line as a JSON string.

use std::{cell::RefCell, collections::BTreeSet, env, fs, path::Path, time::Instant};

use allo_cmp::{
    call::{E164, Verb},
    check::walk_and_see,
    provider::{
        Dialect, Envelope, RenderError, plivo::Plivo, signalwire::SignalWire, somleng::Somleng, telnyx, telnyx::Telnyx,
        twilio::Twilio,
    },
};

use crate::line::{AUTH_TOKEN, OURS, PUBLIC, SHIPPED};

/// What is said through one provider, its URLs the same in all.
struct Written {
    dialect: Box<dyn Dialect>,
    documents: BTreeSet<String>,
    /// Answers that ring only what this provider can't dial: the caller hears another one.
    unreachable: usize,
}

impl Written {
    /// Writes an answer; gives whether nothing like it was written before.
    fn see(&mut self, verbs: &[Verb], ours: &E164) -> bool {
        let base = [PUBLIC, "/", self.dialect.name()].concat();
        let [next, leg] = ["/voice?l=fr&s=TOKEN", "/leg?s=TOKEN"].map(|path| base.clone() + path);
        let envelope = Envelope { next: &next, leg: Some(&leg), caller_id: Some(ours), public_url: PUBLIC };
        match self.dialect.render(verbs, &envelope) {
            Ok(document) => self.documents.insert(document),
            Err(RenderError::Unreachable) => {
                self.unreachable += 1;
                true
            }
            Err(error) => panic!("{}: {error}: {verbs:?}", self.dialect.name()),
        }
    }
}

/// All of them, Twilio first.
fn dialects() -> Vec<Written> {
    let public_key = telnyx::public_key("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    let dialects: [Box<dyn Dialect>; 5] = [
        Box::new(Twilio::new(AUTH_TOKEN)),
        Box::new(Plivo::new(AUTH_TOKEN)),
        Box::new(SignalWire::new(AUTH_TOKEN)),
        Box::new(Somleng::new(AUTH_TOKEN)),
        Box::new(Telnyx::new(&public_key).unwrap()),
    ];
    dialects.map(|dialect| Written { dialect, documents: BTreeSet::new(), unreachable: 0 }).into()
}

#[test]
fn every_document_of_the_walk_can_be_written_for_each_provider() {
    let ours: E164 = OURS.parse().unwrap();
    let written = RefCell::new(dialects());
    let began = Instant::now();
    walk_and_see(SHIPPED.world.as_ref().unwrap(), &mut |verbs| {
        // Twilio's document says the most: where it is the same as before, so are the others.
        written.borrow_mut().iter_mut().all(|written| written.see(verbs, &ours));
    });
    // And what the shipped line has no use for, as whoever answers is asked.
    let mut more = crate::dialects::every_verb();
    for verb in &mut more {
        if let Verb::Dial(dial) = verb {
            dial.star_leaves = true;
        }
    }
    for written in written.borrow_mut().iter_mut() {
        written.see(&crate::dialects::every_verb(), &ours);
        written.see(&more, &ours);
    }
    println!("{:?}", began.elapsed());
    for Written { dialect, mut documents, unreachable } in written.into_inner() {
        let name = dialect.name();
        println!("{name}: {} documents, {unreachable} answers that ring nothing", documents.len());
        // As a floor: less than this means that the walk no longer comes to all places.
        assert!(documents.len() > 500, "{name}: {}", documents.len());
        documents.extend([None, Some(PUBLIC)].map(|next| dialect.last_resort(next)));
        documents.insert(dialect.nothing().to_owned());
        if let Some(folder) = env::var_os("ALLO_CMP_DOCUMENTS") {
            keep(Path::new(&folder), name, &documents);
        }
    }
}

fn keep(folder: &Path, name: &str, documents: &BTreeSet<String>) {
    fs::create_dir_all(folder).unwrap();
    let lines: String = documents.iter().map(|document| serde_json::to_string(document).unwrap() + "\n").collect();
    fs::write(folder.join(format!("{name}.jsonl")), lines).unwrap();
}
