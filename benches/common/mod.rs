//! What the benches of a running program share: its settings, what the system tells of it, and answers as they are read.

#![allow(dead_code, reason = "each bench takes what it needs")]

use std::{
    fs,
    io::BufRead,
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command},
};

pub(crate) const AUTH_TOKEN: &str = "a token of thirty-two characters";
pub(crate) const PUBLIC_URL: &str = "https://line.example.org";
pub(crate) const CALLER: &str = "+33639981234";
pub(crate) const OURS: &str = "+33199001234";

/// A free address of this machine.
pub(crate) fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// The settings of a server at `address` with this journal, and no others.
pub(crate) fn settings<'c>(
    command: &'c mut Command,
    address: SocketAddr,
    journal: &str,
    spool: &Path,
) -> &'c mut Command {
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("RUST_LOG", "warn")
        .env("ALLO_CMP__SERVER__LISTEN", address.to_string())
        .env("ALLO_CMP__SERVER__PUBLIC_URL", PUBLIC_URL)
        .env("ALLO_CMP__SERVER__SECRET", "a secret of at least thirty-two characters")
        .env("ALLO_CMP__ADMIN__LISTEN", free().to_string())
        .env("ALLO_CMP__PROVIDERS__TWILIO__AUTH_TOKEN", AUTH_TOKEN)
        .env("ALLO_CMP__JOURNAL__URL", journal)
        .env("ALLO_CMP__JOURNAL__SPOOL_PATH", spool)
        // Whole answers for all of them.
        .env("ALLO_CMP__LIMITS__NEW_CALLS_PER_CALLER", "0")
        .env("ALLO_CMP__LIMITS__NEW_CALLS_PER_MINUTE", "0")
}

/// A process that ends with the bench.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    /// Seconds of CPU so far. The kernel counts in ticks of 10 ms.
    pub(crate) fn cpu(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
    }

    /// Megabytes that it holds now (`VmRSS`), or has held at most (`VmHWM`); nothing where it has ended.
    pub(crate) fn memory(&self, name: &str) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with(name))?;
        Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
    }
}

/// The first line of an answer, and its body.
pub(crate) fn answer(reader: &mut impl BufRead) -> (String, String) {
    let (mut length, mut first, mut line) = (0, String::new(), String::new());
    loop {
        line.clear();
        reader.read_line(&mut line).unwrap();
        if first.is_empty() {
            first.clone_from(&line);
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    (first, String::from_utf8(body).unwrap())
}
