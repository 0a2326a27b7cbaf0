//! The file in which entries wait while the store takes none: append only, a line each, on the disk before it counts. Its order
//! does not matter, and what is read from it twice is stored once.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use super::{Entry, line};

/// Bytes that are read at a time: some five hundred lines.
const CHUNK: u64 = 64 * 1024;

/// The spool. Nothing is held open: a file that somebody takes away is begun anew.
#[derive(Debug)]
pub(super) struct Spool {
    path: PathBuf,
    most: u64,
    /// Bytes of the file, as far as they are whole lines.
    size: u64,
    /// Lines that are still to be stored.
    lines: u64,
    /// Bytes whose entries are stored.
    done: u64,
    /// The last line has no end.
    ragged: bool,
    /// How often the file began anew: what was read from an earlier one says nothing of this one.
    file: u64,
}

/// How far a group was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Mark {
    file: u64,
    lines: u64,
    end: u64,
}

/// Entries that were read, and what stands between them.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Group {
    pub(super) entries: Vec<Entry>,
    /// Lines that are none.
    pub(super) damaged: u64,
    /// How far it goes.
    pub(super) mark: Mark,
}

/// Why the spool takes nothing now.
#[derive(Debug, thiserror::Error)]
pub(super) enum SpoolError {
    #[error("it is as long as it may be")]
    Full,
    #[error("{0}")]
    File(#[from] io::Error),
}

impl Spool {
    /// The spool at `path`, with what an earlier run left in it; `most` bytes at most.
    pub(super) fn open(path: PathBuf, most: u64) -> (Spool, Option<io::Error>) {
        let mut spool = Spool { path, most, size: 0, lines: 0, done: 0, ragged: false, file: 0 };
        let wrong = spool.measure().err().filter(|error| error.kind() != ErrorKind::NotFound);
        (spool, wrong)
    }

    fn measure(&mut self) -> io::Result<()> {
        let (mut file, mut chunk) = (File::open(&self.path)?, vec![0; 64 * 1024]);
        let found = file.metadata()?;
        if found.is_dir() {
            return Err(ErrorKind::IsADirectory.into());
        }
        if !found.is_file() {
            return Ok(());
        }
        loop {
            let read = file.read(&mut chunk)?;
            let Some(last) = chunk[..read].last() else { break };
            self.ragged = *last != b'\n';
            self.size += read as u64;
            self.lines += chunk[..read].iter().filter(|byte| **byte == b'\n').count() as u64;
        }
        self.lines += u64::from(self.ragged);
        Ok(())
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Entries that wait in it.
    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    /// Bytes of the file.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Whether there is something to be stored.
    pub(super) fn waits(&self) -> bool {
        self.done < self.size
    }

    /// Adds these entries, all or none. They are on the disk when it returns.
    pub(super) fn append(&mut self, entries: &[Entry]) -> Result<(), SpoolError> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut text = String::with_capacity(160 * entries.len());
        entries.iter().for_each(|entry| line::write(entry, &mut text));
        let mut file = self.file()?;
        if self.ragged {
            text.insert(0, '\n');
        }
        let added = text.len() as u64;
        if self.size + added > self.most {
            return Err(SpoolError::Full);
        }
        if let Err(error) = file.write_all(text.as_bytes()).and_then(|()| file.sync_data()) {
            // Half a group would be told twice: as spooled and as held. What can't be cut off is passed over when it is read.
            self.ragged |= file.set_len(self.size).is_err();
            return Err(error.into());
        }
        self.ragged = false;
        self.size += added;
        self.lines += entries.len() as u64;
        Ok(())
    }

    /// The file, to be added to. One that was changed by others is read from its beginning again.
    fn file(&mut self) -> io::Result<File> {
        let (path, mut options) = (&self.path, OpenOptions::new());
        options.append(true).mode(0o600);
        let file = match options.open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let folder = folder(path);
                fs::create_dir_all(folder)?;
                let file = options.create(true).open(path)?;
                // The name of the file must outlive a power cut, too; where a folder can't be synced, it does what it can.
                let _ = File::open(folder).and_then(|folder| folder.sync_all());
                file
            }
            opened => opened?,
        };
        let found = file.metadata()?;
        if found.is_file() && found.len() != self.size && !self.ragged {
            self.forget();
            self.measure()?;
        }
        Ok(file)
    }

    /// What is to be stored next. Nothing changes until [`Spool::advance`].
    pub(super) fn next(&self) -> io::Result<Group> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(self.done))?;
        let mut chunk = Vec::new();
        file.take(CHUNK).read_to_end(&mut chunk)?;
        // What is longer than a chunk is no line of ours, and the end of the file may be torn: both are passed over whole.
        let whole = chunk.iter().rposition(|byte| *byte == b'\n').map_or(chunk.len(), |end| end + 1);
        let whole = if (chunk.len() as u64) < CHUNK { chunk.len() } else { whole };
        let (mut entries, mut damaged) = (Vec::new(), 0);
        for line in chunk[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            match line::read(line) {
                Some(entry) => entries.push(entry),
                None => damaged += 1,
            }
        }
        // A file that became shorter has nothing more to give.
        let end = if whole == 0 { self.size } else { self.done + whole as u64 };
        let mark = Mark { file: self.file, lines: entries.len() as u64 + damaged, end };
        Ok(Group { entries, damaged, mark })
    }

    /// All before this mark is stored. When that is everything, the file goes.
    pub(super) fn advance(&mut self, mark: Mark) -> io::Result<()> {
        if mark.file != self.file {
            return Ok(());
        }
        self.done = mark.end;
        self.lines = self.lines.saturating_sub(mark.lines);
        if self.waits() {
            return Ok(());
        }
        self.forget();
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Puts a file that can't be read out of the way. Tells how many entries are in it, and where it is now, if it is anywhere.
    pub(super) fn set_aside(&mut self) -> (u64, io::Result<PathBuf>) {
        let lines = self.lines;
        self.forget();
        let mut aside = self.path.clone().into_os_string();
        aside.push(".broken");
        (lines, fs::rename(&self.path, &aside).map(|()| aside.into()))
    }

    fn forget(&mut self) {
        (self.size, self.lines, self.done, self.ragged) = (0, 0, 0, false);
        self.file += 1;
    }
}

/// The folder of a file.
pub(super) fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::testing::{entries, entry};

    const MOST: u64 = 1 << 20;

    fn open(path: &Path) -> Spool {
        let (spool, wrong) = Spool::open(path.to_owned(), MOST);
        assert!(wrong.is_none(), "{wrong:?}");
        spool
    }

    /// Everything that waits, and how many lines were damaged. Empties it.
    fn drained(spool: &mut Spool) -> (Vec<Entry>, u64) {
        let (mut all, mut damaged) = (Vec::new(), 0);
        while spool.waits() {
            let group = spool.next().unwrap();
            all.extend(group.entries);
            damaged += group.damaged;
            spool.advance(group.mark).unwrap();
        }
        (all, damaged)
    }

    #[test]
    fn what_is_spooled_comes_back_after_a_restart_and_the_file_goes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("made/for/it/spool");
        let mut spool = open(&path);
        assert!(!spool.waits() && !path.exists());
        spool.append(&entries(0..2000)).unwrap();
        spool.append(&entries(2000..2001)).unwrap();
        let mut again = open(&path);
        assert_eq!((again.lines(), again.size()), (2001, fs::metadata(&path).unwrap().len()));
        assert_eq!(drained(&mut again), (entries(0..2001), 0));
        assert!(!path.exists() && again.lines() == 0);
        again.append(&entries(0..1)).unwrap();
        assert_eq!(drained(&mut again), (entries(0..1), 0));
    }

    #[test]
    fn a_torn_last_line_and_damaged_ones_are_counted_and_the_others_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spool");
        open(&path).append(&entries(0..10)).unwrap();
        let mut bytes = fs::read(&path).unwrap();
        bytes.truncate(bytes.len() - 7);
        bytes[30] ^= 1;
        fs::write(&path, &bytes).unwrap();
        let mut spool = open(&path);
        spool.append(&entries(10..12)).unwrap();
        let kept: Vec<Entry> = (1..9).chain(10..12).map(entry).collect();
        assert_eq!(drained(&mut spool), (kept, 2));
    }

    #[test]
    fn a_file_that_is_no_spool_at_all_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spool");
        fs::write(&path, vec![b'x'; 200_000]).unwrap();
        let (kept, damaged) = drained(&mut open(&path));
        assert!(kept.is_empty() && damaged > 0 && !path.exists());
    }

    #[test]
    fn entries_are_added_while_others_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let mut spool = open(&folder.path().join("spool"));
        spool.append(&entries(0..1000)).unwrap();
        let group = spool.next().unwrap();
        let first = group.entries.len();
        assert!(first < 1000, "one chunk");
        spool.append(&entries(1000..1005)).unwrap();
        spool.advance(group.mark).unwrap();
        assert_eq!(drained(&mut spool).0, entries(first..1005));
    }

    #[test]
    fn it_does_not_grow_beyond_its_bound() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spool");
        let (mut spool, _) = Spool::open(path.clone(), 1000);
        spool.append(&entries(0..5)).unwrap();
        assert!(matches!(spool.append(&entries(5..15)), Err(SpoolError::Full)));
        assert!(fs::metadata(&path).unwrap().len() <= 1000);
        assert_eq!(drained(&mut spool).0, entries(0..5));
        spool.append(&entries(5..10)).unwrap();
    }

    #[test]
    fn a_file_that_somebody_takes_away_is_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spool");
        let mut spool = open(&path);
        spool.append(&entries(0..5)).unwrap();
        fs::remove_file(&path).unwrap();
        spool.append(&entries(5..7)).unwrap();
        assert_eq!((spool.lines(), drained(&mut spool).0), (2, entries(5..7)));
    }

    #[test]
    fn what_was_read_from_an_earlier_file_says_nothing_of_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spool");
        let mut spool = open(&path);
        spool.append(&entries(0..5)).unwrap();
        let group = spool.next().unwrap();
        fs::remove_file(&path).unwrap();
        spool.append(&entries(5..7)).unwrap();
        spool.advance(group.mark).unwrap();
        assert_eq!(drained(&mut spool).0, entries(5..7));
    }

    #[test]
    fn what_cannot_be_written_is_an_error_and_nothing_counts_as_spooled() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        let (mut spool, _) = Spool::open(folder.path().join("file/spool"), MOST);
        assert!(matches!(spool.append(&entries(0..1)), Err(SpoolError::File(_))));
        let (mut full, wrong) = Spool::open("/dev/full".into(), MOST);
        assert!(wrong.is_none());
        assert!(matches!(full.append(&entries(0..1)), Err(SpoolError::File(_))));
        assert_eq!((full.lines(), full.waits()), (0, false));
    }
}
