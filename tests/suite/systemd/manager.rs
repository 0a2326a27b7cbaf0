//! What systemd does for the program, in so far as the program sees it: a socket that it holds, the descriptors that it passes, the
//! words that it hears. Without `unsafe`: a shell moves the descriptor.

use std::{
    fs::File,
    net::{SocketAddr, TcpListener},
    os::fd::OwnedFd,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;
use tokio::{
    net::UnixDatagram,
    time::{sleep, timeout},
};

use crate::line::{AUTH_TOKEN, PUBLIC, SECRET};

/// Far above what anything takes on a busy machine.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// Puts its standard input where the first passed descriptor belongs, says that it is for the process that it becomes.
const PASS: &str = "LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\" \"$@\" 3<&0 </dev/null";

/// A socket that outlives the programs that it is passed to, and an ear.
pub(super) struct Manager {
    pub(super) folder: TempDir,
    socket: TcpListener,
    pub(super) address: SocketAddr,
    ear: UnixDatagram,
}

/// A program that it started. Killed when it is dropped.
pub(super) struct Started(pub(super) Child);

impl Manager {
    pub(super) fn new() -> Manager {
        let folder = tempfile::tempdir().unwrap();
        let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
        socket.listen(4096).unwrap();
        let socket = TcpListener::from(socket);
        let address = socket.local_addr().unwrap();
        let ear = UnixDatagram::bind(folder.path().join("notify")).unwrap();
        Manager { folder, socket, address, ear }
    }

    /// Starts the program with the socket, under the name `name`.
    pub(super) fn start(&self, name: &str, set: &[(&str, &str)], args: &[&str]) -> Started {
        let socket = OwnedFd::from(self.socket.try_clone().unwrap());
        let mut command = shell(self.folder.path(), PASS, args);
        command.env("LISTEN_FDNAMES", name).env("NOTIFY_SOCKET", self.folder.path().join("notify"));
        Started(command.envs(set.iter().copied()).stdin(Stdio::from(socket)).spawn().unwrap())
    }

    /// The next words.
    pub(super) async fn hears(&self) -> String {
        let mut bytes = [0; 4096];
        let heard = timeout(PATIENCE, self.ear.recv(&mut bytes)).await;
        let size = heard.unwrap_or_else(|_| panic!("nothing was said: {}", self.log())).unwrap();
        String::from_utf8(bytes[..size].to_vec()).unwrap()
    }

    /// The next words that hold these.
    pub(super) async fn waits_for(&self, words: &str) -> String {
        loop {
            let heard = self.hears().await;
            if heard.lines().any(|line| line.starts_with(words)) {
                return heard;
            }
        }
    }

    /// How often these words are heard within a time.
    pub(super) async fn counts(&self, words: &str, within: Duration) -> usize {
        let (end, mut count, mut bytes) = (Instant::now() + within, 0, [0; 4096]);
        while let Ok(size) = timeout(end.saturating_duration_since(Instant::now()), self.ear.recv(&mut bytes)).await {
            count += usize::from(String::from_utf8_lossy(&bytes[..size.unwrap()]).contains(words));
        }
        count
    }

    /// Everything that its programs have logged.
    pub(super) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap()
    }
}

/// `serve`, by way of a line of shell.
#[expect(clippy::disallowed_methods, reason = "of the test, no setting")]
pub(super) fn shell(folder: &Path, line: &str, args: &[&str]) -> Command {
    let log = File::options().create(true).append(true).open(folder.join("log")).unwrap();
    // The whole load is borne by the program that is released, where it was built.
    let built = std::env::var("ALLO_CMP_RESTART_PROGRAM").unwrap_or_else(|_| env!("CARGO_BIN_EXE_allo-cmp").to_owned());
    let mut command = Command::new("sh");
    command
        .args(["-c", line, &built])
        .args(args)
        .arg("serve")
        .env_clear()
        .current_dir(folder)
        .env("ALLO_CMP__ADMIN__LISTEN", "127.0.0.1:0")
        .env("ALLO_CMP__SERVER__PUBLIC_URL", PUBLIC)
        .env("ALLO_CMP__SERVER__SECRET", SECRET)
        .env("ALLO_CMP__PROVIDERS__TWILIO__AUTH_TOKEN", AUTH_TOKEN)
        .env("ALLO_CMP__LIMITS__NEW_CALLS_PER_CALLER", "0")
        .env("ALLO_CMP__LIMITS__NEW_CALLS_PER_MINUTE", "0")
        .env("RUST_LOG", "info")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log);
    command
}

impl Started {
    pub(super) fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([signal, &self.0.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    pub(super) async fn ended(&mut self) -> ExitStatus {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status;
            }
            sleep(Duration::from_millis(2)).await;
        }
        panic!("it did not end");
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
