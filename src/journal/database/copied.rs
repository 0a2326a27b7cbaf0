//! Copies of a journal, made beside the place where they are to be: what bears the name of a journal or a backup is whole, also
//! where the program was killed in the middle, or the disk was full.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    super::StoreError,
    care::{CareError, Condition, look, refused},
    link::Value,
    migrate,
    place::Place,
    rescue, sqlite,
    trouble::Fault,
};

/// A file that is being made. Gone with all that lies beside it, unless it becomes what it was made for.
pub(super) struct Part {
    file: PathBuf,
}

impl Part {
    /// An empty one beside `to`, where there must be nothing.
    pub(super) fn beside(to: &Path) -> Result<Part, CareError> {
        let mut file = to.as_os_str().to_owned();
        file.push(".part");
        let part = Part { file: file.into() };
        // What a killed run left.
        part.remove();
        sqlite::make(&part.file).map_err(|error| part.failed(&error))?;
        Ok(part)
    }

    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    pub(super) fn place(&self) -> Place {
        Place::Sqlite(self.file.clone())
    }

    /// Gives it its name, once it is on the disk.
    pub(super) fn becomes(self, to: &Path) -> Result<(), CareError> {
        let synced = fs::File::open(&self.file).and_then(|file| file.sync_all());
        synced.and_then(|()| fs::rename(&self.file, to)).map_err(|error| self.failed(&error))
    }

    /// A copy may lie about for years.
    async fn forget_callers(&self) -> Result<(), Fault> {
        let mut link = sqlite::plainly(&self.file).await?;
        link.script("PRAGMA secure_delete = ON; DELETE FROM calls").await?;
        if migrate::version(&mut link).await? >= migrate::WITH_CALLERS {
            link.script("DELETE FROM day_keys; DELETE FROM day_callers").await?;
        }
        Ok(link.script("VACUUM").await?)
    }

    fn failed(&self, error: &io::Error) -> CareError {
        CareError::Refused(format!("{} can't be written: {error}", self.file.display()))
    }

    fn remove(&self) {
        for part in parts(&self.file) {
            let _ = fs::remove_file(part);
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        self.remove();
    }
}

/// A copy that was looked through.
pub(super) struct Copied {
    part: Part,
    condition: Condition,
}

impl Copied {
    /// A copy of `from` beside `to`, without what tells which facts were of one call, or which callers of a day were the same.
    pub(super) async fn beside(from: &Path, to: &Path) -> Result<Copied, CareError> {
        let part = Part::beside(to)?;
        let source = Place::Sqlite(from.to_owned());
        let name = part.file.to_string_lossy();
        let mut link = sqlite::to_read(from).await.map_err(|fault| fault.told(&source))?;
        if migrate::version(&mut link).await.map_err(|fault| fault.told(&source))? == 0 {
            return Err(StoreError::Broken(format!("{source} is empty: it is no journal")).into());
        }
        // What goes wrong in reading is the source's, all else that of the copy.
        link.run("VACUUM INTO $1", &[Value::Text(&name)]).await.map_err(|error| {
            let at = if rescue::is_damage(&error) { source } else { part.place() };
            Fault::from(error).told(&at)
        })?;
        drop(link);
        part.forget_callers().await.map_err(|fault| fault.told(&part.place()))?;
        let condition = look(&part.file).await?;
        match condition.damage.first() {
            None => Ok(Copied { part, condition }),
            Some(damage) => refused(format!(
                "{} is damaged ({damage}): `allo-cmp journal rescue` saves what can be read",
                from.display()
            )),
        }
    }

    pub(super) fn file(&self) -> &Path {
        &self.part.file
    }

    /// Gives it its name.
    pub(super) fn becomes(self, to: &Path) -> Result<Condition, CareError> {
        self.part.becomes(to).map(|()| self.condition)
    }
}

/// A database and the files beside it that belong to it.
pub(super) fn parts(path: &Path) -> impl Iterator<Item = PathBuf> {
    ["", "-wal", "-shm", "-journal"].into_iter().map(move |end| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    })
}
