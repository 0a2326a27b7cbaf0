//! The real program as a process of its own: started on free ports, killed or asked to stop, its log kept.

use std::{
    ffi::OsStr,
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use allo_cmp::config::DEFAULT_FILE;
use tempfile::TempDir;
use tokio::time::sleep;

use crate::line::{AUTH_TOKEN, PUBLIC, SECRET, raw};

/// Far above what a start or an end takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(10);

/// The program without anything of the environment of whoever runs the tests, in the folder `folder`. Without settings
/// of its own it has empty ones: what this machine has in /etc is no part of a test.
pub(crate) fn command(folder: &Path) -> Command {
    let settings = folder.join(DEFAULT_FILE);
    if folder.starts_with(std::env::temp_dir()) && !settings.exists() {
        fs::write(settings, "").unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_allo-cmp"));
    command.env_clear().current_dir(folder).stdin(Stdio::null());
    command
}

/// `allo-cmp serve`, running. Killed when it is dropped.
pub(crate) struct Program {
    child: Child,
    folder: TempDir,
    pub(crate) address: SocketAddr,
    pub(crate) admin: SocketAddr,
}

impl Program {
    /// Starts it on free ports, or on the port of an earlier one, and waits until the line is open.
    pub(crate) async fn start(listen: Option<SocketAddr>, filter: &str) -> Program {
        Program::start_with(&[], listen, filter).await
    }

    /// The same with more arguments.
    pub(crate) async fn start_with(args: &[&OsStr], listen: Option<SocketAddr>, filter: &str) -> Program {
        let folder = tempfile::tempdir().unwrap();
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let child = Program::spawn(args, listen, filter, &folder, log.into());
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut program = Program { child, folder, address: nowhere, admin: nowhere };
        [program.address, program.admin] = program.opened().await;
        program
    }

    /// Starts it with a log whose reader is gone once the line is open: from then on no line can be written.
    pub(crate) fn start_with_a_lost_log(args: &[&OsStr]) -> Program {
        Program::start_with_a_held_log(args).0
    }

    /// Starts it with a log that nobody reads once the line is open, while its reader, which is given, is not gone.
    pub(crate) fn start_with_a_held_log(args: &[&OsStr]) -> (Program, impl Sized + use<>) {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Program::spawn(args, None, "info", &folder, Stdio::piped());
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
        let line = log.find(|line| line.contains("the line is open")).unwrap();
        let [address, admin] = addresses(&line);
        (Program { child, folder, address, admin }, log)
    }

    /// Starts it in a shell that has first done `what`.
    pub(crate) async fn start_after(what: &str) -> Program {
        let folder = tempfile::tempdir().unwrap();
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let direct = command(folder.path());
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", &format!("{what} && exec \"$0\" \"$@\"")]).arg(direct.get_program());
        shell.env_clear().current_dir(folder.path()).stdin(Stdio::null());
        let child = Program::serving(shell, &[], None, "info", log.into());
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut program = Program { child, folder, address: nowhere, admin: nowhere };
        [program.address, program.admin] = program.opened().await;
        program
    }

    fn spawn(args: &[&OsStr], listen: Option<SocketAddr>, filter: &str, folder: &TempDir, log: Stdio) -> Child {
        Program::serving(command(folder.path()), args, listen, filter, log)
    }

    fn serving(mut command: Command, args: &[&OsStr], listen: Option<SocketAddr>, filter: &str, log: Stdio) -> Child {
        let listen = listen.map_or_else(|| "127.0.0.1:0".to_owned(), |address| address.to_string());
        command
            .arg("serve")
            .args(args)
            .env("ALLO_CMP__SERVER__LISTEN", listen)
            .env("ALLO_CMP__ADMIN__LISTEN", "127.0.0.1:0")
            .env("ALLO_CMP__SERVER__PUBLIC_URL", PUBLIC)
            .env("ALLO_CMP__SERVER__SECRET", SECRET)
            .env("ALLO_CMP__PROVIDERS__TWILIO__AUTH_TOKEN", AUTH_TOKEN)
            .env("ALLO_CMP__LIMITS__NEW_CALLS_PER_CALLER", "0")
            .env("RUST_LOG", filter)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap()
    }

    /// Everything that it has logged.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// The addresses that the log names once the line is open.
    async fn opened(&mut self) -> [SocketAddr; 2] {
        for _ in 0..PATIENCE.as_millis() / PAUSE.as_millis() {
            let log = self.log();
            if let Some(line) = log.lines().find(|line| line.contains("the line is open")) {
                return addresses(line);
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
        self.signal("-TERM");
    }

    /// Asks it to read its flows and scripts again (SIGHUP).
    pub(crate) fn reload(&self) {
        self.signal("-HUP");
    }

    fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Waits until the counter `name` of `/metrics` is `value`.
    pub(crate) async fn counted(&self, name: &str, value: u64) {
        for _ in 0..PATIENCE.as_millis() / PAUSE.as_millis() {
            if self.count(name).await == value {
                return;
            }
            sleep(PAUSE).await;
        }
        panic!("{name} is {} and not {value}: {}", self.count(name).await, self.log());
    }

    /// The counter `name` of `/metrics`.
    pub(crate) async fn count(&self, name: &str) -> u64 {
        let (status, text) = raw(self.admin, "GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
        assert_eq!(status, 200);
        let name = format!("allo_cmp_{name}_total ");
        text.lines().find_map(|line| line.strip_prefix(&name)).unwrap().parse().unwrap()
    }

    /// How its journal stands, as operators are told. Whatever the journal does, calls are taken.
    pub(crate) async fn journal(&self) -> serde_json::Value {
        let (status, body) = raw(self.admin, "GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
        assert_eq!(status, 200, "{body}");
        serde_json::from_str::<serde_json::Value>(&body).unwrap()["journal"].clone()
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

/// The addresses in the line that tells that the line is open.
pub(crate) fn addresses(line: &str) -> [SocketAddr; 2] {
    // As text, and as JSON.
    [["listen=", "\"listen\":\""], ["admin=", "\"admin\":\""]].map(|names| {
        let mut words = line.split([' ', ',', '{', '}']);
        let address = words.find_map(|word| names.iter().find_map(|name| word.strip_prefix(name)));
        address.unwrap().trim_end_matches('"').parse().unwrap()
    })
}

/// Every file below a folder.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files_below(&path)) } else { all.push(path) }
    }
    all
}
