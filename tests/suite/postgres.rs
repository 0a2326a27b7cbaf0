//! A PostgreSQL server of the tests' own: in a folder of its own, on a socket there, stopped when the tests end, however they end.

use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// Keeps the server, and does what it reads: `start`, `stop`, `kill`. When nobody writes any more, it stops the server and
/// removes the folder; so nothing stays behind when the tests are killed.
const KEEPER: &str = r#"
trap '' INT TERM HUP
start() {
    tries=0
    while [ $tries -lt 20 ]; do
        "$@" postgres -D "$folder/data" -k "$folder" -c listen_addresses= -c fsync=off -c max_connections=40 -c timezone=UTC \
            >>"$folder/log" 2>&1 </dev/null &
        server=$!
        while kill -0 $server 2>/dev/null; do
            pg_isready -q -h "$folder" && return
            sleep 0.05
        done
        tries=$((tries + 1))
        sleep 0.2
    done
}
stop() { [ -z "$server" ] || { kill -INT $server 2>/dev/null; wait $server; server=; }; }
# With its children: each of them answers for a moment after the server is gone.
killed() {
    children=$(grep -ls "^PPid:[[:space:]]*$server\$" /proc/[0-9]*/status | tr -dc '0-9\n')
    kill -KILL $server $children
    wait $server
    server=
}
while read -r job; do
    case $job in
        start) start "$@" ;;
        stop) stop ;;
        kill) killed ;;
    esac
    echo "$job done"
done
stop
rm -rf "$folder"
"#;

/// A server that runs.
pub(crate) struct Postgres {
    folder: PathBuf,
    keeper: Child,
    jobs: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Postgres {
    /// A new server; none where PostgreSQL is not on this machine, which is said.
    pub(crate) fn start() -> Option<Postgres> {
        let started = programs().and_then(|programs| Postgres::started(&programs));
        if started.is_none() {
            println!("PostgreSQL is not here (or can't be started): the tests that need a server are skipped");
        }
        started
    }

    fn started(programs: &Path) -> Option<Postgres> {
        let folder = tempfile::Builder::new().prefix("allo-pg-").tempdir().ok()?.keep();
        let path = format!("{}:{}", programs.display(), env::var_os("PATH").unwrap_or_default().display());
        // The server refuses to be run by root.
        let mut user: Vec<String> = Vec::new();
        if fs::metadata(&folder).is_ok_and(|folder| std::os::unix::fs::MetadataExt::uid(&folder) == 0) {
            let id = |flag| {
                Some(
                    String::from_utf8(Command::new("id").args([flag, "postgres"]).output().ok()?.stdout)
                        .ok()?
                        .trim()
                        .to_owned(),
                )
            };
            let (uid, gid) = (id("-u")?, id("-g")?);
            chown(&folder, uid.parse().ok(), gid.parse().ok()).ok()?;
            user = ["setpriv", "--reuid", &uid, "--regid", &gid, "--clear-groups"].map(str::to_owned).to_vec();
        }
        let mut words = user.clone();
        words.extend(["initdb", "-D"].map(str::to_owned));
        words.push(folder.join("data").display().to_string());
        words.extend(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"].map(str::to_owned));
        let made = Command::new(&words[0]).args(&words[1..]).env("PATH", &path).current_dir("/").output().ok()?;
        if !made.status.success() {
            println!("{}", String::from_utf8_lossy(&made.stderr));
            return None;
        }
        // Whoever is called `locked` needs a password.
        let rules = folder.join("data/pg_hba.conf");
        fs::write(&rules, "local all locked scram-sha-256\nlocal all all trust\n").ok()?;
        let mut keeper = Command::new("sh");
        // Without a command before it, `env` is one that does nothing.
        let before = if user.is_empty() { vec!["env".to_owned()] } else { user };
        keeper.args(["-c", KEEPER, "keeper"]).args(before).env("folder", &folder).env("PATH", path).current_dir("/");
        let mut keeper = keeper.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
        let (jobs, answers) = (keeper.stdin.take(), BufReader::new(keeper.stdout.take()?));
        let mut server = Postgres { folder, keeper, jobs, answers };
        server.start_again();
        Some(server)
    }

    fn job(&mut self, job: &str) {
        writeln!(self.jobs.as_mut().unwrap(), "{job}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        assert_eq!(answer.trim(), format!("{job} done"));
    }

    /// Stops the server as its administrator would; its data stay.
    pub(crate) fn stop(&mut self) {
        self.job("stop");
    }

    /// Kills the server.
    pub(crate) fn kill(&mut self) {
        self.job("kill");
    }

    /// Starts it again, and waits until it answers.
    pub(crate) fn start_again(&mut self) {
        self.job("start");
    }

    /// How a database of this server is reached.
    pub(crate) fn url(&self, user: &str, database: &str) -> String {
        format!("postgres://{user}@localhost/{database}?host={}", self.folder.display())
    }

    /// The address of a new, empty database.
    pub(crate) async fn database(&self) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("journal{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let mut link = PgConnection::connect(&self.url("postgres", "postgres")).await.unwrap();
        let sql = AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::raw_sql(sql).execute(&mut link).await.unwrap();
        link.close().await.unwrap();
        self.url("postgres", &name)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.jobs = None;
        let _ = self.keeper.wait();
    }
}

/// The folder of the server's programs.
fn programs() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    folders.sort();
    folders.reverse();
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    folders.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// The server that tests share which don't stop it.
pub(crate) fn shared() -> Option<&'static Postgres> {
    static SERVER: LazyLock<Option<Postgres>> = LazyLock::new(Postgres::start);
    SERVER.as_ref()
}
