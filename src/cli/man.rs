//! `allo-cmp man`: the manual pages, one for the program and one for each subcommand, for those who make packages.

use std::{io, path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::{Args, Command, CommandFactory};
use clap_mangen::{
    Man,
    roff::{Roff, bold, roman},
};

use super::Cli;

#[derive(Args, Debug)]
pub(super) struct Pages {
    /// The folder that they are written into
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The date in their feet
    #[arg(long, value_name = "DATE", default_value = "")]
    date: String,
}

impl Pages {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        std::fs::create_dir_all(&self.out).with_context(|| format!("{} can't be made", self.out.display()))?;
        // The version alone: of what it was built, `--version` tells.
        let mut program = Cli::command().long_version(None::<&str>).disable_help_subcommand(true);
        program.build();
        self.write(&program)?;
        Ok(ExitCode::SUCCESS)
    }

    /// The page of a command, and those of its subcommands.
    fn write(&self, command: &Command) -> anyhow::Result<()> {
        let path = self.out.join(format!("{}.1", title(command)));
        std::fs::write(&path, self.page(command)?).with_context(|| format!("{} can't be written", path.display()))?;
        shown(command).try_for_each(|inner| self.write(inner))
    }

    fn page(&self, command: &Command) -> io::Result<Vec<u8>> {
        let name = title(command);
        let man = Man::new(command.clone())
            .title(name.to_uppercase())
            .source(concat!("Allô CMP ", env!("CARGO_PKG_VERSION")))
            .manual("Allô CMP")
            .date(self.date.clone());
        let mut page = Vec::new();
        man.render_title(&mut page)?;
        man.render_name_section(&mut page)?;
        man.render_synopsis_section(&mut page)?;
        man.render_description_section(&mut page)?;
        man.render_options_section(&mut page)?;
        if shown(command).next().is_some() {
            man.render_subcommands_section(&mut page)?;
        }
        if name == "allo-cmp" {
            about_the_program().to_writer(&mut page)?;
        }
        see_also(command).to_writer(&mut page)?;
        Ok(page)
    }
}

/// What a page is called.
fn title(command: &Command) -> String {
    command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned()
}

/// The subcommands that the help shows.
fn shown(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|inner| !inner.is_hide_set())
}

/// Files, environment and exit codes, which hold for every subcommand.
fn about_the_program() -> Roff {
    let mut page = Roff::default();
    page.control("SH", ["FILES"]);
    let files = [
        ("./allo-cmp.toml", "The settings. Each is explained in the file that comes with the program."),
        ("/etc/allo-cmp/allo-cmp.toml", "The settings of a line that a package has installed."),
    ];
    for (file, meaning) in files {
        page.control("TP", []).text([bold(file)]).text([roman(meaning)]);
    }
    page.control("SH", ["ENVIRONMENT"]);
    let variables = [
        ("ALLO_CMP__TABLE__NAME", "A setting, which wins over the file: ALLO_CMP__SERVER__LISTEN is server.listen."),
        ("ALLO_CMP__TABLE__NAME_FILE", "The same, read from the file that it names: for secrets."),
        ("RUST_LOG", "What serve tells in its log, as info or debug."),
    ];
    for (variable, meaning) in variables {
        page.control("TP", []).text([bold(variable)]).text([roman(meaning)]);
    }
    page.control("SH", ["EXIT STATUS"]);
    let codes =
        [("0", "It went well."), ("1", "It did not, and the message says what to do."), ("2", "A wrong option.")];
    for (code, meaning) in codes {
        page.control("TP", []).text([bold(code)]).text([roman(meaning)]);
    }
    page
}

/// The page above.
fn see_also(command: &Command) -> Roff {
    let mut page = Roff::default();
    if let Some((above, _)) = title(command).rsplit_once('-').filter(|(above, _)| *above != "allo") {
        page.control("SH", ["SEE ALSO"]).text([bold(above), roman("(1)")]);
    }
    page
}
