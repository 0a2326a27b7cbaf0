//! A telephone in the terminal: shows what is heard and reads keys, a line at a time.
//!
//! Keys are pressed after the last word, or at the first sound with a leading `!`; an empty line is silence; `q`, or the
//! end of the input, hangs up. When the line dials somebody, whoever sits here decides what becomes of it.

use std::io::Write;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, Lines};

use super::{Answers, Call, Heard, PhoneError, Transport, Wait, When, human};

/// What the person at the terminal is told at the beginning.
const HELP: &str = "Keys: 0-9, *, # then Enter (!9 cuts the words). Enter alone: silence. q: hang up.";

/// Places the call and lets the person at the terminal drive it to its end. `width` is that of the terminal, in columns.
pub async fn run<T: Transport>(
    call: &mut Call<T>,
    input: impl AsyncBufRead + Unpin,
    output: &mut impl Write,
    width: usize,
) -> Result<(), PhoneError> {
    let mut screen = Screen { lines: input.lines(), output, width, shown: 0 };
    writeln!(screen.output, "{HELP}")?;
    call.start().await?;
    loop {
        screen.show(call)?;
        match call.wait().clone() {
            Wait::Start | Wait::Ended(_) => return Ok(()),
            Wait::Keys(_) => screen.keys(call).await?,
            Wait::Dial(dialled) => screen.dial(call, &dialled.number()).await?,
        }
    }
}

struct Screen<'a, R, W> {
    lines: Lines<R>,
    output: &'a mut W,
    width: usize,
    /// Events already on the screen, counted along the transcript and then the prompts of the wait.
    shown: usize,
}

impl<R: AsyncBufRead + Unpin, W: Write> Screen<'_, R, W> {
    fn show<T: Transport>(&mut self, call: &Call<T>) -> Result<(), PhoneError> {
        let prompts = call.hearing();
        let all: Vec<&Heard> = call.transcript().iter().chain(&prompts).collect();
        for line in all.iter().skip(self.shown).filter_map(|heard| human(heard, self.width)) {
            writeln!(self.output, "{line}")?;
        }
        self.shown = all.len();
        Ok(())
    }

    /// The next line of the input, asked for with `prompt`; `None` at its end.
    async fn ask(&mut self, prompt: &str) -> Result<Option<String>, PhoneError> {
        write!(self.output, "{prompt}")?;
        self.output.flush()?;
        Ok(self.lines.next_line().await?.map(|line| line.trim().to_owned()))
    }

    async fn keys<T: Transport>(&mut self, call: &mut Call<T>) -> Result<(), PhoneError> {
        loop {
            let line = self.ask("keys> ").await?;
            let Some(line) = line.filter(|line| line != "q") else { return call.hang_up().await };
            if line.is_empty() {
                return call.silence().await;
            }
            let (keys, when) = match line.strip_prefix('!') {
                Some(keys) => (keys, When::AtOnce),
                None => (line.as_str(), When::AfterWords),
            };
            if keys.is_empty() || !keys.chars().all(|key| matches!(key, '0'..='9' | '*' | '#')) {
                writeln!(self.output, "{HELP}")?;
                continue;
            }
            if when == When::AtOnce {
                // The prompts were shown but won't be in the transcript: what comes next stands right behind it.
                self.shown = call.transcript().len();
            }
            return call.press(keys, when).await;
        }
    }

    async fn dial<T: Transport>(&mut self, call: &mut Call<T>, number: &str) -> Result<(), PhoneError> {
        loop {
            let line = self.ask(&format!("dialling {number}: busy / no-answer / completed? [completed] ")).await?;
            let Some(line) = line.filter(|line| line != "q") else { return call.hang_up().await };
            let outcome = if line.is_empty() { "completed" } else { &line };
            match outcome.parse::<Answers>() {
                Ok(outcome) => return call.dialled(outcome).await,
                Err(error) => writeln!(self.output, "{error}")?,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone::testing::{call, summary};

    const MENU: &str = "<Gather numDigits=\"1\" timeout=\"6\" action=\"/dial\"><Say language=\"fr\">Bonjour</Say><Say>Hi</Say></Gather><Redirect>/voice</Redirect>";
    const DIAL: &str = "<Dial action=\"/voice\">+33972394050</Dial>";

    async fn screen(typed: &str) -> (String, String) {
        let mut call = call(&[("/voice", MENU), ("/dial", DIAL)]);
        let mut output = Vec::new();
        run(&mut call, typed.as_bytes(), &mut output, 80).await.unwrap();
        (String::from_utf8(output).unwrap(), summary(&call))
    }

    #[tokio::test]
    async fn keys_silence_and_outcomes_come_from_the_keyboard() {
        let (screen, heard) = screen("\nhelp\n1\nbusy\n!2\nengaged\n\nq\n").await;
        assert_eq!(heard, "Bonjour Hi L hush Bonjour Hi L 1 dial:busy L 2 dial:completed Bonjour Hi hangup:caller");
        let expected = format!(
            "{HELP}
   0.0 s  fr  Bonjour
   0.5 s  en  Hi
keys>    0.9 s      … (6 s)
   6.9 s  fr  Bonjour
   7.4 s  en  Hi
keys> {HELP}
keys>    7.8 s      → key 1
dialling +33972394050: busy / no-answer / completed? [completed]    7.8 s      ☎ dial +33972394050 → busy
   9.8 s  fr  Bonjour
  10.3 s  en  Hi
keys>    9.8 s      → key 2
dialling +33972394050: busy / no-answer / completed? [completed] `engaged` is no outcome: completed, \
completed:SECONDS, accepted, accepted:SECONDS, starred, starred:SECONDS, busy, no-answer, failed, canceled, refused, voicemail or hung-up
dialling +33972394050: busy / no-answer / completed? [completed]    9.8 s      ☎ dial +33972394050 → completed
 314.8 s  fr  Bonjour
 315.3 s  en  Hi
keys>  315.8 s      ☎ the caller hangs up
"
        );
        assert_eq!(screen, expected);
    }

    #[tokio::test]
    async fn the_end_of_the_input_hangs_up() {
        assert_eq!(screen("").await.1, "Bonjour Hi hangup:caller");
        assert_eq!(screen("5\n").await.1, "Bonjour Hi L 5 dial:canceled hangup:caller");
    }
}
