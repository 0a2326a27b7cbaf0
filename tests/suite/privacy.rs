//! A thousand calls to the real program at its most talkative, through each provider: of who called and what they typed nothing
//! is found in the log, in an address that was given out, in a file or in a row.

use std::{ffi::OsStr, fs, path::Path, time::Duration};

use allo_cmp::{
    files::Files,
    http::{Clock, SystemClock},
    journal::{Kind, Store, TallyKind},
    phone::{
        Call, Dialling, HttpTransport, PhoneError, Script, Semantics, Signer, Transport, WebRequest, WebResponse,
        run_script,
    },
    provider::telnyx,
};
use sqlx::{AssertSqlSafe, Column, Connection, Row, SqliteConnection, TypeInfo};
use tempfile::TempDir;

use crate::{
    journal_home::tallies,
    line::{AUTH_TOKEN, OURS, PUBLIC, SECRET, raw},
    program::{Program, command, files_below},
    traces::Traces,
};

/// What providers other than Twilio sign with: 32 bytes, as Telnyx needs.
const PROVIDER_SECRET: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const PROVIDERS: [&str; 5] = ["twilio", "signalwire", "telnyx", "somleng", "plivo"];

/// Entries such as no port, time or count has them, and no text that the program carries.
const ENTRIES: [&str; 8] = ["75011", "97411", "67203", "13005", "96123", "8675309241753", "70491823", "51506639"];

/// What callers press, and what becomes of the numbers that are dialled. `#####`: an entry of five digits.
const PLAYS: [(&str, &str); 12] = [
    ("1 1 ##### 1 1 3", ""),
    ("1 1 ##### 1 1 1 _ _", "busy,completed:60"),
    ("2 1 ##### 1 1 2", ""),
    ("2 1 ##### ##### 1 1", ""),
    ("1 1 ##### 2 ##### 1", ""),
    ("1 9 1 _", "completed:60"),
    ("2 9 _ _", "busy,no-answer"),
    ("1 2 1 _ 1 7 * _", ""),
    ("1 0 3 _", ""),
    ("8675309241753", ""),
    ("_ _ _", "no-answer,completed:5"),
    ("1 8 2 9 2", ""),
];

/// What the program prints about a line that has run. A new report is to be searched, too: add it here.
const OUTPUTS: [&[&str]; 8] = [
    &["journal", "check"],
    &["privacy"],
    &["privacy", "--lang", "en", "--json"],
    &["lines"],
    &["report"],
    &["report", "--json"],
    &["report", "--csv"],
    &["report", "--html", "report.html"],
];

/// Who makes call number `n`, as the network tells it.
fn caller(n: usize) -> String {
    match n % 8 {
        0 => "anonymous".to_owned(),
        1 => format!("+447700900{:03}", n % 1000),
        2 => format!("+1202555{n:04}"),
        3 => format!("063998{n:04}"),
        4 => format!("sip:+3363998{n:04}@sip.example.org"),
        _ => format!("+3363998{n:04}"),
    }
}

fn traces(calls: usize) -> Traces {
    let numbers: Vec<String> = (0..calls).map(caller).filter(|caller| caller != "anonymous").collect();
    Traces::of(numbers.iter().map(String::as_str), &ENTRIES)
}

/// Keeps what the server answers.
struct Listening {
    inner: HttpTransport,
    answers: Vec<String>,
    last: Option<WebRequest>,
}

impl Transport for Listening {
    async fn send(&mut self, request: &WebRequest) -> Result<WebResponse, PhoneError> {
        let answer = self.inner.send(request).await?;
        self.answers.push(String::from_utf8_lossy(&answer.body).into_owned());
        if request.url.contains("/voice?") {
            self.last = Some(request.clone());
        }
        Ok(answer)
    }
}

/// Makes these calls through one provider. What was answered.
async fn calls(connect: String, provider: &'static str, numbers: Vec<usize>) -> Vec<String> {
    let semantics = Semantics::of(provider).unwrap();
    let secret = if provider == "twilio" { AUTH_TOKEN } else { PROVIDER_SECRET };
    let mut answers = Vec::new();
    for n in numbers {
        let signer = Signer::new(semantics, secret, || SystemClock.second());
        let inner = HttpTransport::signing(signer, PUBLIC, &connect).unwrap();
        let url = |path: &str| format!("{PUBLIC}/{provider}/{path}");
        let mut dialling = Dialling::new(caller(n), OURS, url("voice")).through(semantics, 0xca11_0000 + n as u128);
        dialling.status = Some(url("status"));
        let mut call = Call::new(Listening { inner, answers: Vec::new(), last: None }, dialling);
        let (keys, dial) = PLAYS[n % PLAYS.len()];
        let keys = keys.replace("#####", ENTRIES[n % 5]);
        let script = Script { hang_up_at_end: true, ..Script::parse(&keys, dial).unwrap() };
        run_script(&mut call, &script).await.unwrap_or_else(|error| panic!("{provider}: {keys}: {error}"));
        let listening = call.transport();
        // More digits than any place asks for.
        if let Some(mut request) = listening.last.take() {
            request.params.retain(|(name, _)| name != "Digits");
            request.params.push(("Digits".to_owned(), ENTRIES[5 + n % 3].to_owned()));
            listening.send(&request).await.unwrap();
        }
        answers.append(&mut listening.answers);
    }
    answers
}

/// These calls, spread over the providers, all at once.
async fn at_once(program: &Program, numbers: std::ops::Range<usize>) -> Vec<String> {
    let mut tasks = Vec::new();
    for (at, provider) in PROVIDERS.into_iter().enumerate() {
        let own = numbers.clone().filter(|n| n % PROVIDERS.len() == at).collect();
        tasks.push(tokio::spawn(calls(format!("http://{}", program.address), provider, own)));
    }
    let mut answers = Vec::new();
    for task in tasks {
        answers.extend(task.await.unwrap());
    }
    answers
}

/// A folder with the settings of a line that keeps all it can.
fn site() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let centres = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/directory/table.tsv");
    let settings = format!(
        "[journal]\nurl = \"sqlite:{}\"\ncount_callers = true\n[lines]\nstate_path = \"{}\"\n\
         [directory]\npath = \"{}\"\nstale_days = 100000\n\
         [providers.somleng]\nauth_token = \"{PROVIDER_SECRET}\"\n[providers.plivo]\nauth_token = \"{PROVIDER_SECRET}\"\n\
         [providers.signalwire]\nsigning_key = \"{PROVIDER_SECRET}\"\n[providers.telnyx]\npublic_key = \"{}\"\n",
        at("data/journal.db"),
        at("lines.json"),
        centres.display(),
        telnyx::public_key(PROVIDER_SECRET),
    );
    fs::write(at("settings.toml"), settings).unwrap();
    folder
}

/// What of the traces stands in the files of a folder.
fn in_files(traces: &Traces, folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for path in files_below(folder) {
        let mut bytes = fs::read(&path).unwrap_or_default();
        if path.extension() == Some(OsStr::new("spool")) {
            bytes = without_ids(&bytes);
        }
        found.extend(traces.found(&bytes).into_iter().map(|what| format!("{}: {what}", path.display())));
    }
    found
}

/// The lines of a spool without what stands first in each: a version, a checksum, an id and a mark, which are random figures.
fn without_ids(spool: &[u8]) -> Vec<u8> {
    let lines = std::str::from_utf8(spool).unwrap().lines();
    lines.flat_map(|line| [line.splitn(5, ' ').last().unwrap(), "\n"].concat().into_bytes()).collect()
}

/// All rows of all tables, but for columns of random bytes.
async fn rows(link: &mut SqliteConnection) -> String {
    let mut text = String::new();
    for table in sqlx::query("SELECT name FROM sqlite_master WHERE type = 'table'").fetch_all(&mut *link).await.unwrap()
    {
        let sql = format!("SELECT * FROM {}", table.get::<String, _>(0));
        for row in sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut *link).await.unwrap() {
            for (at, column) in row.columns().iter().enumerate() {
                match column.type_info().name() {
                    "BLOB" => {}
                    "INTEGER" => text += &format!("{:?}|", row.get::<Option<i64>, _>(at)),
                    _ => text += &format!("{:?}|", row.get::<Option<String>, _>(at)),
                }
            }
            text.push('\n');
        }
    }
    text
}

/// Our own addresses in an answer.
fn urls(answer: &str) -> impl Iterator<Item = &str> {
    answer.match_indices(PUBLIC).map(|(at, _)| answer[at..].split(['"', '<', '\'']).next().unwrap())
}

/// Waits until the spool is there, or gone.
async fn spool_is(spool: &Path, there: bool) {
    for _ in 0..1_500 {
        if spool.exists() == there {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the spool is {}", if there { "not there" } else { "not emptied" });
}

/// Half of the thousand, with a log in text or in JSON.
async fn nothing_is_found(numbers: std::ops::Range<usize>, json: bool) {
    let (site, traces) = (site(), traces(1000));
    let settings = site.path().join("settings.toml");
    let mut args = vec!["--config".as_ref(), settings.as_os_str()];
    args.extend(json.then_some(OsStr::new("--json-log")));
    let mut program = Program::start_with(&args, None, "trace").await;
    let last = numbers.end - 40;
    let mut answers = at_once(&program, numbers.start..last).await;

    // Somebody holds the journal: the rest goes to the spool first.
    let journal = site.path().join("data/journal.db");
    let spool = site.path().join("data/journal.db.spool");
    let mut link = SqliteConnection::connect(&format!("sqlite:{}", journal.display())).await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut link).await.unwrap();
    answers.extend(at_once(&program, last..numbers.end).await);
    spool_is(&spool, true).await;
    fs::copy(&spool, site.path().join("copy.spool")).unwrap();
    sqlx::raw_sql("ROLLBACK").execute(&mut link).await.unwrap();
    spool_is(&spool, false).await;

    let mut outputs = Vec::new();
    let tomorrow = jiff::Timestamp::from_second(SystemClock.second().cast_signed() + 86_400).unwrap();
    let pause = format!(r#"{{"until":"{tomorrow}","reason":"formation"}}"#);
    let head =
        "POST /lines/sos_amitie/pause HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n";
    let (status, said) = raw(program.admin, format!("{head}Content-Length: {}\r\n\r\n{pause}", pause.len())).await;
    assert_eq!(status, 200, "{said}");
    outputs.push(said);
    for page in ["metrics", "readyz", "lines"] {
        let ask = format!("GET /{page} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        outputs.push(raw(program.admin, ask).await.1);
    }
    outputs.push(rows(&mut link).await);
    assert!(outputs[4].lines().count() > 1_000, "{}", outputs[4].len());
    let marks = sqlx::query("SELECT COUNT(*) FROM day_callers").fetch_one(&mut link).await.unwrap().get::<i64, _>(0);
    assert!(marks > 0, "callers are counted");
    link.close().await.unwrap();
    let run = |words: &[&str]| {
        let mut command = command(site.path());
        let done = command
            .args(["--config", settings.to_str().unwrap()])
            .args(words)
            .env("ALLO_CMP__SERVER__SECRET", SECRET)
            .output()
            .unwrap();
        assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    };
    run(&["journal", "backup", "--to", "backup.db"]);
    outputs.extend(OUTPUTS.iter().map(|words| run(words)));

    // As the files are while it runs, and behind its end.
    let mut found = in_files(&traces, site.path());
    program.terminate();
    assert!(program.ended().await.success());
    found.extend(in_files(&traces, site.path()));
    for output in &outputs {
        found.extend(traces.found(output.as_bytes()));
    }
    let log = program.log();
    found.extend(traces.found(log.as_bytes()).into_iter().map(|what| format!("the log: {what}")));
    let given: Vec<&str> = answers.iter().flat_map(|answer| urls(answer)).collect();
    assert!(given.len() > 2 * numbers.len(), "{}", given.len());
    found.extend(given.iter().flat_map(|url| traces.found_coded(url)));
    assert!(found.is_empty(), "{} traces: {:#?}", found.len(), &found[..found.len().min(20)]);

    // It was all there to be found.
    assert_eq!(json, log.lines().all(|line| line.starts_with('{')), "{}", &log[..200]);
    assert!(log.lines().count() > 5 * numbers.len() && log.contains("DEBUG"), "{} lines", log.lines().count());
    let made: Vec<String> =
        files_below(site.path()).iter().map(|path| path.file_name().unwrap().to_string_lossy().into()).collect();
    for file in ["journal.db", "backup.db", "copy.spool", "lines.json"] {
        assert!(made.contains(&file.to_owned()), "{file}: {made:?}");
    }
    let mut store = Store::read(&format!("sqlite:{}", journal.display())).await.unwrap();
    let counted = tallies(&mut store).await;
    let count =
        |kind| counted.iter().filter(|tally| tally.kind == TallyKind::Of(kind)).map(|tally| tally.count).sum::<u64>();
    assert_eq!(count(Kind::Began), numbers.len() as u64);
    for kind in
        [Kind::LookedUp, Kind::Reported, Kind::Tried, Kind::Transferred, Kind::Language, Kind::Urgent, Kind::Ended]
    {
        assert!(count(kind) > 0, "{kind:?}");
    }

    // What would be there would be found.
    fs::write(site.path().join("forgotten.txt"), format!("appel de {}", caller(7).replace("+33", "0"))).unwrap();
    assert_eq!(in_files(&traces, site.path()).len(), 1);
    let planted = log.replacen("DEBUG", "DEBUG Digits=75011 ", 1);
    assert_eq!(traces.found(planted.as_bytes()), ["75011"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_five_hundred_callers_is_kept_with_a_log_in_text() {
    nothing_is_found(0..500, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_five_hundred_callers_is_kept_with_a_log_in_json() {
    nothing_is_found(500..1000, true).await;
}

#[test]
fn what_is_looked_for_stands_in_nothing_that_the_program_says() {
    let traces = traces(1000);
    for files in [Files::embedded_flows(), Files::embedded_scripts()] {
        for file in &files.files {
            assert_eq!(traces.found(file.source.text.as_bytes()), Vec::<String>::new(), "{}", file.name);
        }
    }
}
