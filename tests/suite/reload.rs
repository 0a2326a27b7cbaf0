//! The real program reads its flows and scripts again while calls go on: nobody is lost, and a key means what was spoken.

use std::{
    ffi::OsString,
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use allo_cmp::{
    files::Files,
    phone::{Call, HttpTransport, check_document},
};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::{
    line::{caller, play, raw, said, signed_post, small, write_line},
    program::Program,
};

const CHANGED: &str = "fr: Les choix ont changé";
const SORRY: &str = "fr: Excusez-nous";
const MENU: &str = "Menu principal";
const CENTRE: &str = "fr: Trouver votre centre";
const FIND: &str = "Pour trouver un centre C-M-P, appuyez sur la touche ";
const LISTENER: &str = "fr: Nous appelons";

/// Calls at once, besides those whose place changes.
const LOAD: usize = 24;

/// The shipped line in folders of its own, and the program that serves it.
struct Served {
    folder: TempDir,
    program: Program,
}

impl Served {
    async fn start() -> Served {
        let (folder, args) = Served::folders(&Files::embedded_flows(), &Files::embedded_scripts());
        let program = Program::start_with(&args.each_ref().map(AsRef::as_ref), None, "info").await;
        Served { folder, program }
    }

    /// The folders, and the arguments that name them.
    fn folders(flows: &Files, scripts: &Files) -> (TempDir, [OsString; 4]) {
        let folder = tempfile::tempdir().unwrap();
        write_line(folder.path(), flows, scripts);
        let [flows, scripts] = ["flows", "scripts"].map(|name| folder.path().join(name));
        (folder, ["--flows".into(), flows.into(), "--scripts".into(), scripts.into()])
    }

    /// Exchanges words in a file, as an operator does.
    fn edit(&self, file: &str, from: &str, to: &str) {
        let path: &Path = &self.folder.path().join(file);
        let text = fs::read_to_string(path).unwrap();
        assert!(text.contains(from), "{file} no longer holds {from:?}");
        fs::write(path, text.replace(from, to)).unwrap();
    }

    /// Caller number `n`, who has pressed `keys`, and what they last heard.
    async fn after(&self, n: usize, keys: &str) -> Caller {
        let mut caller = Caller(caller(self.program.address, n));
        caller.0.start().await.unwrap();
        caller.heard();
        caller.press(keys).await;
        caller
    }
}

/// Somebody whose every answer is looked at.
struct Caller(Call<HttpTransport>);

impl Caller {
    /// Presses keys (see [`play`]): what is said after the last one.
    async fn press(&mut self, keys: &str) -> String {
        for key in keys.chars() {
            play(&mut self.0, key.encode_utf8(&mut [0; 4])).await;
            self.heard();
        }
        self.heard()
    }

    /// The last words, in a document that a provider performs.
    fn heard(&self) -> String {
        let document = self.0.last_document().unwrap();
        assert_eq!(check_document(document.as_bytes()), Ok(()), "{document}");
        said(document)
    }
}

/// The key that was spoken for "to find a centre".
fn key_to_find(words: &str) -> &str {
    let at = words.find(FIND).unwrap_or_else(|| panic!("no way to a centre: {words}")) + FIND.len();
    &words[at..=at]
}

/// Calls until it is told to stop: through documents to the main menu, where the key that was spoken must do what was
/// said, or the menu is read again. Counts what happened.
async fn calls(address: std::net::SocketAddr, n: usize, stop: Arc<AtomicBool>, ended: Arc<AtomicUsize>) {
    while !stop.load(Ordering::Relaxed) {
        let mut call = Caller(caller(address, n));
        call.0.start().await.unwrap();
        for keys in ["1", "213_", "0", "7*", "20", "#9", "0"] {
            call.press(keys).await;
        }
        let mut words = call.heard();
        for _ in 0..3 {
            if words.contains(FIND) && words.contains(MENU) {
                words = call.press(key_to_find(&words)).await;
                if words.starts_with(CENTRE) {
                    break;
                }
                assert!(words.starts_with(CHANGED) && words.contains(MENU), "a key meant something else: {words}");
            } else {
                // Key 0 in a main menu is help.
                words = call.press("0").await;
            }
        }
        assert!(words.starts_with(CENTRE), "{words}");
        assert!(call.press("91").await.starts_with(LISTENER));
        call.press("_c4_").await;
        ended.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_go_on_while_the_line_is_changed_and_a_broken_one_is_refused() {
    let served = Served::start().await;
    let program = &served.program;
    let (stop, ended) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut load = JoinSet::new();
    for n in 0..LOAD {
        load.spawn(calls(program.address, 100 + n, stop.clone(), ended.clone()));
    }

    // Those whose place is about to change: what they press then, and what they hear.
    let mut menus = Vec::new();
    for (n, key) in ["1", "2", "3", "4", "5", "7", "8", "*", "#"].into_iter().enumerate() {
        menus.push((served.after(n, "1").await, key));
    }
    let mut in_part = Vec::new();
    for (n, key) in ["_", "1", "2", "*", "7"].into_iter().enumerate() {
        let caller = served.after(20 + n, "1211").await;
        assert!(caller.heard().contains("carte verte"), "{}", caller.heard());
        in_part.push((caller, key));
    }
    let mut away = served.after(30, "12119").await;
    let mut elsewhere = served.after(31, "12111").await;
    let mut gone = Vec::new();
    for (n, key) in ["1", "_", "*", "#", "0"].into_iter().enumerate() {
        gone.push((served.after(40 + n, "101").await, key));
    }
    let mut urgent = [served.after(50, "1").await, served.after(51, "1211").await, served.after(52, "101").await];

    served.edit(
        "flows/main.yaml",
        "1: { say: main/key-find, go: find_cmp }",
        "1: { say: main/key-access, go: access_menu }",
    );
    served.edit(
        "flows/main.yaml",
        "2: { say: main/key-access, go: access_menu }\n      3",
        "2: { say: main/key-find, go: find_cmp }\n      3",
    );
    served.edit("flows/access.yaml", "      - documents/carte-vitale\n", "");
    served.edit("flows/main.yaml", "      1: { say: help/key-keys, go: help_keys }\n", "");
    for (key, name) in [("2", "numbers"), ("3", "privacy"), ("4", "about")] {
        let before = (key.as_bytes()[0] - 1) as char;
        served.edit(
            "flows/main.yaml",
            &format!("{key}: {{ say: help/key-{name}"),
            &format!("{before}: {{ say: help/key-{name}"),
        );
    }
    served.edit(
        "flows/main.yaml",
        "help_keys:\n  say:\n    scripts: [help/keys]\n    then: help_menu\n    back: help_menu\n",
        "",
    );
    served.edit("flows/goals.yaml", "  useful_keys: { at: help/keys, keys: 2 }\n", "");
    assert_eq!(program.count("reloads").await, 0);
    program.reload();
    program.counted("reloads", 1).await;

    // A key means what was spoken: these are spoken anew, and then obeyed.
    for (caller, key) in &mut menus {
        let words = caller.press(key).await;
        assert!(words.starts_with(CHANGED) && words.contains(MENU), "{key}: {words}");
        assert_eq!(key_to_find(&words), "2");
        let words = caller.press("2").await;
        assert!(words.starts_with(CENTRE), "{key}: {words}");
    }
    // The part that was removed: the document from its beginning.
    for (caller, key) in &mut in_part {
        let words = caller.press(key).await;
        assert!(words.contains("Les documents à apporter") && words.contains("6 parties"), "{key}: {words}");
        assert!(!words.contains("Excusez") && !words.contains("carte verte"), "{key}: {words}");
    }
    let words = away.press("#").await;
    assert!(words.contains("Les documents à apporter"), "{words}");
    // Whoever listens to another part goes on.
    let words = elsewhere.press("_").await;
    assert!(words.contains("titre de séjour") && !words.contains("Les documents à apporter"), "{words}");
    // A place that is gone: an apology and the main menu.
    for (caller, key) in &mut gone {
        let words = caller.press(key).await;
        assert!(words.starts_with(SORRY) && words.contains(MENU), "{key}: {words}");
    }
    for caller in &mut urgent {
        let words = caller.press("9").await;
        assert!(words.starts_with("fr: Une vie en danger"), "{words}");
    }

    // A broken file: refused, and drawn for whoever reads the log. The line keeps serving.
    served.edit("flows/main.yaml", "go: find_cmp }", "go: find_cpm }");
    program.reload();
    program.counted("reloads_refused", 1).await;
    let log = program.log();
    for expected in ["flows/main.yaml:9:36", "no node is called `find_cpm`", "did you mean `find_cmp`?", "keep serving"]
    {
        assert!(log.contains(expected), "{expected}: {log}");
    }
    let mut after = served.after(60, "1").await;
    assert_eq!(key_to_find(&after.heard()), "2");
    let words = after.press("2").await;
    assert!(words.starts_with(CENTRE), "{words}");

    let before = ended.load(Ordering::Relaxed);
    while ended.load(Ordering::Relaxed) < before + LOAD {
        assert!(!load.is_empty());
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        if let Some(ended) = load.try_join_next() {
            ended.unwrap();
        }
    }
    stop.store(true, Ordering::Relaxed);
    while let Some(ended) = load.join_next().await {
        ended.unwrap();
    }
    for (name, count) in [("reloads", 1), ("reloads_refused", 1), ("failures_answered", 0), ("panics_caught", 0)] {
        assert_eq!(program.count(name).await, count, "{name}: {}", program.log());
    }
}

/// A full disk, or a collector of logs that has gone: no reason to leave callers alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_cannot_be_written_stops_neither_calls_nor_reloads() {
    let (flows, scripts) = small(&[], &[]);
    let (folder, args) = Served::folders(&flows, &scripts);
    let program = Program::start_with_a_lost_log(&args.each_ref().map(AsRef::as_ref));
    let mut served = Served { folder, program };
    let unsigned = "POST /twilio/voice HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(raw(served.program.address, unsigned).await.0, 403);
    served.edit("flows/small.yaml", "go: about }", "go: abuot }");
    served.program.reload();
    served.program.counted("reloads_refused", 1).await;
    served.edit("flows/small.yaml", "go: abuot }", "go: about }");
    served.program.reload();
    served.program.counted("reloads", 1).await;
    assert!(served.after(1, "1").await.heard().contains(MENU));
    served.program.terminate();
    assert!(served.program.ended().await.success());
}

/// A collector of logs that hangs, a terminal that is held: a log that is not read fills its pipe, and whoever writes more waits.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_no_longer_read_stops_neither_calls_nor_the_end() {
    let (flows, scripts) = small(&[], &[]);
    let (folder, args) = Served::folders(&flows, &scripts);
    let (program, reader) = Program::start_with_a_held_log(&args.each_ref().map(AsRef::as_ref));
    let mut served = Served { folder, program };
    // Each is answered with an apology, which the log tells: more than a pipe holds.
    let no_form = signed_post("/twilio/voice?l=fr", Some("text/plain"), b"x");
    for _ in 0..1000 {
        assert_eq!(raw(served.program.address, &no_form).await.0, 200);
    }
    served.program.counted("failures_answered", 1000).await;
    assert!(served.after(1, "1").await.heard().contains(MENU));
    served.program.terminate();
    assert!(served.program.ended().await.success());
    drop(reader);
}
