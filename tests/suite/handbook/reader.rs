//! A reader of one page of the handbook: its blocks, and a folder and a server in which they are worked through.

#![expect(
    clippy::disallowed_methods,
    reason = "the program that is started has the machine's clock, and runs beside us"
)]

use std::{
    fmt::Write as _,
    fs,
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use allo_cmp::provider::telnyx;
use jiff::{Timestamp, ToSpan};
use tempfile::TempDir;

use super::ROOT;
use crate::{directory::cmps, line::SECRET, program::addresses};

/// In the pages, a time that has not come yet.
const SOON: &str = "2026-12-27T09:00";
/// Commands that ask a server, or a journal that one has made.
const ASK_A_SERVER: [&str; 4] =
    ["allo-cmp doctor", "allo-cmp lines pause", "allo-cmp lines resume", "allo-cmp journal"];
/// The public address of the pages is one of fiction: what leads there is not tried.
const DOCTOR: (&str, &str) = ("allo-cmp doctor", "allo-cmp doctor --only listener");
/// Far above what anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A fenced block: what stands behind its mark, its text, and the words before it.
pub(super) struct Block {
    pub(super) info: Vec<String>,
    pub(super) body: String,
    pub(super) before: String,
}

impl Block {
    pub(super) fn is(&self, word: &str) -> bool {
        self.info.iter().any(|info| info == word)
    }

    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.info.iter().find_map(|info| info.strip_prefix(name)?.strip_prefix('='))
    }
}

pub(super) fn fenced(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    let mut before = "";
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some("")) => found.extend(open.take()),
            (Some(block), _) => block.body += &format!("{line}\n"),
            (None, Some(info)) => {
                let info = info.split_whitespace().map(str::to_owned).collect();
                open = Some(Block { info, body: String::new(), before: before.to_owned() });
            }
            (None, None) if !line.trim().is_empty() => before = line,
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is never closed");
    found
}

/// A reader of one page, in a folder of their own.
pub(super) struct Reader {
    folder: TempDir,
    server: Option<(Child, [SocketAddr; 2])>,
}

impl Reader {
    pub(super) fn new() -> Reader {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("bin")).unwrap();
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_allo-cmp"), at("bin/allo-cmp")).unwrap();
        // The copy of the project that the reader has fetched: pages copy from it, and never write there.
        std::os::unix::fs::symlink(ROOT, at("allo-cmp")).unwrap();
        fs::write(at("etalab-cs1100507-stock-20261102.csv"), cmps(3)).unwrap();
        let mut settings = format!("[server]\npublic_url = \"https://ligne.example.org\"\nsecret = \"{SECRET}\"\n");
        let key = telnyx::public_key("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
        for (provider, secret, value) in [
            ("twilio", "auth_token", "un-jeton-de-fiction"),
            ("signalwire", "signing_key", "une-cle-de-fiction"),
            ("telnyx", "public_key", key.as_str()),
            ("somleng", "auth_token", "un-jeton-de-fiction"),
            ("plivo", "auth_token", "un-jeton-de-fiction"),
        ] {
            let _ = write!(settings, "[providers.{provider}]\n{secret} = \"{value}\"\ncaller_id = \"+33199000001\"\n");
        }
        fs::write(at("allo-cmp.toml"), settings).unwrap();
        Reader { folder, server: None }
    }

    /// A command with the environment of the reader: the ports of the server, where it runs.
    fn command(&self, name: &str) -> Command {
        let [listen, admin] = self
            .server
            .as_ref()
            .map_or_else(|| [SocketAddr::from(([127, 0, 0, 1], 0)); 2], |(_, addresses)| *addresses);
        let mut command = Command::new(name);
        command
            .env_clear()
            .env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", self.folder.path().join("bin").display()))
            .env("ALLO_CMP__SERVER__LISTEN", listen.to_string())
            .env("ALLO_CMP__ADMIN__LISTEN", admin.to_string())
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    fn start(&mut self) -> Result<(), String> {
        if self.server.is_some() {
            return Ok(());
        }
        let log = self.folder.path().join("server.log");
        let mut command = self.command(env!("CARGO_BIN_EXE_allo-cmp"));
        let mut child = command.arg("serve").stderr(fs::File::create(&log).unwrap()).spawn().unwrap();
        let begun = Instant::now();
        loop {
            let told = fs::read_to_string(&log).unwrap();
            if let Some(line) = told.lines().find(|line| line.contains("the line is open")) {
                self.server = Some((child, addresses(line)));
                return Ok(());
            }
            if child.try_wait().unwrap().is_some() || begun.elapsed() > PATIENCE {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("no server could be started:\n{told}"));
            }
            sleep(Duration::from_millis(20));
        }
    }

    /// The journal is made while the line is open already: nobody types so fast.
    fn wait_for_the_journal(&self, commands: &str) {
        let begun = Instant::now();
        while commands.contains("allo-cmp journal") && begun.elapsed() < PATIENCE {
            if self
                .command(env!("CARGO_BIN_EXE_allo-cmp"))
                .args(["journal", "check"])
                .output()
                .unwrap()
                .status
                .success()
            {
                return;
            }
            sleep(Duration::from_millis(50));
        }
    }

    /// Asks the server to stop, as its operator would.
    fn stop(&mut self) {
        if let Some((mut child, _)) = self.server.take() {
            Command::new("kill").arg(child.id().to_string()).status().unwrap();
            child.wait().unwrap();
        }
    }

    pub(super) fn write(&self, block: &Block) {
        let at = |path: &str| -> PathBuf { self.folder.path().join(path) };
        if let Some(path) = block.value("file") {
            fs::create_dir_all(at(path).parent().unwrap()).unwrap();
            fs::write(at(path), &block.body).unwrap();
        } else if let Some(path) = block.value("append") {
            let before = fs::read_to_string(at(path)).unwrap();
            fs::write(at(path), before + &block.body).unwrap();
        }
    }

    pub(super) fn run(&mut self, block: &Block) -> Result<(), String> {
        if block.is("stopped") {
            self.stop();
        } else if ASK_A_SERVER.iter().any(|asks| block.body.contains(asks)) {
            self.start()?;
            self.wait_for_the_journal(&block.body);
        }
        let soon = (Timestamp::now() + 48.hours()).strftime("%Y-%m-%dT09:00").to_string();
        let body = block.body.replace(SOON, &soon).replace(DOCTOR.0, DOCTOR.1);
        let output = self.command("sh").args(["-eu", "-c", &body]).output().unwrap();
        let expected = block.value("exit").map_or(0, |code| code.parse().unwrap());
        if output.status.code() == Some(expected) {
            return Ok(());
        }
        let [said, complained] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
        Err(format!("{} and not {expected}:\n{}\n{said}{complained}", output.status, block.body))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.stop();
    }
}
