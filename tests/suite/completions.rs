//! The completions: each shell that is found reads its script, and completes what is half typed.

use std::{fs, path::Path, process::Command};

use crate::program::command;

/// What a shell does with its script, named `$0`, to print how it completes `allo-cmp jou` and `allo-cmp report --mo`.
const SHELLS: [(&str, &str, &[&str]); 3] = [
    (
        "bash",
        r#"source "$0"
        COMP_WORDS=(allo-cmp jou) COMP_CWORD=1
        _allo__cmp allo-cmp jou allo-cmp; printf '%s\n' "${COMPREPLY[@]}"
        COMP_WORDS=(allo-cmp report --mo) COMP_CWORD=2
        _allo__cmp allo-cmp --mo report; printf '%s\n' "${COMPREPLY[@]}""#,
        &["journal", "--month"],
    ),
    // It completes for a terminal alone: here it reads the script, and knows the function.
    (
        "zsh",
        r#"compdef() { print "$@"; }; source "$0"; whence -w _allo-cmp"#,
        &["_allo-cmp allo-cmp", "_allo-cmp: function"],
    ),
    (
        "fish",
        r#"source "$argv[1]"; complete -C "allo-cmp jou"; complete -C "allo-cmp report --mo""#,
        &["journal", "--month"],
    ),
];

fn script(shell: &str) -> String {
    let output = command(Path::new("/")).args(["completions", shell]).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn each_shell_completes_what_is_half_typed() {
    let folder = tempfile::tempdir().unwrap();
    for (shell, asked, expected) in SHELLS {
        let file = folder.path().join(shell);
        fs::write(&file, script(shell)).unwrap();
        let Ok(output) = Command::new(shell).arg("-c").arg(asked).arg(&file).output() else {
            eprintln!("skipped: {shell} is not here");
            continue;
        };
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{shell}");
        let said = String::from_utf8(output.stdout).unwrap();
        let words: Vec<&str> = said.lines().map(|line| line.split('\t').next().unwrap()).collect();
        assert_eq!(words, expected, "{shell}: {said}");
    }
}

#[test]
fn completions_need_no_settings_that_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("allo-cmp.toml"), "this = is no [toml").unwrap();
    assert!(command(folder.path()).args(["completions", "bash"]).output().unwrap().status.success());
    assert!(!command(folder.path()).args(["demo"]).output().unwrap().status.success());
}
