//! A scripted caller, as on a command line: `1 _ 2 75011# !9`.
//!
//! Groups are parted by blanks, and each is for one wait. Where a wait takes several keys it gets the whole group; where
//! it takes one, the group feeds the following waits one by one. `_` lets a wait pass in silence; a leading `!` presses
//! at the first sound. After the last group the caller stays silent until the call ends, or hangs up.

use std::collections::VecDeque;

use super::{Call, NotAnOutcome, Outcomes, PhoneError, Transport, Wait, When};

/// What the caller does in one wait.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Group {
    /// Presses nothing.
    Silence,
    /// Presses these keys.
    Keys {
        /// The keys, at least one.
        keys: String,
        /// When.
        when: When,
    },
}

/// All that a caller is going to do.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Script {
    /// Keys and silences, in order.
    pub groups: VecDeque<Group>,
    /// What becomes of the numbers that the line dials.
    pub outcomes: Outcomes,
    /// After the last group: hear the next answer and hang up, rather than stay silent to the end.
    pub hang_up_at_end: bool,
}

/// A script that can't be read.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// A group of keys holds something else.
    #[error("keys `{0}`: a group holds keys (0-9, *, #), perhaps with a leading !, or is a single _")]
    Keys(String),
    /// An outcome is none.
    #[error(transparent)]
    Outcome(#[from] NotAnOutcome),
}

impl Script {
    /// Reads keys, as in `1 _ 2 75011# !9`, and outcomes, as in `busy,completed:60`.
    pub fn parse(keys: &str, dial: &str) -> Result<Script, ScriptError> {
        let groups = keys.split_whitespace().map(group).collect::<Result<_, _>>()?;
        Ok(Script { groups, outcomes: dial.parse()?, hang_up_at_end: false })
    }
}

fn group(text: &str) -> Result<Group, ScriptError> {
    if text == "_" {
        return Ok(Group::Silence);
    }
    let (keys, when) = match text.strip_prefix('!') {
        Some(keys) => (keys, When::AtOnce),
        None => (text, When::AfterWords),
    };
    if keys.is_empty() || !keys.chars().all(|key| matches!(key, '0'..='9' | '*' | '#')) {
        return Err(ScriptError::Keys(text.to_owned()));
    }
    Ok(Group::Keys { keys: keys.to_owned(), when })
}

/// Places the call and lets the script's caller act until the call is over.
pub async fn run_script<T: Transport>(call: &mut Call<T>, script: &Script) -> Result<(), PhoneError> {
    let mut script = script.clone();
    call.start().await?;
    loop {
        let one_key = match call.wait() {
            Wait::Ended(_) | Wait::Start => return Ok(()),
            Wait::Dial(_) => {
                call.dialled(script.outcomes.take()).await?;
                continue;
            }
            Wait::Keys(listening) => listening.num_digits() == Some(1),
        };
        match script.groups.pop_front() {
            Some(Group::Silence) => call.silence().await?,
            Some(Group::Keys { keys, when }) => {
                let now = if one_key { 1 } else { keys.len() };
                let (pressed, later) = keys.split_at(now);
                if !later.is_empty() {
                    script.groups.push_front(Group::Keys { keys: later.to_owned(), when });
                }
                call.press(pressed, when).await?;
            }
            None if script.hang_up_at_end => call.hang_up().await?,
            None => call.silence().await?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone::{
        DialResult, Ending,
        testing::{call, summary},
    };

    #[test]
    fn groups_are_read_and_anything_else_is_refused() {
        let keys = |keys: &str, when| Group::Keys { keys: keys.into(), when };
        let script = Script::parse(" 1 _  75011#\t!9* ", "busy,completed:60").unwrap();
        let expected =
            [keys("1", When::AfterWords), Group::Silence, keys("75011#", When::AfterWords), keys("9*", When::AtOnce)];
        assert_eq!(script.groups, expected);
        assert_eq!(script.outcomes, Outcomes::new([DialResult::Busy, DialResult::Completed(60)]));
        assert_eq!(Script::parse("", "").unwrap(), Script::default());
        for wrong in ["a", "1a", "__", "!", "!_", "1_", "1!", "é", "+", "1,2"] {
            let error = Script::parse(wrong, "").unwrap_err().to_string();
            assert!(error.contains(wrong), "{error}");
        }
        assert!(Script::parse("1", "engaged").is_err());
    }

    const ONE: &str =
        "<Gather numDigits=\"1\" finishOnKey=\"\" action=\"/five\"><Say>one</Say></Gather><Redirect>/one</Redirect>";
    const FIVE: &str = "<Gather numDigits=\"5\" timeout=\"6\" action=\"/dial\"><Say>five</Say></Gather>";
    const DIAL: &str = "<Dial action=\"/one\">+33139123456</Dial>";

    async fn run(keys: &str, dial: &str, hang_up_at_end: bool) -> (String, Wait) {
        let mut call = call(&[("/voice", ONE), ("/one", ONE), ("/five", FIVE), ("/dial", DIAL)]);
        let script = Script { hang_up_at_end, ..Script::parse(keys, dial).unwrap() };
        run_script(&mut call, &script).await.unwrap();
        (summary(&call), call.wait().clone())
    }

    #[tokio::test]
    async fn a_group_feeds_one_wait_or_several() {
        let (heard, end) = run("1 75011# !23 _ 1", "busy", false).await;
        let expected = "one L 1 five L 7 5 0 1 1 # dial:busy L 2 L 3 dial:no-answer one L hush one L 1 five L hush";
        assert_eq!(heard, format!("{expected} hangup:ran-out"));
        assert_eq!(end, Wait::Ended(Ending::RanOut));
    }

    #[test]
    fn a_call_may_run_on_any_thread() {
        fn is_send<T: Send>(_: T) {}
        is_send(run_script(&mut call(&[]), &Script::default()));
    }

    #[tokio::test]
    async fn the_caller_may_hang_up_after_the_last_answer() {
        let (heard, end) = run("1 !1", "", true).await;
        assert_eq!(heard, "one L 1 L 1 dial:completed one hangup:caller");
        assert_eq!(end, Wait::Ended(Ending::Caller));
    }
}
