//! Sockets that a service manager passes (systemd's socket activation): it holds them beside us, so that who connects while one
//! program ends and the next begins waits for it in the kernel's queue, and is not refused.

use std::{fmt, io, net::TcpListener};

use anyhow::{Context, bail};
use listenfd::ListenFd;

/// The names of `FileDescriptorName=`.
const PROVIDERS: &str = "providers";
const OPERATORS: &str = "operators";

/// What the unit must hold, behind whatever is wrong.
const UNIT: &str = "The socket unit needs one ListenStream= with an address and a port, FileDescriptorName=providers and no \
                    Accept=yes; one more unit may pass the operators' listener with FileDescriptorName=operators.";

/// The listeners that were passed.
#[derive(Default, Debug)]
pub(super) struct Passed {
    /// For webhooks, in the place of `server.listen`.
    pub(super) providers: Option<TcpListener>,
    /// For operators, in the place of `admin.listen`.
    pub(super) operators: Option<TcpListener>,
}

impl Passed {
    /// Those of our environment. To be called once, while there is one thread.
    pub(super) fn take() -> anyhow::Result<Passed> {
        // This alone is strict: the numbers are for this process, or they are not ours.
        let names = sd_notify::listen_fds_with_names().with_context(|| refused("LISTEN_FDS or LISTEN_FDNAMES"))?;
        let names: Vec<String> = names.map(|(_, name)| name).collect();
        if names.is_empty() {
            return Ok(Passed::default());
        }
        let mut sockets = ListenFd::from_env();
        Passed::sort(&names, |position| listening(sockets.take_tcp_listener(position)))
    }

    fn sort(
        names: &[String],
        mut take: impl FnMut(usize) -> io::Result<Option<TcpListener>>,
    ) -> anyhow::Result<Passed> {
        let mut passed = Passed::default();
        for (position, name) in names.iter().enumerate() {
            let place = match name.as_str() {
                PROVIDERS => &mut passed.providers,
                OPERATORS => &mut passed.operators,
                // Whoever passes one socket need not name it; systemd gives it the name of its unit.
                name if names.len() == 1 && (matches!(name, "" | "unknown") || name.ends_with(".socket")) => {
                    &mut passed.providers
                }
                _ => bail!("{}", refused(format_args!("one named {name:?}"))),
            };
            if place.is_some() {
                bail!("{}", refused(format_args!("more than one named {name:?}")));
            }
            match take(position).with_context(|| refused(format_args!("the one named {name:?}")))? {
                Some(listener) => *place = Some(listener),
                None => bail!("{}", refused(format_args!("the one named {name:?} is no listening TCP socket"))),
            }
        }
        Ok(passed)
    }
}

fn refused(what: impl fmt::Display) -> String {
    format!("sockets that were passed: {what}. {UNIT}")
}

/// The socket, if it listens: one that is connected, as with `Accept=yes`, or only bound can't be accepted from.
fn listening(socket: io::Result<Option<TcpListener>>) -> io::Result<Option<TcpListener>> {
    let Some(socket) = socket? else { return Ok(None) };
    if !socket2::SockRef::from(&socket).is_listener()? {
        return Ok(None);
    }
    socket.set_nonblocking(true)?;
    Ok(Some(socket))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(names: &[&str]) -> Result<(bool, bool), String> {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let passed = Passed::sort(&names, |_| TcpListener::bind("127.0.0.1:0").map(Some));
        passed.map(|p| (p.providers.is_some(), p.operators.is_some())).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn sockets_are_told_apart_by_their_names() {
        assert_eq!(sorted(&[]), Ok((false, false)));
        assert_eq!(sorted(&["providers"]), Ok((true, false)));
        assert_eq!(sorted(&["operators"]), Ok((false, true)));
        assert_eq!(sorted(&["operators", "providers"]), Ok((true, true)));
        for alone in ["", "unknown", "allo-cmp.socket"] {
            assert_eq!(sorted(&[alone]), Ok((true, false)), "{alone}");
        }
    }

    #[test]
    fn sockets_that_nobody_knows_or_that_are_too_many_are_refused_with_what_the_unit_must_hold() {
        for (names, said) in [
            (&["providers", "providers"][..], "more than one named \"providers\""),
            (&["providers", "web"], "one named \"web\""),
            (&["unknown", "unknown"], "one named \"unknown\""),
            (&["web"], "one named \"web\""),
        ] {
            let error = sorted(names).unwrap_err();
            assert!(error.contains(said) && error.contains("ListenStream="), "{error}");
        }
    }

    #[test]
    fn a_socket_that_is_connected_is_no_listener() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let connected = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let connected = TcpListener::from(std::os::fd::OwnedFd::from(connected));
        assert!(listening(Ok(Some(connected))).unwrap().is_none());
        assert!(listening(Ok(Some(listener))).unwrap().is_some());
    }
}
