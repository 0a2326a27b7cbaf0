//! `allo-cmp directory postal-codes`: makes the table of postal codes from open data. For who works on the program.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, anyhow};
use clap::Args;

use crate::{cli::print, directory::make_postal_codes};

#[derive(Args, Debug)]
pub(super) struct PostalCodes {
    /// The communes: code_postal,code_insee,commune,departement,population
    #[arg(long, value_name = "FILE")]
    communes: PathBuf,
    /// Their places: insee,latitude,longitude; or geonameid,name,country,admin1,lat,lon,population
    #[arg(long, value_name = "FILE")]
    points: PathBuf,
    /// The table that is written
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl PostalCodes {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let read = |path: &Path| fs::read_to_string(path).with_context(|| format!("{} can't be read", path.display()));
        let made = make_postal_codes(&read(&self.communes)?, &read(&self.points)?).map_err(|wrong| anyhow!(wrong))?;
        fs::write(&self.out, &made.text).with_context(|| format!("{} can't be written", self.out.display()))?;
        let [exact, code, around, department] = made.communes;
        print(|out| {
            writeln!(
                out,
                "{} communes: the place of {exact} is known; of {code} it is the middle of their postal code, of {around} \
                 that of the codes beside it, of {department} that of the département",
                exact + code + around + department
            )
        })?;
        Ok(ExitCode::SUCCESS)
    }
}
