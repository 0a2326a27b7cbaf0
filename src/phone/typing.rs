//! A caller who presses keys: one, or several in one wait. The time-out of a wait begins anew at each of them.

use super::{Call, Heard, HeardWhat, PhoneError, Transport, Wait, When, instructions::Gather};

impl<T: Transport> Call<T> {
    /// Presses `keys`, one right after the other. While the line dials somebody they are lost.
    ///
    /// In a `Gather`, keys beyond its end are lost too. When it takes more keys than are pressed, its time-out passes
    /// and what was typed is sent.
    pub async fn press(&mut self, keys: &str, when: When) -> Result<(), PhoneError> {
        self.press_slowly(keys, when, 0).await
    }

    /// The same with `pause` seconds before each key but the first. A pause as long as the time-out ends the wait with what
    /// was typed; the keys behind it are pressed in the waits that follow, during their words.
    pub async fn press_slowly(&mut self, keys: &str, when: When, pause: u32) -> Result<(), PhoneError> {
        if keys.is_empty() || !keys.chars().all(|key| matches!(key, '0'..='9' | '*' | '#')) {
            return Err(PhoneError::Misuse(format!("`{keys}` is no row of keys: 0-9, * and #")));
        }
        let (mut rest, mut when) = (keys, when);
        while !rest.is_empty() {
            match &self.wait {
                Wait::Keys(listening) => {
                    let gather = listening.gather.clone();
                    rest = self.press_into(&gather, rest, when, pause).await?;
                    when = When::AtOnce;
                }
                Wait::Dial(_) => {
                    self.lose(rest);
                    return Ok(());
                }
                _ if rest.len() < keys.len() => return Ok(()),
                _ => return Err(PhoneError::Misuse("nobody is on the line: no key can be pressed".into())),
            }
        }
        Ok(())
    }

    /// Presses keys in one wait; gives those that come too late for it.
    async fn press_into<'k>(
        &mut self,
        gather: &Gather,
        keys: &'k str,
        when: When,
        pause: u32,
    ) -> Result<&'k str, PhoneError> {
        if when == When::AfterWords {
            self.hear_prompts(gather)?;
        }
        self.listen(gather);
        let mut digits = String::new();
        for (at, key) in keys.char_indices() {
            if at > 0 && pause >= gather.between {
                self.now += f64::from(gather.between);
                self.gathered(gather, &digits, None).await?;
                self.now += f64::from(pause - gather.between);
                return Ok(&keys[at..]);
            }
            self.now += f64::from(if at > 0 { pause } else { 0 });
            self.note(HeardWhat::Press { key });
            let finished = (gather.finish_on_key == Some(key)).then_some(key);
            if finished.is_none() {
                digits.push(key);
            }
            if finished.is_some() || gather.num_digits.is_some_and(|number| digits.len() >= number as usize) {
                let rest = &keys[at + 1..];
                // Whoever types slowly presses the next key when the answer is there.
                if pause == 0 {
                    self.lose(rest);
                }
                self.gathered(gather, &digits, finished).await?;
                return Ok(if pause == 0 { "" } else { rest });
            }
        }
        self.now += f64::from(gather.between);
        self.gathered(gather, &digits, None).await?;
        Ok("")
    }

    /// Keys that nobody hears.
    fn lose(&mut self, keys: &str) {
        let now = self.now;
        self.transcript.extend(keys.chars().map(|key| Heard { at: now, what: HeardWhat::Press { key } }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone::testing::{call, summary};

    const FIVE: &str = "<Gather numDigits=\"5\" timeout=\"6\" action=\"/more\"><Say>five</Say></Gather>";
    const MORE: &str = "<Gather numDigits=\"3\" timeout=\"6\" action=\"/end\"><Say>more</Say></Gather>";

    async fn typed(keys: &str, pause: u32) -> (String, f64, String) {
        let mut call = call(&[("/voice", FIVE), ("/more", MORE), ("/end", "<Say>end</Say>")]);
        call.start().await.unwrap();
        call.press_slowly(keys, When::AtOnce, pause).await.unwrap();
        let last = call.last_request().unwrap();
        let digits = last.params.iter().find(|(name, _)| name == "Digits").map(|(_, value)| value.clone());
        (summary(&call), call.seconds(), digits.unwrap_or_default())
    }

    #[tokio::test]
    async fn the_time_out_begins_anew_at_each_key() {
        let (heard, seconds, digits) = typed("75011", 5).await;
        assert_eq!((heard.as_str(), seconds, digits.as_str()), ("L 7 5 0 1 1", 20.0, "75011"));
    }

    #[tokio::test]
    async fn a_pause_as_long_as_the_time_out_ends_the_wait_and_later_keys_come_into_the_next_one() {
        let (heard, seconds, digits) = typed("75", 6).await;
        // The second key is in the second wait, which times out in its turn.
        assert!(heard.starts_with("L 7 L 5 end"), "{heard}");
        assert_eq!((seconds >= 12.0, digits.as_str()), (true, "5"));
    }

    #[tokio::test]
    async fn the_closing_key_ends_the_wait_and_a_slow_key_behind_it_is_not_lost() {
        let (heard, _, digits) = typed("75#1", 1).await;
        assert!(heard.starts_with("L 7 5 # L 1"), "{heard}");
        assert_eq!(digits, "1");
        let (heard, _, digits) = typed("75#1", 0).await;
        assert_eq!((heard.as_str(), digits.as_str()), ("L 7 5 # 1", "75"));
    }
}
