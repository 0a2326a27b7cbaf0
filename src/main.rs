//! The program `allo-cmp`: reads its arguments, does what they say, tells how it went. Everything else is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    // `vars` would panic at any variable that is not UTF-8, ours or not.
    let env = std::env::vars_os();
    let env = env.map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()));
    allo_cmp::cli::main(std::env::args_os(), env)
}
