//! The line under systemd: its units, a socket that is passed, what the manager is told, and a restart under load.

mod load;
mod manager;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Duration,
};

use allo_cmp::config::Settings;
use tokio::time::sleep;

use self::manager::{Manager, shell};
use crate::line::{raw, small, write_line};

const UNITS: [&str; 2] = ["allo-cmp.service", "allo-cmp.socket"];
const HEALTHZ: &str = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

fn unit(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/systemd").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What a unit says of `key`, the last time that it does.
fn said<'a>(unit: &'a str, key: &str) -> &'a str {
    let mut lines = unit.lines().rev().filter_map(|line| line.split_once('='));
    lines.find_map(|(name, value)| (name == key).then_some(value)).unwrap_or_else(|| panic!("no {key}="))
}

fn seconds(unit: &str, key: &str) -> u64 {
    said(unit, key).parse().unwrap()
}

/// What the service sets in the environment of the program.
fn environment() -> Vec<(String, String)> {
    let unit = unit("allo-cmp.service");
    let set = unit.lines().filter_map(|line| line.strip_prefix("Environment=")?.split_once('='));
    set.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Both units in a folder, with a program that is there, and one more change.
fn laid_out(from: &str, to: &str) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let mut changed = from.is_empty();
    let paths = UNITS.map(|name| {
        let text = unit(name).replace("/usr/bin/allo-cmp", env!("CARGO_BIN_EXE_allo-cmp"));
        changed |= text.contains(from);
        let path = folder.path().join(name);
        fs::write(&path, if from.is_empty() { text } else { text.replace(from, to) }).unwrap();
        path
    });
    assert!(changed, "no unit holds {from:?}");
    (folder, paths.into())
}

/// `systemd-analyze`, where it is.
fn analyze(args: &[&str], units: &[PathBuf]) -> Option<Output> {
    match Command::new("systemd-analyze").args(args).args(units).env("SYSTEMD_COLORS", "0").output() {
        Ok(output) => Some(output),
        Err(_) => {
            println!("systemd-analyze is not here: the units are not judged");
            None
        }
    }
}

fn words(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat()
}

#[test]
fn the_units_say_nothing_that_systemd_does_not_understand() {
    let (_folder, units) = laid_out("", "");
    let Some(output) = analyze(&["verify", "--man=no"], &units) else { return };
    // What it says of units that are not ours, on whatever machine this is, is not ours either.
    let about_us = |output: &Output| words(output).lines().filter(|line| line.contains("allo-cmp")).count();
    assert_eq!(about_us(&output), 0, "{}", words(&output));
    for (from, to) in [("ListenStream=127", "ListenStream=nowhere:127"), ("RestartSec=", "RestartSecs=")] {
        let (_folder, units) = laid_out(from, to);
        let output = analyze(&["verify", "--man=no"], &units).unwrap();
        assert!(about_us(&output) > 0, "{from}: {}", words(&output));
    }
}

#[test]
fn the_service_is_exposed_to_2_0_at_most() {
    let judged = |from: &str, to: &str| {
        let (_folder, units) = laid_out(from, to);
        analyze(&["security", "--offline=true", "--threshold=20", "--no-pager"], &units[..1])
    };
    let Some(output) = judged("", "") else { return };
    let verdict = words(&output).lines().last().unwrap_or_default().to_owned();
    println!("{verdict}");
    assert!(output.status.success(), "{}", words(&output));
    let open = judged("=true", "=false").unwrap();
    assert!(!open.status.success(), "{}", words(&open));
}

#[test]
fn the_units_fit_each_other_and_the_program() {
    let (service, socket) = (unit("allo-cmp.service"), unit("allo-cmp.socket"));
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.toml");
    fs::write(&empty, "").unwrap();
    let settings = Settings::load(Some(&empty), environment().into_iter()).unwrap();
    assert_eq!(said(&socket, "ListenStream"), Settings::default().server.listen.to_string());
    assert_eq!(said(&socket, "FileDescriptorName"), "providers");
    assert!(!socket.contains("\nAccept=") && !socket.contains("\nPartOf="), "a restart would close it");

    // A proxy forgets an idle connection after 5 s.
    let (linger, grace) = (u64::from(settings.server.linger_seconds), u64::from(settings.server.grace_seconds));
    assert!(linger >= 5 + 2, "{linger}");
    assert!(seconds(&service, "TimeoutStopSec") >= linger + grace + 1 + 1 + 4);
    assert!(!service.lines().any(|line| line.starts_with("DynamicUser=")));
    for (key, value) in [
        ("ExecStart", "/usr/bin/allo-cmp --config /etc/allo-cmp/allo-cmp.toml serve"),
        ("Type", "notify"),
        ("Requires", "allo-cmp.socket"),
        ("User", "allo-cmp"),
        ("StateDirectory", "allo-cmp"),
        ("StateDirectoryMode", "0700"),
        ("WorkingDirectory", "/var/lib/allo-cmp"),
        ("LimitCORE", "0"),
    ] {
        assert_eq!(said(&service, key), value, "{key}");
    }
}

#[tokio::test]
async fn a_socket_that_is_passed_is_served_and_the_manager_is_told_how_it_goes() {
    let manager = Manager::new();
    let (flows, scripts) = small(&[], &[]);
    write_line(manager.folder.path(), &flows, &scripts);
    // Bound, it would be an error.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let set = [("ALLO_CMP__SERVER__LISTEN", taken.as_str()), ("WATCHDOG_USEC", "200000")];
    let mut program = manager.start("providers", &set, &["--flows", "flows", "--scripts", "scripts"]);
    let open = manager.waits_for("READY=1").await;
    assert!(open.contains(&format!("STATUS=the line is open on {} for twilio", manager.address)), "{open}");
    assert!(manager.log().contains("server.listen is not listened on"), "{}", manager.log());
    assert_eq!(raw(manager.address, HEALTHZ).await.0, 200);

    program.signal("-HUP");
    let reloading = manager.waits_for("RELOADING=1").await;
    let micros = reloading.lines().find_map(|line| line.strip_prefix("MONOTONIC_USEC="));
    assert!(micros.is_some_and(|micros| micros.parse::<u64>().unwrap() > 0), "{reloading}");
    let ready = manager.waits_for("READY=1").await;
    assert!(ready.contains("the flows and scripts that were just read"), "{ready}\n{}", manager.log());
    fs::write(manager.folder.path().join("flows/small.yaml"), "nothing: {}\n").unwrap();
    program.signal("-HUP");
    manager.waits_for("RELOADING=1").await;
    let ready = manager.waits_for("READY=1").await;
    assert!(ready.contains("were refused"), "{ready}");
    assert_eq!(raw(manager.address, HEALTHZ).await.0, 200);

    // Each 100 ms, as long as it runs.
    manager.waits_for("WATCHDOG=1").await;
    manager.waits_for("WATCHDOG=1").await;
    program.signal("-STOP");
    sleep(Duration::from_millis(100)).await;
    manager.counts("WATCHDOG=1", Duration::from_millis(10)).await;
    assert_eq!(manager.counts("WATCHDOG=1", Duration::from_millis(600)).await, 0);
    program.signal("-CONT");
    manager.waits_for("WATCHDOG=1").await;

    program.signal("-TERM");
    let stopping = manager.waits_for("STOPPING=1").await;
    assert!(stopping.contains("STATUS=closing"), "{stopping}");
    assert_eq!(program.ended().await.code(), Some(0), "{}", manager.log());
}

#[tokio::test]
async fn who_connects_while_no_program_runs_is_answered_by_the_next() {
    let manager = Manager::new();
    let address = manager.address;
    let early = tokio::spawn(async move { raw(address, HEALTHZ).await });
    sleep(Duration::from_millis(200)).await;
    assert!(!early.is_finished());
    // One socket needs no name of ours, and nobody watches this one.
    let _program = manager.start("allo-cmp.socket", &[], &[]);
    assert_eq!(early.await.unwrap().0, 200);
    manager.waits_for("READY=1").await;
    assert_eq!(manager.counts("WATCHDOG", Duration::from_millis(300)).await, 0);
}

#[tokio::test]
async fn sockets_that_can_not_be_served_are_refused_with_what_the_unit_must_hold() {
    let manager = Manager::new();
    for name in ["web", "providers:providers", "a:b"] {
        let status = manager.start(name, &[], &[]).ended().await;
        assert_eq!(status.code(), Some(1), "{name}: {}", manager.log());
    }
    let folder = tempfile::tempdir().unwrap();
    // No socket at all; a descriptor that is not there.
    for line in [
        "LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\" \"$@\" 3</dev/null",
        "LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\" \"$@\" 3<&-",
    ] {
        let status = shell(folder.path(), line, &[]).env("LISTEN_FDNAMES", "providers").status().unwrap();
        assert_eq!(status.code(), Some(1), "{line}");
    }
    for (log, times) in [(manager.log(), 3), (fs::read_to_string(folder.path().join("log")).unwrap(), 2)] {
        assert_eq!(log.matches("sockets that were passed").count(), times, "{log}");
        assert_eq!(log.matches("FileDescriptorName=providers").count(), times, "{log}");
    }
    // Meant for another process: not ours.
    let mut other = shell(folder.path(), "LISTEN_FDS=1 LISTEN_PID=1 exec \"$0\" \"$@\"", &[]);
    let mut other = manager::Started(other.env("ALLO_CMP__SERVER__LISTEN", "127.0.0.1:0").spawn().unwrap());
    for _ in 0..1000 {
        if fs::read_to_string(folder.path().join("log")).unwrap().contains("the line is open") {
            return;
        }
        assert!(other.0.try_wait().unwrap().is_none());
        sleep(Duration::from_millis(20)).await;
    }
    panic!("it did not open the line");
}
