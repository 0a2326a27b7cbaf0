//! As many open files as connections need. Where a shell or a container allows few (1,024 are usual), the line would run out of them
//! before it has refused one connection: nobody would hear that there is no room, and the journal and the operators could open nothing.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Beside the connections of providers: those of operators, the journal and its file, what is read again, what is passed to us.
const OTHERS: u64 = 128;

/// Raises what we may open as far as we are allowed and as it is needed; says where that is too little.
pub(super) fn enough_for(connections: u64) {
    let wanted = connections.saturating_add(OTHERS);
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= wanted) {
        return;
    }
    let most = limit.maximum.map_or(wanted, |most| most.min(wanted));
    let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(most), ..limit });
    let open = if raised.is_ok() { Some(most) } else { limit.current };
    if let Some(open) = open.filter(|open| *open < wanted) {
        tracing::warn!(
            open,
            wanted,
            "too few files may be open for server.max_connections: allow more (`ulimit -n`, LimitNOFILE=), or lower the setting"
        );
    }
}
