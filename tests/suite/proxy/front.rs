//! The real proxies, started from the shipped files as whoever runs the tests. Only ports, addresses and the paths of
//! certificates and logs are exchanged, and each of these words must be there.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::tls::{Answer, Authority, HOST};
use crate::program::files_below;

/// Far above what a start takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is around the shipped file of nginx: on a real machine, the distribution's own `nginx.conf`.
const AROUND: &str = "daemon off; master_process off; pid nginx.pid; error_log stderr error;\n\
    events { worker_connections 1024; }\n\
    http { client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;\n\
    access_log off; ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; include allo-cmp.conf; }\n";

/// What Somleng is told when the line is away: the lines for it are switched on.
pub(super) const FALLBACK: &str = "<Response><Say>panne</Say></Response>";

pub(super) struct Front {
    pub(super) name: &'static str,
    pub(super) authority: Authority,
    pub(super) https: SocketAddr,
    pub(super) http: SocketAddr,
    folder: TempDir,
    /// What lay in the folder before the proxy: its settings, its certificate, whose key can hold any letters.
    given: Vec<PathBuf>,
    child: Child,
}

impl Drop for Front {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How a program of this machine is called, if it has it.
fn found(name: &str) -> Option<String> {
    // Ordinary users have no /usr/sbin in their PATH.
    let mut ways = ["", "/usr/local/sbin/", "/usr/sbin/"].map(|folder| format!("{folder}{name}")).into_iter();
    let found =
        ways.find(|way| Command::new(way).arg("-h").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok());
    if found.is_none() {
        eprintln!("skipped: {name} is not on this machine");
    }
    found
}

/// The lines that begin with `#~`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lines {
    AsShipped,
    ForSomleng,
}

fn shipped(name: &str, lines: Lines) -> String {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/proxy").join(name)).unwrap();
    if lines == Lines::AsShipped { text } else { exchanged(&text, &[("#~ ", String::new())]) }
}

/// The text with these words exchanged; each must be there.
fn exchanged(text: &str, words: &[(&str, String)]) -> String {
    words.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the shipped file no longer holds {from:?}");
        text.replace(from, to)
    })
}

/// Ports that were free a moment ago.
fn free<const N: usize>() -> [u16; N] {
    let held = [(); N].map(|()| std::net::TcpListener::bind("127.0.0.1:0").unwrap());
    held.map(|listener| listener.local_addr().unwrap().port())
}

fn at(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

impl Front {
    /// nginx before `upstream`; none if the machine has none.
    pub(super) async fn nginx(upstream: SocketAddr, lines: Lines) -> Option<Front> {
        let program = found("nginx")?;
        let [https, http, https6, http6] = free();
        let (authority, folder) = Front::prepared();
        let inside = |name: &str| folder.path().join(name).display().to_string();
        let text = exchanged(
            &shipped("nginx.conf", lines),
            &[
                ("server 127.0.0.1:8080;", format!("server {upstream};")),
                ("listen 80;", format!("listen {};", at(http))),
                ("listen [::]:80;", format!("listen {};", at(http6))),
                ("listen 443 ssl http2;", format!("listen {} ssl http2;", at(https))),
                ("listen [::]:443 ssl http2;", format!("listen {} ssl http2;", at(https6))),
                ("/etc/letsencrypt/live/line.example.org/fullchain.pem", inside("certificate.pem")),
                ("/etc/letsencrypt/live/line.example.org/privkey.pem", inside("key.pem")),
                ("/var/log/nginx/", inside("")),
                ("/etc/allo-cmp/fallback", inside("fallback")),
            ],
        );
        fs::write(inside("allo-cmp.conf"), text).unwrap();
        fs::write(inside("main.conf"), AROUND).unwrap();
        let mut command = Command::new(program);
        command.args(["-e", "stderr", "-p"]).arg(folder.path()).args(["-c", "main.conf"]);
        Some(Front::start("nginx", command, folder, authority, (https, http)).await)
    }

    /// Caddy before `upstream`; none if the machine has none.
    pub(super) async fn caddy(upstream: SocketAddr, lines: Lines) -> Option<Front> {
        let program = found("caddy")?;
        let [https, http] = free();
        let (authority, folder) = Front::prepared();
        let inside = |name: &str| folder.path().join(name).display().to_string();
        let own = format!(
            "{{\n\tadmin off\n\tdefault_bind 127.0.0.1\n\thttps_port {https}\n\thttp_port {http}\n\tservers {{\n"
        );
        let certificate = format!("\ttls {} {}\n", inside("certificate.pem"), inside("key.pem"));
        let site = "https://{$LINE_HOST:line.example.org} {\n";
        let text = exchanged(
            &shipped("Caddyfile", lines),
            &[
                ("{\n\tservers {\n", own),
                (site, site.to_owned() + &certificate),
                ("/etc/allo-cmp/fallback", inside("fallback")),
            ],
        );
        fs::write(inside("Caddyfile"), text).unwrap();
        let mut command = Command::new(program);
        command
            .args(["run", "--adapter", "caddyfile", "--config", "Caddyfile"])
            .env("LINE_UPSTREAM", upstream.to_string());
        Some(Front::start("Caddy", command, folder, authority, (https, http)).await)
    }

    fn prepared() -> (Authority, TempDir) {
        let (authority, folder) = (Authority::new(), tempfile::tempdir().unwrap());
        fs::write(folder.path().join("certificate.pem"), &authority.certificate).unwrap();
        fs::write(folder.path().join("key.pem"), &authority.key).unwrap();
        fs::create_dir(folder.path().join("fallback")).unwrap();
        fs::write(folder.path().join("fallback/somleng.xml"), FALLBACK).unwrap();
        (authority, folder)
    }

    async fn start(
        name: &'static str,
        mut command: Command,
        folder: TempDir,
        authority: Authority,
        (https, http): (u16, u16),
    ) -> Front {
        let given = files_below(folder.path());
        let said = fs::File::create(folder.path().join("said")).unwrap();
        let child = command
            .current_dir(folder.path())
            .env("HOME", folder.path())
            .env_remove("XDG_DATA_HOME")
            .env_remove("XDG_CONFIG_HOME")
            .stdin(Stdio::null())
            .stdout(said.try_clone().unwrap())
            .stderr(said)
            .spawn()
            .unwrap();
        let mut front = Front { name, authority, https: at(https), http: at(http), folder, given, child };
        let began = Instant::now();
        while front.authority.connect(front.https, &[]).await.is_err() {
            let ended = front.child.try_wait().unwrap();
            assert!(ended.is_none() && began.elapsed() < PATIENCE, "{name} does not serve: {}", front.written());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        front
    }

    /// Everything that it wrote, be it a log or what it keeps of bodies.
    pub(super) fn written(&self) -> String {
        let mut all = String::new();
        for path in files_below(self.folder.path()).into_iter().filter(|path| !self.given.contains(path)) {
            let bytes = fs::read(&path).unwrap_or_default();
            all += &format!("{}:\n{}\n", path.display(), String::from_utf8_lossy(&bytes));
        }
        all
    }

    /// One request on a connection of its own; the bytes are those of a whole request that asks to close.
    pub(super) async fn ask(&self, bytes: impl AsRef<[u8]>) -> Answer {
        let began = Instant::now();
        let mut client = self.authority.connect(self.https, &["http/1.1"]).await.unwrap();
        client.send(bytes).await;
        client.answer(began).await
    }

    /// A request without a body: its target as it stands.
    pub(super) async fn get(&self, target: &str, mark: &str) -> Answer {
        self.ask(format!("GET {target} HTTP/1.1\r\nHost: {HOST}\r\nx-mark: {mark}\r\nConnection: close\r\n\r\n")).await
    }
}
