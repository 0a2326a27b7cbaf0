//! Who writes the lines of the log: a thread of its own, so that a reader that has stopped reading (a collector that hangs, a
//! terminal that is held) stops the log and nothing else.
//!
//! A line is waited for as long as writing works: it stands in the log before what comes after it is done. Where writing hangs, it
//! is waited for once, briefly; from then on lines queue up, and those that are too many are lost and counted.
//!
//! `tracing-appender` waits for no line, tells nobody of those that it loses, and at the end prints to the standard output where
//! writing hangs, which is mostly the same reader.

use std::{
    collections::VecDeque,
    io::{self, Write},
    mem,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use tracing_subscriber::fmt::MakeWriter;

/// For a line to be written, before it is known that writing hangs.
const PATIENCE: Duration = Duration::from_millis(200);

/// Lines that may wait.
const MOST_LINES: usize = 1000;

/// Takes lines, and has them written.
#[derive(Clone)]
pub(super) struct Writer(Arc<Shared>);

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    /// There is something to write.
    given: Condvar,
    /// Something was written.
    written: Condvar,
}

#[derive(Default)]
struct Queue {
    lines: VecDeque<Vec<u8>>,
    /// Lines that were taken, ever.
    given: u64,
    /// Of these, those that were written.
    written: u64,
    /// A line was waited for in vain, and not all are written since.
    hangs: bool,
    /// Lines for which there was no room, since this was last told.
    lost: u64,
}

impl Writer {
    /// One that writes into `out`.
    pub(super) fn start(out: impl Write + Send + 'static) -> io::Result<Writer> {
        let shared = Arc::<Shared>::default();
        let writer = Writer(shared.clone());
        thread::Builder::new().name("log".to_owned()).spawn(move || shared.write_for_ever(out))?;
        Ok(writer)
    }
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_for_ever(&self, mut out: impl Write) {
        loop {
            let queue = self.queue();
            let wait = self.given.wait_while(queue, |queue| queue.lines.is_empty());
            let line = wait.unwrap_or_else(PoisonError::into_inner).lines.pop_front().unwrap_or_default();
            // What can't be written (a full disk, a reader that has gone) is lost.
            let _ = out.write_all(&line);
            let lost = {
                let mut queue = self.queue();
                queue.written += 1;
                let all = queue.lines.is_empty();
                queue.hangs &= !all;
                if all { mem::take(&mut queue.lost) } else { 0 }
            };
            self.written.notify_all();
            if lost > 0 {
                tracing::warn!(lost, "lines of the log were lost: whoever reads it did not read for a while");
            }
        }
    }

    fn take(&self, line: &[u8]) {
        let mut queue = self.queue();
        if queue.lines.len() >= MOST_LINES {
            queue.lost += 1;
            return;
        }
        queue.lines.push_back(line.to_owned());
        queue.given += 1;
        let mine = queue.given;
        self.given.notify_one();
        // The thread that writes would wait for itself.
        if queue.hangs || thread::current().name() == Some("log") {
            return;
        }
        let waits = |queue: &mut Queue| queue.written < mine && !queue.hangs;
        let waited = self.written.wait_timeout_while(queue, PATIENCE, waits);
        let (mut queue, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            queue.hangs = true;
            // Whoever waits beside us need not find it out, too.
            self.written.notify_all();
        }
    }
}

impl Write for Writer {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.take(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Writer {
    type Writer = Writer;

    fn make_writer(&self) -> Writer {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::mpsc::{Receiver, Sender, channel},
        time::Instant,
    };

    use super::*;

    /// Writes only what it is let.
    struct Held(Receiver<()>, Sender<String>);

    impl Write for Held {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            self.0.recv().map_err(io::Error::other)?;
            let _ = self.1.send(String::from_utf8_lossy(line).into_owned());
            Ok(line.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_is_written_before_what_comes_after_it() {
        let ((let_it, held), (out, written)) = (channel(), channel());
        let mut writer = Writer::start(Held(held, out)).unwrap();
        for line in ["one", "two"] {
            let_it.send(()).unwrap();
            writer.write_all(line.as_bytes()).unwrap();
            assert_eq!(written.try_recv().unwrap(), line);
        }
    }

    #[test]
    fn where_writing_hangs_one_line_is_waited_for_and_those_that_are_too_many_are_lost() {
        let ((let_it, held), (out, written)) = (channel(), channel());
        let mut writer = Writer::start(Held(held, out)).unwrap();
        let (all, began) = (2 * MOST_LINES, Instant::now());
        for line in 0..all {
            writer.write_all(format!("{line:04}").as_bytes()).unwrap();
        }
        assert!(began.elapsed() < all as u32 * PATIENCE / 10, "each of them was waited for");
        let lost = writer.0.queue().lost as usize;
        assert!(lost > 0 && lost <= MOST_LINES, "{lost}");
        let lines: Vec<String> = (lost..all).map(|_| (let_it.send(()), written.recv().unwrap()).1).collect();
        assert!(lines.is_sorted() && lines[0] == "0000", "in order");
        let_it.send(()).unwrap();
        writer.write_all(b"well again").unwrap();
        assert_eq!(written.recv().unwrap(), "well again");
    }
}
