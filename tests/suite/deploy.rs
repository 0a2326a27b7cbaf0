//! What `deploy/container`, `deploy/proxy` and `deploy/cluster` say of the program is true: settings, ports, paths, times, versions.

use std::{collections::BTreeMap, fs, path::Path, process::Stdio};

use allo_cmp::config::{Serving, Settings};
use serde_json::Value;

use crate::{line::SECRET, program::command};

type Env = BTreeMap<String, String>;

fn path(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn yaml(name: &str) -> Value {
    serde_saphyr::from_str(&read(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Lines `NAME=value`, as Compose and kustomize read them.
fn env_file(name: &str) -> Env {
    let text = read(name);
    let lines = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('='));
    lines.map(|(name, value)| (name.to_owned(), value.trim_matches('"').to_owned())).collect()
}

/// What the image sets by itself.
fn image() -> Env {
    let text = read("deploy/container/Containerfile").replace("\\\n", " ");
    let set = text.lines().find_map(|line| line.strip_prefix("ENV ")).unwrap();
    let set = set.split_whitespace().filter_map(|pair| pair.split_once('='));
    set.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// `${NAME}`, `${NAME:-...}` and `${NAME:?...}` by the values of `.env`.
fn filled_in(text: &str, values: &Env) -> String {
    let mut parts = text.split("${");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (inner, rest) = part.split_once('}').unwrap();
        let name = inner.split(':').next().unwrap();
        text + values.get(name).unwrap_or_else(|| panic!("example.env has no {name}")) + rest
    })
}

fn composed(file: &str) -> Env {
    let values = env_file("deploy/container/example.env");
    let compose = yaml(file);
    let set = compose["services"]["line"]["environment"].as_object().unwrap();
    set.iter().map(|(name, value)| (name.clone(), filled_in(value.as_str().unwrap(), &values))).collect()
}

fn container(deployment: &Value) -> &Value {
    &deployment["spec"]["template"]["spec"]["containers"][0]
}

fn of_pod(file: &str) -> Env {
    let deployment = yaml(file);
    let set = container(&deployment)["env"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    set.map(|variable| (text(&variable["name"]), text(&variable["value"]))).collect()
}

/// The settings of a server with this environment and the secrets of an example, whose blanks were filled in or were not.
fn serving(secrets: &str, env: &Env, replaced: bool) -> Result<Serving, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secrets.toml");
    let text = read(secrets);
    assert!(text.contains("openssl rand -hex 32"), "{secrets}");
    fs::write(&file, if replaced { text.replace("openssl rand -hex 32", SECRET) } else { text }).unwrap();
    let settings = Settings::load(Some(&file), env.clone().into_iter()).map_err(|error| error.to_string())?;
    settings.for_serving().map_err(|error| error.to_string())
}

/// The ways in which the files start the program: the environment, and the example of its secrets.
fn ways() -> Vec<(&'static str, Env, &'static str)> {
    let join =
        |parts: &[Env]| parts.iter().flatten().map(|(name, value)| (name.clone(), value.clone())).collect::<Env>();
    let own_words = composed("deploy/container/compose.own-words.yaml");
    let base = of_pod("deploy/cluster/base/deployment.yaml");
    let example = env_file("deploy/cluster/overlays/example/settings.env");
    let own_flows = of_pod("deploy/cluster/components/own-flows/deployment.yaml");
    let (compose, cluster) =
        ("deploy/container/secrets.example/allo-cmp.toml", "deploy/cluster/overlays/example/secrets.example.toml");
    let composed = composed("deploy/container/compose.yaml");
    vec![
        ("compose", join(&[image(), composed.clone()]), compose),
        ("compose, own words", join(&[image(), composed, own_words]), compose),
        ("cluster", join(&[image(), example.clone(), base.clone()]), cluster),
        ("cluster, own flows", join(&[image(), example, base, own_flows]), cluster),
    ]
}

#[test]
fn the_files_start_a_server_once_the_secrets_are_given_and_not_before() {
    for (way, env, secrets) in ways() {
        let serving = serving(secrets, &env, true).unwrap_or_else(|error| panic!("{way}: {error}"));
        assert_eq!(serving.public_url.as_str(), "https://line.example.org", "{way}");
        assert_eq!(serving.listen.to_string(), "0.0.0.0:8080", "{way}");
        assert!(serving.journal.url.expose().unwrap().starts_with("postgres://"), "{way}");
        for written in [serving.journal.spool(), serving.lines_state.clone().unwrap()] {
            assert!(written.starts_with("/data/"), "{way}: {} is in no volume", written.display());
        }
        assert_eq!(serving.providers.configured(), ["twilio"], "{way}");
    }
    for (way, env, secrets) in ways() {
        let refused = serving(secrets, &env, false).expect_err("a secret that everybody can read");
        assert!(refused.contains("32"), "{way}: {refused}");
    }
}

#[test]
fn every_variable_that_the_files_name_is_one_of_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.toml");
    fs::write(&empty, "").unwrap();
    let known = |name: &str| {
        let value = [(name.to_owned(), "\u{1}".to_owned())];
        let read = Settings::load(Some(&empty), value.into_iter());
        !read.is_err_and(|error| error.to_string().contains("there is no such setting"))
    };
    assert!(known("ALLO_CMP__SERVER__LISTEN") && !known("ALLO_CMP__SERVER__LISTENS"));
    let mut named = 0;
    let mut folders = vec![path("deploy/container"), path("deploy/cluster"), path("deploy/README.md")];
    while let Some(at) = folders.pop() {
        if at.is_dir() {
            folders.extend(fs::read_dir(at).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let text = fs::read_to_string(&at).unwrap();
        for found in text.split("ALLO_CMP__").skip(1) {
            let end = found.find(|c: char| !c.is_ascii_uppercase() && c != '_').unwrap_or(found.len());
            let name = format!("ALLO_CMP__{}", &found[..end]);
            assert!(known(&name), "{}: {name}", at.display());
            named += 1;
        }
    }
    assert!(named > 20, "{named}");
}

#[test]
fn the_port_is_the_same_everywhere() {
    assert!(read("deploy/container/Containerfile").contains("\nEXPOSE 8080\n"));
    let proxy = &yaml("deploy/container/compose.yaml")["services"]["https"];
    assert_eq!(proxy["environment"]["LINE_UPSTREAM"], "line:8080");
    let file = proxy["volumes"][0].as_str().unwrap().split(':').next().unwrap();
    let file = read(&format!("deploy/container/{file}"));
    assert!(file.contains("reverse_proxy {$LINE_UPSTREAM:127.0.0.1:8080} ") && file.contains("https://{$LINE_HOST:"));
    let deployment = yaml("deploy/cluster/base/deployment.yaml");
    assert_eq!(container(&deployment)["ports"][0]["containerPort"], 8080);
}

#[test]
fn every_provider_and_nothing_else_is_let_through() {
    let sorted = |mut paths: Vec<String>| {
        paths.sort();
        paths
    };
    let caddy = read("deploy/proxy/Caddyfile");
    let listed = caddy.lines().find_map(|line| line.trim().strip_prefix("@public path ")).unwrap();
    let caddy = sorted(listed.split(' ').map(|path| path.trim_end_matches("/*").to_owned()).collect());
    let nginx = read("deploy/proxy/nginx.conf");
    let listed = nginx.split_once("location ~ ^/(").unwrap().1.split_once(")/ {").unwrap().0;
    let mut nginx: Vec<String> = listed.split('|').map(|name| format!("/{name}")).collect();
    nginx.push("/healthz".to_owned());
    assert_eq!(sorted(nginx), caddy);
    // In a cluster, its own probes look at the health.
    let proxied: Vec<String> = caddy.into_iter().filter(|path| path != "/healthz").collect();
    let ingress = yaml("deploy/cluster/overlays/example/ingress.yaml");
    let paths = ingress["spec"]["rules"][0]["http"]["paths"].as_array().unwrap().iter();
    let admitted = sorted(paths.map(|path| path["path"].as_str().unwrap().to_owned()).collect());
    assert_eq!(proxied, ["/audio", "/plivo", "/signalwire", "/somleng", "/telnyx", "/twilio"]);
    assert_eq!(admitted, proxied);
}

#[test]
fn those_who_stop_the_program_wait_longer_than_it_may_take() {
    let compose = yaml("deploy/container/compose.yaml");
    let compose = compose["services"]["line"]["stop_grace_period"].as_str().unwrap().trim_end_matches('s').to_owned();
    let deployment = yaml("deploy/cluster/base/deployment.yaml");
    let cluster = deployment["spec"]["template"]["spec"]["terminationGracePeriodSeconds"].as_u64().unwrap();
    for (way, env, secrets) in ways() {
        let serving = serving(secrets, &env, true).unwrap();
        let given = if way.starts_with("compose") { compose.parse().unwrap() } else { cluster };
        // The second after the grace period, one for new connections and the journal, and some for the machine.
        let taken = serving.linger.as_secs() + serving.grace.as_secs() + 1 + 1 + 4;
        assert!(given >= taken, "{way}: {given} s are given, {taken} may be needed");
    }
    // A balancer that looks twice before it believes must do so while the program still takes calls.
    let probe = &container(&deployment)["readinessProbe"];
    let seen = probe["periodSeconds"].as_u64().unwrap() * probe["failureThreshold"].as_u64().unwrap();
    let linger: u64 =
        of_pod("deploy/cluster/base/deployment.yaml")["ALLO_CMP__SERVER__LINGER_SECONDS"].parse().unwrap();
    assert!(linger > seen + 2, "{linger} {seen}");
}

#[test]
fn the_program_understands_how_it_is_called() {
    let folder = tempfile::tempdir().unwrap();
    let words = |list: &Value| {
        let words = list.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned());
        words.filter(|word| word != "CMD" && word != "/usr/bin/allo-cmp").collect::<Vec<_>>()
    };
    let line = &yaml("deploy/container/compose.yaml")["services"]["line"];
    let deployment = yaml("deploy/cluster/base/deployment.yaml");
    let of_image = |start: &str| {
        let text = read("deploy/container/Containerfile");
        let list = text.lines().find_map(|line| line.split_once(start)).unwrap().1.to_owned();
        words(&serde_json::from_str(&list).unwrap())
    };
    let calls = [
        of_image("--retries=3 CMD "),
        of_image("CMD "),
        words(&line["command"]),
        words(&line["healthcheck"]["test"]),
        words(&container(&deployment)["args"]),
    ];
    for call in calls {
        assert!(call.iter().any(|word| word == "serve" || word == "health"), "{call:?}");
        // The file of settings is not here, and is not read for help.
        let mut program = command(folder.path());
        let status = program.args(&call).arg("--help").stdout(Stdio::null()).status().unwrap();
        assert!(status.success(), "{call:?}");
    }
}

#[test]
fn the_image_is_of_this_version_and_of_what_it_may_see() {
    let version = env!("CARGO_PKG_VERSION");
    let image = read("deploy/container/Containerfile");
    assert!(image.contains(&format!("FROM rust:{}-", env!("CARGO_PKG_RUST_VERSION"))));
    assert!(image.contains(&format!("image.version=\"{version}\"")));
    let compose = yaml("deploy/container/compose.yaml");
    assert_eq!(compose["services"]["line"]["image"], format!("allo-cmp:{version}"));
    let deployment = yaml("deploy/cluster/base/deployment.yaml");
    assert_eq!(container(&deployment)["image"], format!("allo-cmp:{version}"));
    let overlay = yaml("deploy/cluster/overlays/example/kustomization.yaml");
    assert_eq!(overlay["images"][0]["newTag"], version);

    let [podman, docker] = [".containerignore", "deploy/container/Containerfile.dockerignore"].map(read);
    assert_eq!(podman, docker);
    assert!(podman.contains("\n*\n"), "everything is left out but what is named");
    assert_eq!(podman.contains("\n!build.rs\n"), path("build.rs").exists());
    for kept in podman.lines().filter_map(|line| line.strip_prefix('!')) {
        assert!(path(kept).exists(), "{kept}");
    }
}

#[test]
fn the_flows_of_ones_own_lie_over_flows_that_there_are() {
    let component = yaml("deploy/cluster/components/own-flows/kustomization.yaml");
    let listed = component["configMapGenerator"][0]["files"].as_array().unwrap();
    assert!(!listed.is_empty());
    for file in listed {
        let name = file.as_str().unwrap().strip_prefix("flows/").unwrap();
        assert!(path("call_flows").join(name).exists(), "{name}");
    }
}
