//! The program as it is called from a shell: exit codes, what is printed, and errors that say what to do.

mod lines;

use std::{fs, path::Path};

use assert_cmd::{Command, assert::Assert};
use serde_json::Value;
use tempfile::TempDir;

/// The program without anything of the environment of whoever runs the tests, in an empty folder.
struct Shell(TempDir);

impl Shell {
    fn new() -> Shell {
        Shell(tempfile::tempdir().unwrap())
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::from_std(crate::program::command(self.0.path()));
        command.args(args);
        command
    }

    fn run(&self, args: &[&str]) -> Assert {
        self.command(args).assert()
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A folder `flows` with the shipped flows, one thing in them exchanged.
    fn flows(&self, file: &str, from: &str, to: &str) {
        for flow in crate::line::flows(&[(file, from, to)]).files {
            self.write(&format!("flows/{}", flow.name), &flow.source.text);
        }
    }
}

fn out(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

fn err(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

#[test]
fn demo_without_a_terminal_plays_a_call_with_a_menu_and_9() {
    let demo = Shell::new().run(&["demo"]).success();
    let call = out(&demo);
    for expected in ["Menu principal", "→ key 9", "Une vie en danger", "☎ dial +33972394050 → completed", "☎"] {
        assert!(call.contains(expected), "{expected}: {call}");
    }
    assert_eq!(err(&demo), "");
}

#[test]
fn call_prints_json_lines_in_order() {
    let call = Shell::new().run(&["call", "--json", "--keys", "1 _ 9 _ _ 4", "--dial", "busy,completed:60"]).success();
    let lines: Vec<Value> = out(&call).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let times: Vec<f64> = lines.iter().map(|line| line["t"].as_f64().unwrap()).collect();
    assert!(times.is_sorted(), "{times:?}");
    assert!(times.first() == Some(&0.0) && *times.last().unwrap() > 30.0, "{times:?}");
    let events: Vec<&str> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    for event in ["say", "listen", "press", "silence", "dial", "hangup"] {
        assert!(events.contains(&event), "{event}: {events:?}");
    }
    assert_eq!(events.last(), Some(&"hangup"));
    let nine = lines.iter().position(|line| line["key"] == "9").unwrap();
    let next = &lines[nine + 1];
    assert_eq!((next["event"].as_str(), next["lang"].as_str()), (Some("say"), Some("fr")));
    assert!(next["text"].as_str().unwrap().starts_with("Une vie en danger"), "{next}");
    let dial = lines.iter().find(|line| line["event"] == "dial").unwrap();
    assert_eq!((&dial["number"], &dial["outcome"]), (&"+33972394050".into(), &"busy".into()));
}

#[test]
fn call_at_any_time_and_from_a_hidden_number_is_a_call() {
    let shell = Shell::new();
    for args in [
        ["--at", "2026-12-25T03:00"],
        ["--at", "2030-02-28T23:59:59+01:00"],
        ["--from", "anonymous"],
        ["--from", "+266696687"],
    ] {
        let call = shell.run(&[&["call", "--hang-up", "--keys", "1"], &args[..]].concat()).success();
        assert!(out(&call).contains("Menu principal"), "{args:?}");
    }
}

#[test]
fn call_refuses_what_makes_no_sense() {
    let shell = Shell::new();
    for (args, expected) in [
        (&["--url", "http://127.0.0.1:1", "--at", "2026-12-25T03:00"][..], "--at"),
        (&["--url", "http://127.0.0.1:1"], "ALLO_CMP__PROVIDERS__TWILIO__AUTH_TOKEN"),
        (&["--at", "tomorrow"], "2026-12-25T03:00"),
        (&["--keys", "1 a"], "a"),
        (&["--dial", "engaged"], "engaged"),
    ] {
        let call = shell.run(&[&["call"], args].concat()).failure().code(1);
        assert!(err(&call).contains(expected), "{args:?}: {}", err(&call));
        assert_eq!(out(&call), "", "{args:?}");
    }
    // A server that is not there.
    let mut call = shell.command(&["call", "--url", "http://127.0.0.1:1"]);
    call.env("ALLO_CMP__PROVIDERS__TWILIO__AUTH_TOKEN", "12345678901234567890123456789012");
    let call = call.assert().failure().code(1);
    assert!(err(&call).contains("http://127.0.0.1:1"), "{}", err(&call));
}

#[tokio::test(flavor = "multi_thread")]
async fn call_dials_a_server_that_runs() {
    let program = crate::program::Program::start(None, "info").await;
    let shell = Shell::new();
    let mut call =
        shell.command(&["call", "--hang-up", "--keys", "2 9", "--url", &format!("http://{}", program.address)]);
    call.env("ALLO_CMP__PROVIDERS__TWILIO__AUTH_TOKEN", crate::line::AUTH_TOKEN);
    call.env("ALLO_CMP__SERVER__PUBLIC_URL", crate::line::PUBLIC);
    let call = call.assert().success();
    assert!(out(&call).contains("A life in danger"), "{}", out(&call));
}

#[test]
fn serve_without_secrets_names_what_is_missing() {
    let serve = Shell::new().run(&["serve"]).failure().code(1);
    for setting in ["providers.twilio.auth_token", "server.secret", "server.public_url"] {
        let variable = format!("ALLO_CMP__{}", setting.to_uppercase().replace('.', "__"));
        assert!(err(&serve).contains(setting) && err(&serve).contains(&variable), "{setting}: {}", err(&serve));
    }
    assert_eq!(out(&serve), "");
}

#[test]
fn serve_refuses_a_line_that_is_broken() {
    let shell = Shell::new();
    shell.flows("main.yaml", "go: find_cmp }", "go: find_cpm }");
    let mut serve = shell.command(&["serve", "--flows", "flows"]);
    serve.env("ALLO_CMP__SERVER__PUBLIC_URL", crate::line::PUBLIC);
    serve.env("ALLO_CMP__SERVER__SECRET", crate::line::SECRET);
    serve.env("ALLO_CMP__PROVIDERS__TWILIO__AUTH_TOKEN", crate::line::AUTH_TOKEN);
    let serve = serve.assert().failure().code(1);
    assert!(err(&serve).contains("did you mean `find_cmp`?"), "{}", err(&serve));
    assert!(err(&serve).contains("allo-cmp check"), "{}", err(&serve));
}

#[test]
fn check_judges_the_shipped_line_and_a_broken_one() {
    let shell = Shell::new();
    let check = shell.run(&["check"]).success();
    assert!(out(&check).contains(": 0 error(s), "), "{}", out(&check));

    shell.flows("main.yaml", "go: find_cmp }", "go: find_cpm }");
    let check = shell.run(&["check", "--flows", "flows"]).failure().code(1);
    for expected in ["no node is called `find_cpm`", "did you mean `find_cmp`?", "flows/main.yaml:8:", "1 error(s)"] {
        assert!(out(&check).contains(expected), "{expected}: {}", out(&check));
    }
    let check = shell.run(&["check", "--json", "--flows", "flows"]).failure().code(1);
    let found: Vec<Value> = out(&check).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let error = found.iter().find(|found| found["severity"] == "error").unwrap();
    assert_eq!((&error["code"], &error["line"]), (&"unknown-node".into(), &8.into()), "{error}");
    assert!(error["file"].as_str().unwrap().ends_with("main.yaml"), "{error}");

    // No folder, no flows, no YAML: said, not survived.
    fs::create_dir(shell.path().join("empty")).unwrap();
    for folder in ["nowhere", "empty"] {
        let check = shell.run(&["check", "--flows", folder]).failure().code(1);
        assert!(out(&check).contains("error"), "{folder}: {}", out(&check));
    }
    shell.write("flows/main.yaml", "main_menu: [\n");
    let check = shell.run(&["check", "--flows", "flows"]).failure().code(1);
    assert!(out(&check).contains("main.yaml"), "{}", out(&check));
}

#[test]
fn whoever_closes_the_output_has_made_no_mistake() {
    let shell = Shell::new();
    let (flows, scripts) = crate::line::small(&[], &[]);
    crate::line::write_line(shell.path(), &flows, &scripts);
    crate::line::write_line(
        &shell.path().join("broken"),
        &crate::line::small(&[("go: about }", "go: abuot }")], &[]).0,
        &scripts,
    );
    // Without a reader: `allo-cmp check | head -1`, at its worst. What was judged is judged all the same.
    for (args, code) in [
        (&["check", "--flows", "flows", "--scripts", "scripts"][..], 0),
        (&["check", "--json", "--flows", "broken/flows", "--scripts", "scripts"], 1),
        (&["graph"], 0),
        (&["graph", "--format", "json"], 0),
        (&["schema"], 0),
        (&["call", "--hang-up", "--keys", "1"], 0),
        (&["call", "--json", "--hang-up", "--keys", "1"], 0),
        (&["demo"], 0),
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = crate::program::command(shell.path()).args(args).stdout(writer).output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{args:?}");
        assert_eq!(output.status.code(), Some(code), "{args:?}");
    }
}

#[test]
fn an_unknown_setting_is_an_error_that_names_it() {
    let shell = Shell::new();
    let mut check = shell.command(&["check"]);
    let check = check.env("ALLO_CMP__SERVER__LISEN", "127.0.0.1:1").assert().failure().code(1);
    assert!(err(&check).contains("ALLO_CMP__SERVER__LISEN"), "{}", err(&check));
    assert!(err(&check).contains("Did you mean ALLO_CMP__SERVER__LISTEN?"), "{}", err(&check));

    for (name, args) in [("allo-cmp.toml", &["check"][..]), ("mine.toml", &["check", "--config", "mine.toml"])] {
        shell.write(name, "[server]\nlisten = \"127.0.0.1:1\"\nsecretly = \"of no one's business\"\n");
        let check = shell.run(args).failure().code(1);
        let said = err(&check);
        assert!(said.contains("`server.secretly`") && said.contains(&format!("{name}, line 3")), "{said}");
        assert!(!said.contains("business"), "a value is repeated: {said}");
        fs::remove_file(shell.path().join(name)).unwrap();
    }
    let missing = shell.run(&["check", "--config", "missing.toml"]).failure().code(1);
    assert!(err(&missing).contains("missing.toml"), "{}", err(&missing));
}

#[test]
fn an_environment_that_is_no_utf_8_is_passed_over_unless_it_is_ours() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    let shell = Shell::new();
    let latin = OsStr::from_bytes(b"\xc9lodie");
    shell.command(&["schema"]).env("REALNAME", latin).env(latin, "x").assert().success();
    let ours = shell.command(&["schema"]).env("ALLO_CMP__LINE__OPERATOR__FR", latin).assert().failure().code(1);
    assert!(err(&ours).contains("ALLO_CMP__LINE__OPERATOR__FR: it is not UTF-8"), "{}", err(&ours));
    assert!(!err(&ours).contains("lodie"), "a value is repeated: {}", err(&ours));
}

#[test]
fn graph_draws_the_line_in_three_forms() {
    let shell = Shell::new();
    let graph = shell.run(&["graph", "--format", "json"]).success();
    let json: Value = serde_json::from_str(&out(&graph)).unwrap();
    assert!(json.to_string().contains("urgent_help"), "{json}");

    let mermaid = out(&shell.run(&["graph"]).success());
    assert!(mermaid.starts_with("flowchart") && mermaid.contains("main_menu"), "{mermaid}");

    let dot = out(&shell.run(&["graph", "--format", "dot"]).success());
    assert!(dot.starts_with("digraph") && dot.contains("main_menu"), "{dot}");
    match std::process::Command::new("dot").arg("-V").output() {
        Ok(_) => {
            Command::new("dot").args(["-Tsvg"]).write_stdin(dot).assert().success();
        }
        Err(_) => println!("skipped: `dot` of Graphviz is not installed, so nobody has read the DOT"),
    }
    let english = out(&shell.run(&["graph", "--lang", "en"]).success());
    assert!(english.contains("1 To find") && !english.contains("Pour"), "{english}");
    shell.run(&["graph", "--format", "png"]).failure().code(2);
}

#[test]
fn what_is_no_command_is_an_error_and_help_is_none() {
    let shell = Shell::new();
    shell.run(&["dial"]).failure().code(2);
    shell.run(&[]).failure().code(2);
    assert!(out(&shell.run(&["--version"]).success()).starts_with("allo-cmp "));
}

#[test]
fn the_notice_says_that_the_call_is_free_only_where_the_settings_say_so() {
    let heard = |settings: &str, keys: &str| {
        let shell = Shell::new();
        shell.write("allo-cmp.toml", settings);
        out(&shell.run(&["call", "--keys", keys, "--hang-up"]).success()).replace("\n             ", "")
    };
    assert!(!heard("", "1").contains("gratuit"), "nobody said that it is free");
    assert!(!heard("[line]\ncall_is_free = false\n", "2").contains("free"));
    let free = "[line]\ncall_is_free = true\n";
    assert!(heard(free, "1").contains("Nous ne gardons pas votre numéro. Cet appel est gratuit."));
    assert!(heard(free, "2").contains("This call is free."));
}

#[test]
fn who_runs_the_line_and_how_to_reach_them_is_said_as_the_settings_have_it() {
    let shell = Shell::new();
    shell.write(
        "allo-cmp.toml",
        "[line]\noperator = { fr = \"l'association Exemple\", en = \"the Exemple association\" }\n\
         contact = { fr = \"au 01 99 00 12 34\", en = \"on 01 99 00 12 34\" }\n",
    );
    for (language, expected) in
        [("1", ["l'association Exemple", "au 01 99 00 12 34"]), ("2", ["the Exemple association", "on 01 99 00 12 34"])]
    {
        let heard = out(&shell.run(&["call", "--keys", &format!("{language} 0 3"), "--hang-up"]).success());
        let heard = heard.split_whitespace().collect::<Vec<_>>().join(" ");
        for words in expected.into_iter().chain(["CNIL"]) {
            assert!(heard.contains(words), "{words}: {heard}");
        }
    }
}

#[test]
fn stamp_writes_what_a_translation_was_made_from_and_nothing_else() {
    let shell = Shell::new();
    shell.write("s/fr/a.md", "---\nstatus: draft\n---\nBonjour.\n");
    shell.write("s/fr/b.md", "---\nstatus: draft\n---\nMerci.\n");
    shell.write("s/en/a.md", "---\r\nstatus: draft # read\r\n---\r\nHello.\r\n");
    let curly = "---\n{ status: draft }\n---\nThanks.\n";
    shell.write("s/en/b.md", curly);
    let read = |name: &str| fs::read_to_string(shell.path().join(name)).unwrap();
    // What is misspelt changes nothing, nor does what is inside the program.
    let wrong = shell.run(&["stamp", "--scripts", "s", "a", "c"]).failure().code(1);
    assert!(err(&wrong).contains("no translation is called `c`"), "{}", err(&wrong));
    assert!(!read("s/en/a.md").contains("translates"));
    assert!(err(&shell.run(&["stamp", "--all"]).failure().code(1)).contains("--scripts"));
    shell.run(&["stamp", "--scripts", "s"]).failure().code(2);

    let first = out(&shell.run(&["stamp", "--scripts", "s", "a"]).success());
    let now = first.strip_prefix("en/a: ").and_then(|rest| rest.get(..8)).unwrap();
    assert_eq!(first, format!("en/a: {now}\n1 stamped, 0 were right already\n"));
    let head = format!("---\r\nstatus: draft # read\r\ntranslates: {now}\r\n---\r\nHello.\r\n");
    assert_eq!(read("s/en/a.md"), head);
    assert_eq!(out(&shell.run(&["stamp", "--scripts", "s", "en/a"]).success()), "0 stamped, 1 were right already\n");

    shell.write("s/fr/a.md", "---\nstatus: draft\n---\nBonsoir.\n");
    let changed = out(&shell.run(&["stamp", "--scripts", "s", "en/a"]).success());
    assert!(changed.contains(&format!(", before: {now}")), "{changed}");
    assert_eq!(read("s/fr/a.md"), "---\nstatus: draft\n---\nBonsoir.\n");

    shell.write("s/fr/d/x.md", "---\nstatus: draft\n---\nBonsoir.\n");
    shell.write("s/en/d/x.md", "---\nstatus: draft\n---\nGood evening.\n");
    let folder = out(&shell.run(&["stamp", "--scripts", "s", "d"]).success());
    assert!(folder.starts_with("en/d/x: ") && folder.ends_with("1 stamped, 0 were right already\n"), "{folder}");

    let unusual = shell.run(&["stamp", "--scripts", "s", "b"]).failure().code(1);
    assert!(err(&unusual).contains("into it yourself"), "{}", err(&unusual));
    assert_eq!(read("s/en/b.md"), curly);
}
