//! The program `allo-cmp`: reads its arguments, does what they say, tells how it went. Everything else is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    allo_cmp::cli::main(std::env::args_os(), std::env::vars())
}
