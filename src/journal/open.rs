//! Opens the store that the settings name.

use super::{Keep, Rules, Store, StoreError};

/// Where the journal is, and how long it keeps.
#[derive(Clone)]
pub struct StoreOptions {
    /// `sqlite:...` or `postgres://...`, which may hold a password.
    pub url: String,
    /// Days for which single facts are kept.
    pub keep_days: u32,
}

/// Opens it; the folder of a file is made where it is missing.
pub async fn open_store(options: StoreOptions) -> Result<impl Keep, StoreError> {
    Store::open(&options.url, Rules { keep_days: options.keep_days }).await
}
