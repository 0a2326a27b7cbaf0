//! Settings as operators write them, and the messages they get.

use std::path::Path;

mod listed;
mod own_files;

use super::*;
use crate::call::Lang;

const LONG: &str = "0123456789abcdef0123456789abcdef";

fn names_of_all() -> impl Iterator<Item = &'static str> {
    catalogue::settings().map(|setting| setting.name)
}

fn read(file: &str, env: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Settings::read(Path::new("allo-cmp.toml"), Some(file), env)
}

fn error(file: &str, env: &[(&str, &str)]) -> String {
    read(file, env).expect_err("must be refused").to_string()
}

#[test]
fn without_a_file_and_an_environment_the_defaults_hold() {
    let settings = Settings::read(Path::new("x"), None, std::iter::empty()).unwrap();
    assert_eq!(settings.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.admin.listen.to_string(), "127.0.0.1:9090");
    assert_eq!((settings.server.max_connections, settings.server.grace_seconds), (1024, 10));
    assert_eq!((settings.limits.new_calls_per_caller, settings.limits.new_calls_per_minute), (12, 600));
    assert!(settings.flows.is_none() && settings.providers.configured().is_empty() && !settings.line.call_is_free);
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
    let file =
        "[server]\nlisten = \"0.0.0.0:80\"\nmax_connections = 5\n[line]\noperator = {fr=\"l'asso\", en=\"the asso\"}";
    let env = [
        ("ALLO_CMP__SERVER__LISTEN", "[::1]:8081"),
        ("ALLO_CMP__SERVER__GRACE_SECONDS", "3"),
        ("ALLO_CMP__LINE__OPERATOR__FR", "l'association Exemple"),
        ("ALLO_CMP__LINE__CALL_IS_FREE", "true"),
        ("ALLO_CMP__SERVER__MAX_CONNECTIONS", ""),
        ("ALLO_CMPX", "passed over"),
        ("HOME", "/nowhere"),
    ];
    let settings = read(file, &env).unwrap();
    assert_eq!(settings.server.listen.to_string(), "[::1]:8081");
    assert_eq!((settings.server.max_connections, settings.server.grace_seconds), (5, 3));
    assert_eq!(settings.line.operator[&Lang::FR], "l'association Exemple");
    assert_eq!(settings.line.operator[&Lang::EN], "the asso");
    assert!(settings.line.call_is_free);
}

#[test]
fn a_limit_of_new_calls_is_zero_or_one_that_can_be_counted() {
    let limits = read("[limits]\nnew_calls_per_caller = 0\nnew_calls_per_minute = 0", &[]).unwrap().limits;
    assert_eq!((limits.new_calls_per_caller, limits.new_calls_per_minute), (0, 0));
    let wrong = error("[limits]\nnew_calls_per_caller = 101", &[]);
    assert!(wrong.contains("100 at most"), "{wrong}");
}

/// A right value for each setting, as a variable has it.
fn right_value(setting: &str) -> &'static str {
    match setting {
        name if name.ends_with(".listen") => "127.0.0.1:1234",
        "server.public_url" => "https://line.example.org",
        "server.secret" => LONG,
        "telemetry.otlp_endpoint" => "http://127.0.0.1:4318",
        "journal.url" => "sqlite:journal.db",
        "line.call_is_free" | "journal.count_callers" | "server.other_machines" => "true",
        name if name.ends_with(".can_dial_short_numbers") => "true",
        name if name.ends_with(".caller_id") || name.ends_with(".fallback_number") => "+33123456789",
        "limits.new_calls_per_caller" => "100",
        _ => "12345",
    }
}

#[test]
fn every_name_of_the_list_is_a_setting_in_the_environment_and_in_a_file() {
    for name in names_of_all() {
        let value = right_value(name);
        read("", &[(&names::variable(name), value)]).unwrap_or_else(|error| panic!("{name}: {error}"));
        let bare = [
            "max_connections",
            "grace_seconds",
            "linger_seconds",
            "other_machines",
            "stale_days",
            "spool_mb",
            "keep_days",
            "count_callers",
            "call_is_free",
            "can_dial_short_numbers",
        ];
        let bare = bare.iter().any(|end| name.ends_with(end)) || name.starts_with("limits.");
        let file = if bare { format!("{name} = {value}") } else { format!("{name} = \"{value}\"") };
        read(&file, &[]).unwrap_or_else(|error| panic!("{file}: {error}"));
    }
}

#[test]
fn an_unknown_setting_in_the_file_is_named_with_its_place_and_what_is_allowed() {
    assert_eq!(
        error("# ours\n[admin]\n  lisen = \"127.0.0.1:1\"\n", &[]),
        "allo-cmp.toml, line 3, column 3: there is no setting `admin.lisen`. Did you mean admin.listen? \
         Allowed: admin.listen."
    );
    let message = error("[providers.vonage]\nsecret = \"s3cr3t\"", &[]);
    assert!(
        message.starts_with("allo-cmp.toml, line 1, column 12: there is no setting `providers.vonage`."),
        "{message}"
    );
    assert!(message.contains("providers.twilio.auth_token") && !message.contains("s3cr3t"), "{message}");
    let message = error("server = 5", &[]);
    assert!(message.contains("`server` holds other settings: write [server]"), "{message}");
}

#[test]
fn an_unknown_variable_is_named_with_what_may_have_been_meant() {
    assert_eq!(
        error("", &[("ALLO_CMP__ADMIN__LISEN", "127.0.0.1:1")]),
        "the environment variable ALLO_CMP__ADMIN__LISEN: there is no such setting. \
         Did you mean ALLO_CMP__ADMIN__LISTEN? Allowed: ALLO_CMP__ADMIN__LISTEN."
    );
    let message = error("", &[("ALLO_CMP__LINE__OPERATOR", "us")]);
    assert!(message.contains("Did you mean ALLO_CMP__LINE__OPERATOR__FR?"), "{message}");
}

#[test]
fn a_variable_that_lacks_a_line_or_a_capital_is_not_passed_over() {
    for slip in ["ALLO_CMP_SERVER__SECRET", "ALLO_CMP_SERVER_SECRET", "allo_cmp__server__secret"] {
        let env = [(slip.to_owned(), LONG.to_owned())].into_iter();
        let said = Loaded::first_of(&[], env).err().unwrap().to_string();
        assert!(said.ends_with("Did you mean ALLO_CMP__SERVER__SECRET?") && said.contains(slip), "{said}");
    }
    let env = [("ALLO_CMP_SERVER__SECRET_FILE", "/x"), ("ALLO_CMP_SERVER__SECRET", " ")];
    let env = env.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter();
    assert!(
        Loaded::first_of(&[], env).is_err_and(|error| error.to_string().contains("ALLO_CMP__SERVER__SECRET_FILE?"))
    );
    // What Kubernetes sets beside a service of our name.
    let env = ["ALLO_CMP_SERVICE_HOST", "ALLO_CMP_PORT", "ALLO_CMP_ADMIN_PORT_9090_TCP_ADDR"];
    assert!(Loaded::first_of(&[], env.map(|name| (name.to_owned(), "tcp://x".to_owned())).into_iter()).is_ok());
}

#[test]
fn the_commonest_slips_in_the_file_are_told_with_how_to_mend_them() {
    for (file, line, mend) in [
        ("[line]\nnumber = “01 99 00 00 01”", 2, "straight quotation marks"),
        ("[line]\nnumber = 01 99 00 00 01", 2, "straight quotation marks"),
        ("line.call_is_free = oui", 1, "true, false and numbers stand without"),
        ("line.number =", 1, "a value is missing here"),
        ("line.number = \"1\"\nline.number = \"2\"", 2, "duplicate key: this name stands in the file already"),
        ("[line]\n[server]\n[line]", 3, "Keep one of the two"),
        ("Mes réglages", 1, "`name = value`"),
        ("line.number = \"01", 1, "a quotation mark has no partner"),
    ] {
        let said = error(file, &[]);
        assert!(said.starts_with(&format!("allo-cmp.toml, line {line}, ")) && said.contains(mend), "{said}");
    }
}

#[test]
fn a_wrong_value_is_named_with_its_place() {
    let message = error("[server]\n\nlisten = \"localhost\"", &[]);
    assert!(
        message.starts_with("allo-cmp.toml, line 3, column 10: write an address in figures and a port"),
        "{message}"
    );
    let message = error("", &[("ALLO_CMP__SERVER__MAX_CONNECTIONS", "many")]);
    assert!(message.starts_with("the environment variable ALLO_CMP__SERVER__MAX_CONNECTIONS: "), "{message}");
    assert!(message.ends_with("what is wanted here is a whole number, as in 10"), "{message}");
    for (file, kind) in [
        ("server.max_connections = -1", "a whole number, as in 10"),
        ("server.grace_seconds = \"5\"", "a whole number, as in 10"),
        ("flows = 5", "a text between quotation marks"),
        ("line.operator = 5", "write [line.operator], and them below it"),
        ("line.call_is_free = \"yes\"", "true or false"),
    ] {
        assert!(error(file, &[]).contains(kind), "{}", error(file, &[]));
    }
    assert!(error("server.max_connections = 0", &[]).contains("at least 1"));
    assert!(error("[server\n", &[]).starts_with("allo-cmp.toml, line 1"));
    assert!(error("line.operator.french = \"x\"", &[]).contains("is not a language code"));
    assert!(error("providers.twilio.caller_id = \"3114\"", &[]).contains("write + and the country code"));
}

#[test]
fn operators_pages_stay_on_this_machine() {
    assert!(error("admin.listen = \"0.0.0.0:9090\"", &[]).contains("must not be reached from outside"));
    assert!(read("admin.listen = \"[::1]:9090\"", &[]).is_ok());
}

#[test]
fn the_public_url_is_whole_and_kept_to_the_letter() {
    let url = |text: &str| {
        read(&format!("server.public_url = \"{text}\""), &[])
            .map(|settings| settings.server.public_url.unwrap().as_str().to_owned())
    };
    assert_eq!(url("https://Line.example.org:443/a/").unwrap(), "https://Line.example.org:443/a");
    assert_eq!(url("https://user:pa%40ss@line.example.org").unwrap(), "https://user:pa%40ss@line.example.org");
    for wrong in [
        "",
        "line.example.org",
        "/twilio",
        "ftp://x.org",
        "https://",
        "https://x.org/?a=1",
        "https://x.org/#a",
        "https://é.org",
    ] {
        assert!(url(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_secret_is_one_or_a_list_and_the_first_seals() {
    let (a, b) = ("a".repeat(32), "b".repeat(32));
    let list = format!("server.secret = [\"{a}\", \"{b}\"]");
    for settings in [
        read(&list, &[]),
        read("", &[("ALLO_CMP__SERVER__SECRET", &format!("{a} {b}"))]),
        read("", &[("ALLO_CMP__SERVER__SECRET", &format!("{a},{b}"))]),
        read(&format!("server.secret = \"{LONG}\""), &[("ALLO_CMP__SERVER__SECRET", &format!("{a}, {b}"))]),
    ] {
        let secrets = settings.unwrap().server.secret.unwrap();
        assert_eq!((secrets.first(), secrets.older()), (a.as_str(), vec![b.as_str()]));
    }
    for wrong in ["server.secret = \"short\"", &format!("server.secret = [\"{a}\", \"short\"]"), "server.secret = []"] {
        let message = error(wrong, &[]);
        assert!(message.contains("openssl rand -hex 32") && !message.contains("short"), "{message}");
    }
}

#[test]
fn secrets_and_numbers_are_never_printed_neither_in_settings_nor_in_errors() {
    let env = [
        ("ALLO_CMP__SERVER__SECRET", LONG),
        ("ALLO_CMP__SERVER__PUBLIC_URL", "https://user:hunter2@line.example.org"),
        ("ALLO_CMP__PROVIDERS__TWILIO__AUTH_TOKEN", "t0ken"),
        ("ALLO_CMP__PROVIDERS__TWILIO__CALLER_ID", "+33123456789"),
        ("ALLO_CMP__PROVIDERS__TELNYX__PUBLIC_KEY", "t0ken"),
        ("ALLO_CMP__JOURNAL__URL", "postgres://me:hunter2@db/journal"),
        ("ALLO_CMP__JOURNAL__KEY", "t0ken"),
    ];
    let settings = read("", &env).unwrap();
    let shown = format!("{settings:?} {settings} {:?}", settings.for_serving().unwrap());
    for hidden in [LONG, "hunter2", "t0ken", "+3312"] {
        assert!(!shown.contains(hidden), "{hidden} in {shown}");
    }
    assert!(shown.contains("Secret(·)") && shown.contains("https://·@line.example.org"), "{shown}");
    for wrong in [
        "providers.twilio.auth_token = 271828",
        "providers.twilio.auth_token = 2.71828",
        "providers.twilio.auth_token = [\"271828\", \"x\"]",
        "server.secret = [271828]",
        "server.secret = \"271828",
        "journal.url = \"271828\"",
        "server.public_url = \"271828\"",
    ] {
        let message = error(wrong, &[]);
        assert!(!message.contains("71828"), "{message}");
    }
}

#[test]
fn what_serving_lacks_is_said_all_at_once_with_the_way_to_give_it() {
    let message = read("", &[]).unwrap().for_serving().expect_err("nothing is set").to_string();
    for setting in ["providers.twilio.auth_token", "server.secret", "server.public_url"] {
        assert!(message.contains(setting) && message.contains(&names::variable(setting)), "{message}");
    }
    let only_token_lacks = [("ALLO_CMP__SERVER__SECRET", LONG), ("ALLO_CMP__SERVER__PUBLIC_URL", "https://x.org")];
    let message = read("", &only_token_lacks).unwrap().for_serving().expect_err("no provider").to_string();
    assert_eq!(
        message,
        "No telephony provider can be served: give the secret of at least one. For Twilio it is the auth token of your \
         account: the setting providers.twilio.auth_token in allo-cmp.toml, or the environment variable \
         ALLO_CMP__PROVIDERS__TWILIO__AUTH_TOKEN."
    );
}

#[test]
fn what_serving_needs_is_handed_over() {
    let env = [("ALLO_CMP__SERVER__SECRET", LONG), ("ALLO_CMP__SERVER__PUBLIC_URL", "https://x.org/")];
    let serving = read("providers.twilio.auth_token = \"t\"", &env).unwrap().for_serving().unwrap();
    assert_eq!((serving.public_url.as_str(), serving.secrets.first()), ("https://x.org", LONG));
    assert_eq!(serving.providers.configured(), ["twilio"]);
    assert_eq!((serving.grace.as_secs(), serving.linger.as_secs()), (10, 0));
    let text = "providers.twilio.auth_token = \"t\"\nserver.linger_seconds = 5";
    assert_eq!(read(text, &env).unwrap().for_serving().unwrap().linger.as_secs(), 5);
}

#[test]
fn the_journal_is_a_file_beside_us_unless_another_place_is_named_or_none() {
    let journal = |text: &str| read(text, &[]).unwrap().journal;
    let spool = |text: &str| journal(text).spool().display().to_string();
    assert_eq!(journal("").url.expose(), Some("sqlite:data/journal.db"));
    assert_eq!(spool(""), "data/journal.db.spool");
    assert_eq!(spool("journal.url = \"sqlite:/var/j.db\""), "/var/j.db.spool");
    assert_eq!(spool("journal.url = \"postgres://db/j\""), "data/journal.spool");
    assert_eq!(spool("journal.spool_path = \"s\""), "s");
    assert_eq!(journal("journal.url = \"none\"").url.expose(), None);
    assert!(error("journal.url = \"mysql://x\"", &[]).contains("or none"));
    assert!(error("journal.keep_days = 1", &[]).contains("at least 2"));
    assert!(error("journal.spool_mb = 0", &[]).contains("at least 1"));
}

#[test]
fn a_file_that_is_named_must_exist() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    let missing = Settings::load(Some(&path), std::iter::empty()).expect_err("not there").to_string();
    assert!(missing.contains("mine.toml can't be read"), "{missing}");
    std::fs::write(&path, "flows = \"my_flows\"").unwrap();
    let settings = Settings::load(Some(&path), std::iter::empty()).unwrap();
    assert_eq!(settings.flows.as_deref(), Some(Path::new("my_flows")));
    std::fs::write(&path, b"flows = \"\xff\"").unwrap();
    assert!(Settings::load(Some(&path), std::iter::empty()).is_err());
}

#[test]
fn short_numbers_are_dialled_if_each_provider_that_is_set_can() {
    let dialled = |text: &str| read(text, &[]).unwrap().providers.dial_short_numbers();
    let twilio = "[providers.twilio]\nauth_token = \"t\"\ncan_dial_short_numbers = true\n";
    assert!(dialled(twilio));
    assert!(!dialled(""), "there is no provider");
    assert!(!dialled("[providers.twilio]\ncan_dial_short_numbers = true\n"), "it is not set");
    assert!(!dialled(&format!("{twilio}[providers.plivo]\nauth_token = \"t\"\n")), "the other one can't");
}

#[test]
fn a_collector_is_near_and_needs_no_password() {
    let url = |url: &str| read("", &[("ALLO_CMP__TELEMETRY__OTLP_ENDPOINT", url)]);
    let settings = url("http://[::1]:4318/").unwrap();
    assert_eq!(settings.telemetry.otlp_endpoint.as_deref(), Some("http://[::1]:4318"));
    for wrong in ["https://collector.example.org", "http://me:s3cr3t@127.0.0.1", "http://127.0.0.1?key=s3cr3t", "::"] {
        let message = url(wrong).expect_err(wrong).to_string();
        assert!(message.contains("as in http://127.0.0.1:4318") && !message.contains("s3cr3t"), "{message}");
    }
}

#[cfg(not(feature = "otel"))]
#[test]
fn without_traces_in_the_program_a_collector_is_an_error_that_says_how_to_build_them() {
    let settings = read("", &[("ALLO_CMP__TELEMETRY__OTLP_ENDPOINT", "http://127.0.0.1:4318")]).unwrap();
    let message = settings.for_serving().expect_err("must be refused").to_string();
    assert!(message.contains("cargo build --release --features otel"), "{message}");
}

#[test]
fn the_first_settings_file_that_exists_is_read_and_one_that_can_not_be_read_is_not_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let [here, system] = ["here.toml", "system.toml"].map(|name| folder.path().join(name));
    let candidates: [&Path; 2] = [&here, &system];
    let found = || Loaded::first_of(&candidates, std::iter::empty());
    let none = found().unwrap();
    assert!(none.file.is_none() && none.settings.flows.is_none());
    std::fs::write(&system, "flows = \"theirs\"").unwrap();
    let loaded = found().unwrap();
    assert_eq!((loaded.file.as_ref(), loaded.settings.flows.as_deref()), (Some(&system), Some(Path::new("theirs"))));
    std::fs::write(&here, "flows = \"mine\"").unwrap();
    let loaded = found().unwrap();
    assert_eq!((loaded.file.as_ref(), loaded.settings.flows.as_deref()), (Some(&here), Some(Path::new("mine"))));
    std::fs::write(&here, b"\xff").unwrap();
    assert!(found().is_err_and(|error| !error.is_denied() && error.to_string().ends_with("UTF-8 as its encoding")));
}

#[test]
fn whoever_may_not_read_the_settings_is_told_what_to_do() {
    let denied = SettingsError::Unreadable { path: SYSTEM_FILE.into(), reason: ErrorKind::PermissionDenied.into() };
    assert!(denied.is_denied());
    let said = denied.to_string();
    assert!(said.starts_with("the settings file /etc/allo-cmp/allo-cmp.toml can't be read: "), "{said}");
    assert!(said.ends_with("run the command with sudo, or name another one with --config"), "{said}");
    assert!(!said.contains(".. "), "{said}");
}
