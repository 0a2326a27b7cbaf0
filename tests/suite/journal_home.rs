//! Places for journals, and facts to put there: what the tests of both stores share.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use allo_cmp::{
    call::{DialOutcome, Lang},
    journal::{CallMark, Entry, EntryId, Kind, Rules, Store, Tally, TallyKind},
};
use jiff::civil::date;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection};
use tempfile::TempDir;

use crate::postgres;

/// A place for a journal.
pub(crate) struct Home {
    pub(crate) url: String,
    _folder: Option<TempDir>,
}

pub(crate) const RULES: Rules = Rules { keep_days: 30 };
/// Monday 1 June 2026, noon in Paris.
pub(crate) const NOON: i64 = 1_780_308_000;
pub(crate) const HOUR: i64 = 3_600;

impl Home {
    pub(crate) fn sqlite() -> Home {
        let folder = tempfile::tempdir().unwrap();
        Home { url: format!("sqlite:{}", folder.path().join("journal.db").display()), _folder: Some(folder) }
    }

    pub(crate) fn at(url: &str) -> Home {
        Home { url: url.to_owned(), _folder: None }
    }

    pub(crate) async fn postgres() -> Option<Home> {
        Some(Home::at(&postgres::shared()?.database().await))
    }

    /// Where its file is, of a SQLite one.
    pub(crate) fn file(&self) -> &Path {
        Path::new(self.url.strip_prefix("sqlite:").unwrap())
    }

    /// Overwrites pages in the middle of its file, as a failing disk may.
    pub(crate) async fn damage(&self) {
        self.run("PRAGMA wal_checkpoint(TRUNCATE)").await;
        let mut bytes = fs::read(self.file()).unwrap();
        let (page, middle) = (4_096, bytes.len() / 4_096 / 2 * 4_096);
        bytes[middle..middle + 6 * page].fill(0xa5);
        fs::write(self.file(), bytes).unwrap();
    }

    pub(crate) async fn open(&self) -> Store {
        Store::open(&self.url, RULES).await.unwrap()
    }

    /// Runs statements without the program.
    pub(crate) async fn run(&self, sql: &str) {
        let sql = AssertSqlSafe(sql);
        if self.url.starts_with("sqlite") {
            let mut link = SqliteConnection::connect(&format!("{}?mode=rwc", self.url)).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut link).await.unwrap();
            link.close().await.unwrap();
        } else {
            let mut link = PgConnection::connect(&self.url).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut link).await.unwrap();
            link.close().await.unwrap();
        }
    }

    /// The bytes in the first column of the rows of a statement.
    pub(crate) async fn bytes(&self, sql: &'static str) -> Vec<Vec<u8>> {
        if self.url.starts_with("sqlite") {
            let mut link = SqliteConnection::connect(&self.url).await.unwrap();
            sqlx::query(sql).fetch_all(&mut link).await.unwrap().iter().map(|row| row.get(0)).collect()
        } else {
            let mut link = PgConnection::connect(&self.url).await.unwrap();
            sqlx::query(sql).fetch_all(&mut link).await.unwrap().iter().map(|row| row.get(0)).collect()
        }
    }

    /// Whether these bytes stand anywhere in the files of a SQLite journal.
    pub(crate) fn holds(&self, bytes: &[u8]) -> bool {
        ["", "-wal", "-shm"].iter().any(|end| {
            let file = fs::read(format!("{}{end}", self.file().display())).unwrap_or_default();
            file.windows(bytes.len()).any(|found| found == bytes)
        })
    }

    /// The number that a statement gives.
    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        if self.url.starts_with("sqlite") {
            let mut link = SqliteConnection::connect(&self.url).await.unwrap();
            sqlx::query(sql).fetch_one(&mut link).await.unwrap().get(0)
        } else {
            let mut link = PgConnection::connect(&self.url).await.unwrap();
            sqlx::query(sql).fetch_one(&mut link).await.unwrap().get(0)
        }
    }
}

/// Makes of each function a test on SQLite and one on PostgreSQL.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name($crate::journal_home::Home::sqlite()).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                if let Some(home) = $crate::journal_home::Home::postgres().await {
                    super::$name(home).await;
                }
            })*
        }
    };
}

pub(crate) use on_both;

/// A fact of a call.
pub(crate) fn fact(id: u32, call: u8, turn: u16, second: i64, kind: Kind, subject: &str) -> Entry {
    let mut bytes = [0x5a; 16];
    // Ids are spread as those of the program are.
    bytes[..4].copy_from_slice(&id.wrapping_mul(2_654_435_761).to_be_bytes());
    Entry {
        id: EntryId(bytes),
        call: CallMark([0xc4, 0x11, 0xed, 0x0f, 0xfa, 0xce, 0x77, call]),
        turn,
        second,
        lang: None,
        kind,
        subject: Arc::from(subject),
        outcome: None,
        talked: None,
    }
}

pub(crate) fn transferred(
    id: u32,
    call: u8,
    turn: u16,
    second: i64,
    outcome: DialOutcome,
    talked: Option<u32>,
) -> Entry {
    Entry { outcome: Some(outcome), talked, ..fact(id, call, turn, second, Kind::Transferred, "our_team") }
}

pub(crate) async fn tallies(store: &mut Store) -> Vec<Tally> {
    store.tallies(date(1900, 1, 1), date(2100, 1, 1)).await.unwrap()
}

/// `day hour subject` of all tallies of a kind, each as often as it was counted.
pub(crate) async fn told(store: &mut Store, kind: TallyKind) -> Vec<String> {
    let found = tallies(store).await.into_iter().filter(|tally| tally.kind == kind);
    found
        .flat_map(|tally| {
            vec![format!("{} {:02} {}", tally.day, tally.hour, tally.subject); usize::try_from(tally.count).unwrap()]
        })
        .collect()
}

/// How often each kind of fact was counted.
pub(crate) async fn sums(store: &mut Store) -> BTreeMap<String, u64> {
    let mut sums = BTreeMap::new();
    for tally in tallies(store).await {
        *sums.entry(format!("{:?} {} {:?}", tally.kind, tally.subject, tally.lang)).or_default() += tally.count;
    }
    sums
}

/// Forty calls, each with a language, three places and an end.
pub(crate) fn calls() -> Vec<Entry> {
    let mut facts = Vec::new();
    for call in 0..40_u8 {
        let (id, second) = (u32::from(call) * 10, NOON + i64::from(call) * 400);
        let lang = Some([Lang::FR, Lang::EN][usize::from(call % 2)]);
        let place = ["documents", "centres", "urgent"][usize::from(call % 3)];
        facts.push(fact(id, call, 0, second, Kind::Began, ""));
        facts.push(fact(id + 1, call, 0, second, Kind::Reached, "arrival"));
        facts.push(Entry { lang, ..fact(id + 2, call, 1, second + 8, Kind::Language, "") });
        facts.push(Entry { lang, ..fact(id + 3, call, 1, second + 8, Kind::Reached, "menu") });
        facts.push(Entry { lang, ..fact(id + 4, call, 2, second + 20, Kind::Reached, place) });
        facts.push(Entry { lang, ..fact(id + 5, call, u16::MAX, second + 90, Kind::Ended, "") });
    }
    facts
}
