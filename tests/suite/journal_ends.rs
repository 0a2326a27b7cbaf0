//! The journal of the real program: that it never keeps the line from opening, and what it leaves behind at each end.

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::Program;

/// A folder with settings whose journal can't be opened: its folder is a file.
fn blocked() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(at("file"), "").unwrap();
    let settings =
        format!("[journal]\nurl = \"sqlite:{}\"\nspool_path = \"{}\"\n", at("file/journal.db"), at("kept/spool"));
    std::fs::write(at("settings.toml"), settings).unwrap();
    folder
}

async fn start(folder: &Path) -> Program {
    Program::start_with(&["--config".as_ref(), folder.join("settings.toml").as_os_str()], None, "info").await
}

/// How it stands once it is no longer being opened.
async fn opened(program: &Program) -> Value {
    for _ in 0..200 {
        let journal = program.journal().await;
        if journal["state"] != "opening" {
            return journal;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it is still being opened: {}", program.log())
}

#[tokio::test]
async fn a_journal_that_cannot_be_opened_keeps_nobody_from_calling_and_is_told() {
    let folder = blocked();
    let mut program = start(folder.path()).await;
    let journal = opened(&program).await;
    assert_eq!((&journal["state"], &journal["lost"]), (&"broken".into(), &0.into()), "{journal}");
    assert!(journal["since"].is_string(), "{journal}");
    assert!(program.log().contains("ERROR") && program.log().contains("journal.url"), "{}", program.log());
    program.terminate();
    assert_eq!(program.ended().await.code(), Some(0));
    assert!(program.log().contains("the journal is closed"), "{}", program.log());
}

#[tokio::test]
async fn a_kill_is_told_at_the_next_start_and_an_end_is_not() {
    let folder = blocked();
    let mark = folder.path().join("kept/spool.running");
    let unclean = async |program: &Program| opened(program).await["ended_unclean"].clone();

    let mut program = start(folder.path()).await;
    assert_eq!(unclean(&program).await, false);
    assert!(mark.exists());
    program.terminate();
    program.ended().await;
    assert!(!mark.exists());

    let program = start(folder.path()).await;
    assert_eq!(unclean(&program).await, false);
    program.kill();
    let program = start(folder.path()).await;
    assert_eq!(unclean(&program).await, true);
    assert!(program.log().contains("the last run was killed"), "{}", program.log());
}

#[tokio::test]
async fn two_programs_do_not_share_a_spool() {
    let folder = blocked();
    let first = start(folder.path()).await;
    opened(&first).await;
    let second = start(folder.path()).await;
    let journal = opened(&second).await;
    assert_eq!((&journal["spool_fails"], &journal["ended_unclean"]), (&true.into(), &false.into()), "{journal}");
    assert!(second.log().contains("another program uses"), "{}", second.log());
    assert_eq!(opened(&first).await["spool_fails"], false);
}

#[tokio::test]
async fn without_a_journal_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("settings.toml"), "journal.url = \"none\"\n").unwrap();
    let program = start(folder.path()).await;
    let journal = program.journal().await;
    assert_eq!((&journal["state"], &journal["since"]), (&"off".into(), &Value::Null), "{journal}");
    assert!(program.log().contains("journal.url = none"), "{}", program.log());
}
