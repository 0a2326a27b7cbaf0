//! What a disk does to a journal: a copy that does not fit or is cut short, files moved away while they are written to, files that
//! are shorter than they were.

use std::{fs, path::Path, process::Command, time::Duration};

use allo_cmp::journal::{Keep, Store, StoreError, rescue, restore};
use tempfile::TempDir;

use crate::{
    journal_care::facts,
    journal_home::{Home, tallies},
};

/// Far above what the end of a connection takes on a busy machine.
const PATIENCE: u32 = 2_000;

/// A journal that nobody has open, all of it in its one file.
async fn closed(count: u32) -> Home {
    let home = Home::sqlite();
    let mut store = home.open().await;
    for portion in facts(0, count).chunks(500) {
        store.write(portion).await.unwrap();
    }
    drop(store);
    let log = home.file().with_extension("db-wal");
    for _ in 0..PATIENCE {
        if !log.exists() {
            return home;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the connection is not closed");
}

/// Runs `allo-cmp journal` where no file may grow beyond so many blocks of 512 bytes: as on a full disk, or, `killed`, so that
/// the system ends it at that moment.
fn limited(home: &Home, blocks: u32, killed: bool, words: &[&str]) -> String {
    let folder: TempDir = tempfile::tempdir().unwrap();
    let program = crate::program::command(folder.path());
    let trap = if killed { "" } else { "trap '' XFSZ; " };
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{trap}ulimit -c 0; ulimit -f {blocks}; exec \"$@\""), "sh"]);
    command.arg(program.get_program()).arg("journal").args(words);
    command
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("ALLO_CMP__JOURNAL__URL", &home.url)
        .current_dir(folder.path());
    let output = command.output().unwrap();
    assert!(!output.status.success(), "{output:?}");
    assert_eq!(output.status.code().is_none(), killed, "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

async fn begun(file: &Path) -> u64 {
    Store::read(&format!("sqlite:{}", file.display())).await.unwrap().condition().await.unwrap().begun
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_is_cut_short_bears_no_name_and_leaves_the_journal_where_it_is() {
    let (home, folder) = (closed(4_000).await, tempfile::tempdir().unwrap());
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (whole, copy, aside, saved) = (at("whole.db"), at("copy.db"), at("aside.db"), at("saved.db"));
    allo_cmp::journal::backup(&home.url, Path::new(&whole)).await.unwrap();
    for killed in [false, true] {
        for (words, target) in [
            (["backup", "--to", &copy].as_slice(), copy.as_str()),
            (&["rescue", "--to", &saved], &saved),
            (&["restore", "--from", &whole, "--aside", &aside], home.file().to_str().unwrap()),
        ] {
            let said = limited(&home, 100, killed, words);
            assert!(killed || said.contains(target), "whose disk it is: {said}");
            for never in [&copy, &saved, &aside] {
                assert!(!Path::new(never).exists(), "{words:?} {killed} left {never}");
            }
            let beside = fs::read_dir(folder.path()).unwrap().count();
            assert!(killed || beside == 1, "{words:?} left something beside");
            assert_eq!(begun(home.file()).await, 4_000, "{words:?} {killed}");
        }
    }
    // What a killed run left stands in nobody's way.
    allo_cmp::journal::backup(&home.url, Path::new(&copy)).await.unwrap();
    assert_eq!(rescue(&home.url, Path::new(&saved)).await.unwrap().facts, 4_000);
    assert_eq!((begun(Path::new(&copy)).await, begun(Path::new(&saved)).await), (4_000, 4_000));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_no_reason_to_throw_a_journal_away() {
    let (home, folder) = (closed(10).await, tempfile::tempdir().unwrap());
    let to = folder.path().join("saved.db");
    for words in
        [["rescue", "--to", to.to_str().unwrap()].as_slice(), &["backup", "--to", to.to_str().unwrap()], &["check"]]
    {
        // The file that readers share can't be made.
        let said = limited(&home, 1, false, words);
        assert!(said.contains("make room on its disk"), "{words:?}: {said}");
    }
}

fn away<T>(result: Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Away(why)) if why.contains("moved, removed or replaced"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_moved_or_replaced_while_it_is_written_to_is_noticed_and_nothing_is_lost() {
    let home = Home::sqlite();
    let mut store = home.open().await;
    store.write(&facts(0, 10)).await.unwrap();
    let (moved, other) = (home.file().with_file_name("moved.db"), closed(5).await);
    fs::rename(home.file(), &moved).unwrap();
    assert!(away(store.write(&facts(10, 10)).await), "it is told");
    assert_eq!(store.write(&facts(10, 10)).await.unwrap().new, 10, "it goes on in a new file");
    fs::rename(other.file(), home.file()).unwrap();
    assert!(away(store.sweep(0).await), "also where nobody calls");
    assert_eq!(store.write(&facts(20, 10)).await.unwrap().new, 10);
    let condition = store.condition().await.unwrap();
    assert_eq!((condition.begun, condition.damage.len()), (15, 0), "{condition:?}");
    fs::remove_file(home.file()).unwrap();
    assert!(away(store.write(&facts(30, 1)).await));
    assert_eq!(store.write(&facts(30, 1)).await.unwrap().new, 1);
    assert_eq!((begun(&moved).await, tallies(&mut store).await.len()), (10, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_file_that_was_cut_what_is_left_of_it_is_saved() {
    let (home, folder) = (closed(4_000).await, tempfile::tempdir().unwrap());
    let bytes = fs::read(home.file()).unwrap();
    fs::write(home.file(), &bytes[..bytes.len() * 3 / 4]).unwrap();
    let saved = rescue(&home.url, &folder.path().join("saved.db")).await.unwrap();
    assert!(saved.tallies > 0 && saved.facts > 1_000 && saved.lost > 0, "{saved:?}");
    // Its head alone holds nothing, and says so.
    fs::write(home.file(), &bytes[..4_096]).unwrap();
    let nothing = rescue(&home.url, &folder.path().join("nothing.db")).await;
    assert!(nothing.is_err_and(|why| why.to_string().contains("nothing can be read")));
    assert!(!folder.path().join("nothing.db").exists());
}

/// Makes the middle cell of a leaf of the facts a row that comes after all others.
fn misnumber(bytes: &mut [u8]) {
    for page in bytes.chunks_mut(4_096).skip(1) {
        let cell = |page: &[u8], at: usize| usize::from(u16::from_be_bytes([page[8 + 2 * at], page[9 + 2 * at]]));
        let cells = usize::from(u16::from_be_bytes([page[3], page[4]]));
        if page[0] != 13 || cells < 20 {
            continue;
        }
        // A byte for the length of the row, two for a number from 128 to 16383.
        let middle = cell(page, cells / 2) + 1;
        let number = (u16::from(page[middle]) & 0x7f) << 7 | u16::from(page[middle + 1]);
        if page[middle] & 0x80 != 0 && (1_000..2_000).contains(&number) {
            page[middle..middle + 2].copy_from_slice(&[0xff, 0x7f]);
            return;
        }
    }
    panic!("no such page");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_with_a_damaged_number_hides_no_others_from_the_rescue() {
    let (home, folder) = (closed(4_000).await, tempfile::tempdir().unwrap());
    let mut bytes = fs::read(home.file()).unwrap();
    misnumber(&mut bytes);
    fs::write(home.file(), &bytes).unwrap();
    let saved = rescue(&home.url, &folder.path().join("saved.db")).await.unwrap();
    assert!(saved.facts >= 3_900 && saved.facts + saved.lost >= 4_000, "{saved:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_file_is_no_backup_and_the_journal_may_be_put_aside_on_another_disk() {
    let (home, folder) = (closed(10).await, tempfile::tempdir().unwrap());
    let (empty, aside) = (folder.path().join("empty.db"), folder.path().join("aside.db"));
    fs::write(&empty, "").unwrap();
    let said = restore(&home.url, &empty, Some(&aside)).await.unwrap_err().to_string();
    assert!(said.contains("is empty: it is no journal") && begun(home.file()).await == 10, "{said}");
    let Ok(other) = tempfile::tempdir_in("/dev/shm") else {
        println!("skipped: there is no other disk");
        return;
    };
    let (copy, aside) = (folder.path().join("copy.db"), other.path().join("aside.db"));
    allo_cmp::journal::backup(&home.url, &copy).await.unwrap();
    let mut restored = restore(&home.url, &copy, Some(&aside)).await;
    for _ in 0..PATIENCE {
        // A reader is closed by a thread of its own.
        if restored.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
        restored = restore(&home.url, &copy, Some(&aside)).await;
    }
    assert_eq!((restored.unwrap().begun, begun(&aside).await), (10, 10));
}
