//! Files that are nobody else's affair: secrets, and private keys.

use std::{fs::Metadata, path::Path};

/// A warning where everyone on this machine may read the file at `path`.
pub fn exposed(path: &Path, data: &Metadata) -> Option<String> {
    (data.is_file() && for_everyone(data)).then(|| {
        format!(
            "everyone on this machine can read {}: `chmod 600` it, and give it to whom the program runs as",
            path.display()
        )
    })
}

#[cfg(unix)]
fn for_everyone(data: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    data.permissions().mode() & 0o004 != 0
}

#[cfg(not(unix))]
fn for_everyone(_: &Metadata) -> bool {
    false
}
