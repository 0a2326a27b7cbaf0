//! Secrets from files of their own, and where each value comes from.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use super::*;
use crate::config::catalogue::Sort;

/// A folder with a settings file and files of secrets.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(settings: &str) -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        folder.file("allo-cmp.toml", settings);
        folder
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path.display().to_string()
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    fn load(&self, env: &[(&str, &str)]) -> Result<Loaded, SettingsError> {
        let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Loaded::load(Some(&self.0.path().join("allo-cmp.toml")), env)
    }

    fn refused(&self, env: &[(&str, &str)]) -> String {
        self.load(env).err().expect("must be refused").to_string()
    }
}

fn from(loaded: &Loaded, name: &str) -> (Option<String>, Origin) {
    let found = loaded.in_force().into_iter().find(|setting| setting.name == name).expect("listed");
    (found.value, found.from)
}

#[test]
fn every_secret_can_be_read_from_a_file_and_from_a_credential() {
    for setting in catalogue::settings().filter(|setting| setting.may_be_a_file()) {
        let (value, other) = match setting.name {
            "server.secret" => (format!("{}\n{LONG}\r\n", "a".repeat(32)), LONG.to_owned()),
            "server.public_url" => ("https://x.example\n".to_owned(), "https://y.example".to_owned()),
            "journal.url" => ("postgres://me:pw@db/j\n".to_owned(), "none".to_owned()),
            _ => ("from-a-file\n".to_owned(), "another".to_owned()),
        };
        let folder = Folder::new("");
        let path = folder.file("secret", &value);
        let variable = format!("{}_FILE", variable(setting.name));
        let by_variable = folder.load(&[(&variable, &path)]).unwrap();
        folder.file(&format!("credentials/{}", setting.name), &value);
        let by_credential = folder.load(&[("CREDENTIALS_DIRECTORY", &folder.path("credentials"))]).unwrap();
        let by_value = folder.load(&[(&names::variable(setting.name), value.trim_end())]).unwrap();
        let by_other = folder.load(&[(&names::variable(setting.name), &other)]).unwrap();
        assert_eq!(secrets(&by_variable.settings), secrets(&by_value.settings), "{}", setting.name);
        assert_eq!(secrets(&by_credential.settings), secrets(&by_value.settings), "{}", setting.name);
        assert_ne!(secrets(&by_other.settings), secrets(&by_value.settings), "{}", setting.name);
        assert_eq!(by_variable.warnings, Vec::<String>::new());
        let origin = Origin::SecretFile { variable, path: path.into() };
        assert_eq!(from(&by_variable, setting.name).1, origin);
        let origin = Origin::Credential(PathBuf::from(folder.path("credentials")).join(setting.name));
        assert_eq!(from(&by_credential, setting.name).1, origin);
    }
}

/// Everything that a file of its own can give, in the open.
fn secrets(settings: &Settings) -> Vec<Option<String>> {
    let providers = &settings.providers;
    let own = settings.server.secret.as_ref().map(|own| format!("{} {:?}", own.first(), own.older()));
    let tokens = [
        &providers.twilio.auth_token,
        &providers.somleng.auth_token,
        &providers.plivo.auth_token,
        &providers.signalwire.signing_key,
        &providers.telnyx.public_key,
        &settings.journal.key,
    ];
    let tokens = tokens.map(|token| token.as_ref().map(|token| token.expose().to_owned()));
    let url = settings.server.public_url.as_ref().map(|url| url.as_str().to_owned());
    let mut all = vec![own, url, settings.journal.url.expose().map(str::to_owned)];
    all.extend(tokens);
    all
}

#[test]
fn a_secret_that_is_given_twice_is_an_error_that_names_both_places() {
    let folder = Folder::new("\n[providers.twilio]\nauth_token = \"t0ken\"\n");
    let path = folder.file("token", "t0ken");
    folder.file("credentials/providers.plivo.auth_token", "t0ken");
    let (variable, file) = ("ALLO_CMP__PROVIDERS__PLIVO__AUTH_TOKEN", "ALLO_CMP__PROVIDERS__PLIVO__AUTH_TOKEN_FILE");
    let credentials = ("CREDENTIALS_DIRECTORY", &*folder.path("credentials"));
    for (env, places) in [
        (&[("ALLO_CMP__PROVIDERS__TWILIO__AUTH_TOKEN_FILE", &*path)][..], ["allo-cmp.toml, line 3", &*path]),
        (&[(variable, "t0ken"), (file, &*path)], [variable, &*path]),
        (&[credentials, (file, &*path)], [&*path, "a credential"]),
        (&[credentials, (variable, "t0ken")], [variable, "a credential"]),
    ] {
        let message = folder.refused(env);
        assert!(message.contains("is given twice") && !message.contains("t0ken"), "{message}");
        assert!(places.iter().all(|place| message.contains(place)), "{message}");
    }
    // An empty variable is as if it were not there.
    assert!(folder.load(&[(variable, " "), (file, &path)]).is_ok());
    assert!(folder.load(&[(variable, "t0ken"), (file, "")]).is_ok());
}

#[test]
fn a_file_that_holds_no_secret_is_named_without_what_stands_in_it() {
    let folder = Folder::new("");
    let refused = |path: &str| folder.refused(&[("ALLO_CMP__SERVER__SECRET_FILE", path)]);
    for (content, why) in [
        (&b"\n"[..], "it is empty"),
        (b"sh0rt", "has fewer than 32 characters"),
        (b"\xff\xfe", "it is not UTF-8"),
        (&[b'x'; 70_000], "it is far longer than a secret"),
    ] {
        let message = refused(&folder.file("secret", content));
        assert!(message.starts_with(&folder.path("secret")) && message.contains(why), "{message}");
        assert!(!message.contains("sh0rt") && message.len() < 400, "{message}");
    }
    for path in [folder.path("nowhere"), folder.path("")] {
        let message = refused(&path);
        assert!(message.contains(&path) && message.contains("it can't be read"), "{message}");
    }
    let message = folder.refused(&[("CREDENTIALS_DIRECTORY", &folder.path("nowhere"))]);
    assert!(message.contains("nowhere") && message.contains("it can't be read"), "{message}");
}

#[test]
fn a_file_that_everyone_can_read_is_told_and_used() {
    let folder = Folder::new("");
    let path = folder.file("secret", LONG);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let loaded = folder.load(&[("ALLO_CMP__SERVER__SECRET_FILE", &path)]).unwrap();
    assert_eq!(loaded.warnings.len(), 1);
    assert!(loaded.warnings[0].contains(&path) && !loaded.warnings[0].contains(LONG), "{:?}", loaded.warnings);
    assert!(loaded.settings.server.secret.is_some());
}

#[test]
fn a_credential_whose_name_looks_like_ours_and_is_none_is_an_error() {
    for name in ["server.secrets", "providers.twilio.token", "server.listen"] {
        let folder = Folder::new("");
        folder.file(&format!("credentials/{name}"), LONG);
        let message = folder.refused(&[("CREDENTIALS_DIRECTORY", &folder.path("credentials"))]);
        assert!(message.contains(name) && message.contains("providers.twilio.auth_token"), "{message}");
    }
    let folder = Folder::new("");
    folder.file("credentials/tls.key", "of somebody else");
    folder.file("credentials/server.secret", LONG);
    let loaded = folder.load(&[("CREDENTIALS_DIRECTORY", &folder.path("credentials"))]).unwrap();
    assert!(loaded.settings.server.secret.is_some());
    // What is no secret has no file of its own.
    let message = folder.refused(&[("ALLO_CMP__SERVER__LISTEN_FILE", "x")]);
    assert!(message.contains("there is no such setting"), "{message}");
}

#[test]
fn each_value_tells_where_it_comes_from_and_the_last_one_holds() {
    let folder = Folder::new(
        "flows = \"mine\"\n[server]\nlisten = \"127.0.0.1:1\"\ngrace_seconds = 3\n[line]\noperator = { fr = \"nous\", prs = \"ما\" }\n",
    );
    let file = |line| Origin::File { path: folder.path("allo-cmp.toml").into(), line };
    let mut loaded = folder.load(&[("ALLO_CMP__SERVER__GRACE_SECONDS", "4")]).unwrap();
    loaded.set_by_option("flows", "theirs".to_owned(), "--flows");
    let value = |text: &str| Some(text.to_owned());
    assert_eq!(from(&loaded, "server.listen"), (value("127.0.0.1:1"), file(3)));
    let variable = Origin::Variable("ALLO_CMP__SERVER__GRACE_SECONDS".to_owned());
    assert_eq!(from(&loaded, "server.grace_seconds"), (value("4"), variable));
    assert_eq!(from(&loaded, "server.max_connections"), (value("1024"), Origin::Default));
    assert_eq!(from(&loaded, "line.operator.prs"), (value("ما"), file(6)));
    assert_eq!(from(&loaded, "flows"), (value("theirs"), Origin::Option("--flows")));
    assert_eq!(from(&loaded, "scripts"), (None, Origin::Default));
}

#[test]
fn of_a_secret_nothing_is_shown_however_it_is_given() {
    let folder = Folder::new("");
    for setting in catalogue::settings().filter(|setting| setting.sort != Sort::Open) {
        let value = match setting.sort {
            Sort::Address if setting.name == "journal.url" => "postgres://me:hunter2@db/j?password=hunter2",
            Sort::Address => "https://me:hunter2@line.example.org",
            Sort::Number => "+33199000001",
            _ => "hunter2-hunter2-hunter2-hunter2-hunter2",
        };
        let loaded = folder.load(&[(&variable(setting.name), value)]).unwrap();
        let (shown, _) = from(&loaded, setting.name);
        let shown = shown.unwrap();
        match setting.sort {
            Sort::Secret | Sort::Number => assert_eq!(shown, "given"),
            Sort::Address => assert!(shown.contains("://·@") && !shown.contains("hunter2"), "{shown}"),
            _ => assert_eq!(shown, value),
        }
    }
}

#[test]
fn a_credential_that_is_a_certificate_or_its_key_is_given_by_its_path() {
    let folder = Folder::new("");
    folder.file("credentials/server.tls_key", "a key, which is not read here");
    let credentials = ("CREDENTIALS_DIRECTORY", &*folder.path("credentials"));
    let loaded = folder.load(&[credentials]).unwrap();
    let path = PathBuf::from(folder.path("credentials")).join("server.tls_key");
    assert_eq!(loaded.settings.server.tls_key, Some(path.clone()));
    assert_eq!(from(&loaded, "server.tls_key"), (Some(path.display().to_string()), Origin::Credential(path)));
    // It is a path already: there is no variable that names a file which holds it.
    assert!(folder.refused(&[("ALLO_CMP__SERVER__TLS_KEY_FILE", "x")]).contains("there is no such setting"));
    let twice = folder.refused(&[credentials, ("ALLO_CMP__SERVER__TLS_KEY", "key.pem")]);
    assert!(twice.contains("server.tls_key is given twice"), "{twice}");
}
