//! `allo-cmp config` and `--version`, as they are called from a shell.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use assert_cmd::Command;
use serde_json::Value;

const SECRET: &str = "hunter2-hunter2-hunter2-hunter2-hunter2";

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::from_std(crate::program::command(folder));
    command.args(args);
    command
}

fn printed(command: &mut Command) -> (String, String) {
    let output = command.assert().success().get_output().clone();
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn config_tells_what_is_in_force_where_it_comes_from_and_nothing_of_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let (secret, token) = (folder.path().join("secret"), "providers.twilio.auth_token");
    fs::write(&secret, format!("{SECRET}\n")).unwrap();
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o644)).unwrap();
    fs::write(folder.path().join(token), SECRET).unwrap();
    fs::set_permissions(folder.path().join(token), fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(folder.path().join("allo-cmp.toml"), "[server]\ngrace_seconds = 7\n").unwrap();
    let run = |args: &[&str]| {
        let mut command = command(folder.path(), args);
        command.env("ALLO_CMP__SERVER__SECRET_FILE", &secret).env("CREDENTIALS_DIRECTORY", folder.path());
        printed(command.env("ALLO_CMP__JOURNAL__URL", format!("postgres://me:{SECRET}@db/j")))
    };
    let (text, warned) = run(&["config", "--flows", "mine"]);
    for line in [
        "flows = mine   (--flows)",
        "server.grace_seconds = 7   (allo-cmp.toml, line 2)",
        "server.max_connections = 1024   (default)",
        "journal.url = postgres://·@db/j   (ALLO_CMP__JOURNAL__URL)",
        "journal.key is not given",
        "- The address at which providers reach this server is missing",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(text.contains(&format!("server.secret = given   ({}, which", secret.display())), "{text}");
    assert!(text.contains("providers.twilio.auth_token = given   ("), "{text}");
    assert!(warned.contains("everyone on this machine can read") && warned.lines().count() == 1, "{warned}");

    let (json, _) = run(&["config", "--json"]);
    assert!(![&text, &warned, &json].iter().any(|said| said.contains("hunter2")), "a secret is repeated");
    let json: Value = serde_json::from_str(&json).unwrap();
    let named =
        |name: &str| json["settings"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap().clone();
    assert_eq!(named("server.grace_seconds")["from"]["line"], 2);
    assert_eq!(named("server.secret")["from"]["kind"], "own_file");
    assert_eq!((&named(token)["from"]["kind"], &named(token)["secret"]), (&"credential".into(), &true.into()));
    assert_eq!(named("journal.key")["value"], Value::Null);
    assert_eq!(json["missing_for_serve"].as_array().unwrap().len(), 1);

    let whole = printed(
        command(folder.path(), &["config"])
            .env("ALLO_CMP__SERVER__SECRET", SECRET)
            .env("ALLO_CMP__SERVER__PUBLIC_URL", "https://line.example.org")
            .env("ALLO_CMP__PROVIDERS__PLIVO__AUTH_TOKEN", SECRET),
    );
    assert!(whole.0.ends_with("Nothing is missing for `allo-cmp serve`.\n"), "{}", whole.0);
}

#[test]
fn a_secrets_file_that_is_wrong_stops_the_program_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let mut serve = command(folder.path(), &["serve"]);
    let assert = serve.env("ALLO_CMP__SERVER__SECRET_FILE", "/nowhere/secret").assert().failure().code(1);
    let said = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
    assert!(said.contains("/nowhere/secret") && said.contains("ALLO_CMP__SERVER__SECRET_FILE"), "{said}");
}

#[test]
fn the_version_is_one_line_and_the_long_version_tells_how_the_program_was_built() {
    let folder = tempfile::tempdir().unwrap();
    let (short, _) = printed(&mut command(folder.path(), &["-V"]));
    assert_eq!(short, concat!("allo-cmp ", env!("CARGO_PKG_VERSION"), "\n"));
    let (long, _) = printed(&mut command(folder.path(), &["--version"]));
    assert!(long.starts_with(&short), "{long}");
    let facts: Vec<&str> =
        long.lines().skip(1).filter_map(|line| line.split_once(": ")).map(|(name, _)| name).collect();
    assert_eq!(facts, ["commit", "compiler", "target", "features"]);
    assert!(long.contains("compiler: rustc ") && long.contains(std::env::consts::ARCH), "{long}");
}

#[cfg(not(feature = "tls"))]
#[test]
fn a_program_without_tls_says_how_to_build_it_with_or_what_to_take_out() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = command(folder.path(), &["serve"]);
    command.env("ALLO_CMP__SERVER__TLS_CERTIFICATE", "c.pem").env("ALLO_CMP__SERVER__TLS_KEY", "k.pem");
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains("cargo build --release --features tls"), "{said}");
    assert!(said.contains("take server.tls_certificate and server.tls_key out"), "{said}");
}
