//! `allo-cmp completions`: what a shell must know to complete what is typed.

use std::{io::Write, process::ExitCode};

use clap::{Args, CommandFactory, ValueEnum};
use clap_complete::Shell;

use super::{Cli, print};

#[derive(Args, Debug)]
pub(super) struct Completions {
    /// The shell that is to read it
    #[arg(value_name = "SHELL")]
    shell: Known,
}

/// Those that are tried by the tests.
#[derive(ValueEnum, Clone, Copy, Debug)]
enum Known {
    /// source <(allo-cmp completions bash)
    Bash,
    /// source <(allo-cmp completions zsh)
    Zsh,
    /// allo-cmp completions fish | source
    Fish,
}

impl Completions {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let shell = match self.shell {
            Known::Bash => Shell::Bash,
            Known::Zsh => Shell::Zsh,
            Known::Fish => Shell::Fish,
        };
        // Into memory first: the generator panics where it can't write.
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Cli::command(), "allo-cmp", &mut script);
        if let Shell::Bash = shell {
            // clap_complete 4.6 writes a name with a hyphen in two ways, and then completes nothing behind a subcommand.
            script = String::from_utf8(script)?.replace("allo__subcmd__cmp", "allo__cmp").into_bytes();
        }
        print(|out| out.write_all(&script))?;
        Ok(ExitCode::SUCCESS)
    }
}
