//! The program on a core of its own, with a bound on its memory; and what is seen of it from outside.

use std::{
    fs,
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use super::Plan;
use crate::common::{Running, free, settings};

/// The provider's id of a call.
pub(crate) fn sid(call: usize) -> String {
    format!("CA{call:032x}")
}

/// Keeps this process, and the threads that it will have, to one core.
pub(crate) fn pin_me(core: usize) {
    let me = std::process::id().to_string();
    let pinned = Command::new("taskset").args(["-cp", &core.to_string(), &me]).stdout(Stdio::null()).status();
    assert!(pinned.is_ok_and(|status| status.success()), "taskset can't keep the callers to core {core}");
}

pub(crate) struct Server {
    running: Running,
    pub(crate) address: SocketAddr,
    log: PathBuf,
}

impl Server {
    /// Starts it, and tells how long that took until it took a connection.
    pub(crate) fn start(journal: &str, plan: &Plan, folder: &Path) -> (Server, Duration) {
        let address = free();
        let log = folder.join(format!("log-{}", address.port()));
        // What it may write to; room for its threads' stacks is not counted.
        let bound = format!("--data={}", plan.megabytes << 20);
        let program = [env!("CARGO_BIN_EXE_allo-cmp"), "serve"];
        let began = Instant::now();
        let mut command = Command::new("taskset");
        command.args(["-c", &plan.server_core.to_string(), "prlimit", &bound]).args(program);
        let child = settings(&mut command, address, journal, &folder.join("spool"))
            .stdout(Stdio::null())
            .stderr(fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut server = Server { running: Running(child), address, log };
        while TcpStream::connect(address).is_err() {
            assert!(server.running.0.try_wait().unwrap().is_none(), "it did not start: {}", server.said());
            assert!(began.elapsed() < Duration::from_secs(20), "it does not answer: {}", server.said());
            std::thread::sleep(Duration::from_micros(500));
        }
        (server, began.elapsed())
    }

    fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Seconds of CPU so far.
    pub(crate) fn cpu(&self) -> f64 {
        self.running.cpu()
    }

    /// Megabytes that it holds now.
    pub(crate) fn memory(&self) -> f64 {
        self.of_memory("VmRSS")
    }

    /// Megabytes that it has held at most.
    pub(crate) fn peak_memory(&self) -> f64 {
        self.of_memory("VmHWM")
    }

    fn of_memory(&self, name: &str) -> f64 {
        self.running.memory(name).unwrap_or_else(|| panic!("it has ended: {}", self.said()))
    }

    /// Until what was recorded is stored, as far as its idleness shows it.
    pub(crate) fn settle(&self) {
        for _ in 0..120 {
            let before = self.cpu();
            std::thread::sleep(Duration::from_millis(500));
            if self.cpu() - before < 0.02 {
                return;
            }
        }
    }

    /// Asks it to end, and waits for that; gives its log.
    pub(crate) fn stop(mut self) -> String {
        let _ = Command::new("kill").args(["-TERM", &self.running.0.id().to_string()]).status();
        self.running.0.wait().unwrap();
        self.said()
    }
}

/// Bytes that a journal takes on the disk, where there is one.
pub(crate) fn stored(url: &str) -> Option<f64> {
    if let Some(file) = url.strip_prefix("sqlite:") {
        let size = |end: &str| fs::metadata(format!("{file}{end}")).map_or(0, |file| file.len());
        return Some((size("") + size("-wal")) as f64);
    }
    if url == "none" {
        return None;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        use sqlx::{Connection, PgConnection, Row};
        let mut link = PgConnection::connect(url).await.unwrap();
        let row = sqlx::query("SELECT pg_database_size(current_database())").fetch_one(&mut link).await.unwrap();
        Some(row.get::<i64, _>(0) as f64)
    })
}
