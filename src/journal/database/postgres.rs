//! Connects to a PostgreSQL server, and never waits long for it.

use std::time::Duration;

use sqlx::{ConnectOptions, postgres::PgConnectOptions};

use super::{link::Link, trouble::Fault};

/// For connecting, and for one piece of work: a server that hangs is away after so long.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// The server gives up before we do, so that it lets go of what it holds. What hangs in a transaction is ended.
const SETTINGS: &str = "SET statement_timeout = '4s'; SET lock_timeout = '3s'; \
                        SET idle_in_transaction_session_timeout = '10s'; SET client_min_messages = warning;";

/// A connection.
pub(super) async fn connect(options: &PgConnectOptions, read_only: bool) -> Result<Link, Fault> {
    let mut link = Link::Postgres(Box::new(options.clone().connect().await?));
    link.script(SETTINGS).await?;
    if read_only {
        link.script("SET default_transaction_read_only = on; SET statement_timeout = '60s'").await?;
    }
    Ok(link)
}
