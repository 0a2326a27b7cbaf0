//! The real program as a process of its own: started on free ports, killed or asked to stop, its log kept.

use std::{
    fs,
    net::SocketAddr,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use tempfile::TempDir;
use tokio::time::sleep;

use crate::line::{AUTH_TOKEN, PUBLIC, SECRET};

/// Far above what a start or an end takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(10);

/// The program without anything of the environment of whoever runs the tests, in the folder `folder`.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_allo-cmp"));
    command.env_clear().current_dir(folder).stdin(Stdio::null());
    command
}

/// `allo-cmp serve`, running. Killed when it is dropped.
pub(crate) struct Program {
    child: Child,
    folder: TempDir,
    pub(crate) address: SocketAddr,
}

impl Program {
    /// Starts it on free ports, or on the port of an earlier one, and waits until the line is open.
    pub(crate) async fn start(listen: Option<SocketAddr>, filter: &str) -> Program {
        let folder = tempfile::tempdir().unwrap();
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let listen = listen.map_or_else(|| "127.0.0.1:0".to_owned(), |address| address.to_string());
        let child = command(folder.path())
            .arg("serve")
            .env("ALLO_CMP__SERVER__LISTEN", listen)
            .env("ALLO_CMP__ADMIN__LISTEN", "127.0.0.1:0")
            .env("ALLO_CMP__SERVER__PUBLIC_URL", PUBLIC)
            .env("ALLO_CMP__SERVER__SECRET", SECRET)
            .env("ALLO_CMP__PROVIDERS__TWILIO__AUTH_TOKEN", AUTH_TOKEN)
            .env("RUST_LOG", filter)
            .env("NO_COLOR", "1")
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut program = Program { child, folder, address: SocketAddr::from(([127, 0, 0, 1], 0)) };
        program.address = program.opened().await;
        program
    }

    /// Everything that it has logged.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// The address that the log names once the line is open.
    async fn opened(&mut self) -> SocketAddr {
        for _ in 0..PATIENCE.as_millis() / PAUSE.as_millis() {
            let log = self.log();
            if let Some(line) = log.lines().find(|line| line.contains("the line is open")) {
                let listen = line.split_whitespace().find_map(|word| word.strip_prefix("listen="));
                return listen.unwrap().parse().unwrap();
            }
            assert!(self.child.try_wait().unwrap().is_none(), "it did not start: {log}");
            sleep(PAUSE).await;
        }
        panic!("it did not open the line: {}", self.log());
    }

    /// Ends it at once, as a power cut would (SIGKILL).
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop (SIGTERM).
    pub(crate) fn terminate(&self) {
        let status = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Waits for its end.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        for _ in 0..PATIENCE.as_millis() / PAUSE.as_millis() {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            sleep(PAUSE).await;
        }
        panic!("it did not end: {}", self.log());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
