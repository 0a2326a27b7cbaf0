//! The program on a core of its own, with a bound on its memory; and what is seen of it from outside.

use std::{
    fs,
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::Plan;

pub(crate) const AUTH_TOKEN: &str = "a token of thirty-two characters";
pub(crate) const PUBLIC_URL: &str = "https://line.example.org";
pub(crate) const CALLER: &str = "+33639981234";
pub(crate) const OURS: &str = "+33199001234";

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
    child: Child,
    pub(crate) address: SocketAddr,
    log: PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Server {
    /// Starts it, and tells how long that took until it took a connection.
    pub(crate) fn start(journal: &str, plan: &Plan, folder: &Path) -> (Server, Duration) {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let log = folder.join(format!("log-{}", address.port()));
        // What it may write to; room for its threads' stacks is not counted.
        let bound = format!("--data={}", plan.megabytes << 20);
        let began = Instant::now();
        let child = Command::new("taskset")
            .args(["-c", &plan.server_core.to_string(), "prlimit", &bound, env!("CARGO_BIN_EXE_allo-cmp"), "serve"])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("RUST_LOG", "warn")
            .env("ALLO_CMP__SERVER__LISTEN", address.to_string())
            .env("ALLO_CMP__SERVER__PUBLIC_URL", PUBLIC_URL)
            .env("ALLO_CMP__SERVER__SECRET", "a secret of at least thirty-two characters")
            .env("ALLO_CMP__ADMIN__LISTEN", format!("127.0.0.1:{}", free_port()))
            .env("ALLO_CMP__PROVIDERS__TWILIO__AUTH_TOKEN", AUTH_TOKEN)
            .env("ALLO_CMP__JOURNAL__URL", journal)
            .env("ALLO_CMP__JOURNAL__SPOOL_PATH", folder.join("spool"))
            // Whole answers for all of them.
            .env("ALLO_CMP__LIMITS__NEW_CALLS_PER_CALLER", "0")
            .env("ALLO_CMP__LIMITS__NEW_CALLS_PER_MINUTE", "0")
            .stdout(Stdio::null())
            .stderr(fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut server = Server { child, address, log };
        while TcpStream::connect(address).is_err() {
            assert!(server.child.try_wait().unwrap().is_none(), "it did not start: {}", server.said());
            assert!(began.elapsed() < Duration::from_secs(20), "it does not answer: {}", server.said());
            std::thread::sleep(Duration::from_micros(500));
        }
        (server, began.elapsed())
    }

    fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Seconds of CPU so far. The kernel counts in ticks of 10 ms.
    pub(crate) fn cpu(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
    }

    /// Megabytes that it holds now.
    pub(crate) fn memory(&self) -> f64 {
        self.status("VmRSS")
    }

    /// Megabytes that it has held at most.
    pub(crate) fn peak_memory(&self) -> f64 {
        self.status("VmHWM")
    }

    fn status(&self, name: &str) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap_or_else(|_| panic!("it has ended: {}", self.said()));
        let line = status.lines().find(|line| line.starts_with(name));
        let line = line.unwrap_or_else(|| panic!("it has ended: {}", self.said()));
        line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
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
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        self.child.wait().unwrap();
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
