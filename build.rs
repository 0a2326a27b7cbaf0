//! The facts of a build that `allo-cmp --version` tells: commit, compiler, target, features.

use std::{env, path::Path, process::Command};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=ALLO_CMP_COMMIT");
    let features = env::vars_os().filter_map(|(name, _)| {
        let name = name.to_str()?.strip_prefix("CARGO_FEATURE_")?.to_lowercase();
        (name != "default").then_some(name)
    });
    let mut features: Vec<String> = features.collect();
    features.sort();
    let features = if features.is_empty() { "none".to_owned() } else { features.join(", ") };
    let compiler = said(&variable("RUSTC").unwrap_or("rustc".to_owned()), &["--version"]);
    fact("FROM", commit());
    fact("WITH", compiler);
    fact("FOR", variable("TARGET"));
    fact("HAVING", Some(features));
}

fn fact(name: &str, value: Option<String>) {
    println!("cargo::rustc-env=ALLO_CMP_BUILT_{name}={}", value.as_deref().unwrap_or("unknown"));
}

/// The commit that `ALLO_CMP_COMMIT` names; else, in releases alone, that of the checkout, if this is one: elsewhere each
/// commit would build everything again.
fn commit() -> Option<String> {
    let given = variable("ALLO_CMP_COMMIT").filter(|commit| !commit.trim().is_empty());
    given.map(|commit| commit.trim().to_owned()).or_else(|| {
        if variable("PROFILE")? != "release" {
            return None;
        }
        // Inside another checkout, as a package being built may be, its commit says nothing of us.
        let top = said("git", &["rev-parse", "--show-toplevel"])?;
        if Path::new(&top).canonicalize().ok()? != Path::new(&variable("CARGO_MANIFEST_DIR")?).canonicalize().ok()? {
            return None;
        }
        let log = said("git", &["rev-parse", "--git-path", "logs/HEAD"])?;
        println!("cargo::rerun-if-changed={log}");
        said("git", &["rev-parse", "HEAD"])
    })
}

fn variable(name: &str) -> Option<String> {
    env::var_os(name)?.into_string().ok()
}

/// The first line that a command prints, if it succeeds.
fn said(command: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(command).args(args).output().ok().filter(|output| output.status.success())?;
    let line = String::from_utf8(output.stdout).ok()?.lines().next()?.trim().to_owned();
    (!line.is_empty()).then_some(line)
}
