//! Silence as a sound: for providers whose voices can't pause. Each length is a file of its own, as a recording is.
//!
//! Lengths are multiples of half a second, so that there are few files and a provider keeps each of them.

/// The shortest silence, and the step from one to the next, in milliseconds.
const STEP: u32 = 500;
/// The longest, in milliseconds.
const LONGEST: u32 = 10_000;
/// Bytes of a millisecond: 8 kHz, 16 bits, one channel.
const BYTES: u32 = 16;

/// The name of the silence nearest to so many milliseconds, without `.wav`; nothing for one too short to be heard.
pub fn silence_named(ms: u32) -> Option<String> {
    let ms = (ms + STEP / 2) / STEP * STEP;
    (ms > 0).then(|| format!("silence-{}", ms.min(LONGEST)))
}

/// The file of that name (without `.wav`), if it is the name of a silence.
pub fn silence_wav(name: &str) -> Option<Vec<u8>> {
    let ms: u32 = name.strip_prefix("silence-")?.parse().ok()?;
    if silence_named(ms).as_deref() != Some(name) {
        return None;
    }
    let data = ms * BYTES;
    let mut bytes = Vec::with_capacity(44 + data as usize);
    bytes.extend(b"RIFF");
    bytes.extend((36 + data).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend(8000_u32.to_le_bytes());
    bytes.extend(16_000_u32.to_le_bytes());
    bytes.extend(b"\x02\0\x10\0data");
    bytes.extend(data.to_le_bytes());
    bytes.resize(44 + data as usize, 0);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::Recording;

    #[test]
    fn a_silence_lasts_as_long_as_its_name_says() {
        for (ms, name, seconds) in
            [(250, "silence-500", 0.5), (1400, "silence-1500", 1.5), (60_000, "silence-10000", 10.0)]
        {
            assert_eq!(silence_named(ms).as_deref(), Some(name));
            let wav = silence_wav(name).unwrap();
            assert_eq!(Recording::read(&wav).unwrap().seconds(), seconds);
        }
        assert_eq!(silence_named(249), None);
    }

    #[test]
    fn only_the_names_that_are_given_are_files() {
        for name in ["silence-", "silence-0", "silence-501", "silence-10500", "silence-0500", "silence-+500", "x"] {
            assert_eq!(silence_wav(name), None, "{name}");
        }
    }
}
