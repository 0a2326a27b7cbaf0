//! A recording: what a person has said into a microphone, as the bytes of a WAV file. Only what a telephone carries.
//!
//! Our own reader of the RIFF header: `hound` knows neither mu-law nor A-law, the formats of telephony.

use std::fmt;

use sha2::{Digest, Sha256};

use super::hexadecimal;

/// What is said at once never lasts this long, in seconds.
const MOST_SECONDS: f32 = 60.0;

/// The header of `RIFF`, its size, `WAVE`.
const HEAD: usize = 12;
const PCM: u16 = 1;
const A_LAW: u16 = 6;
const MU_LAW: u16 = 7;
/// The format stands further on, in the first two bytes of an identifier.
const EXTENSIBLE: u16 = 0xfffe;

/// A WAV file that can be played on the telephone.
#[derive(Clone)]
pub struct Recording {
    id: String,
    seconds: f32,
    bytes: Vec<u8>,
}

/// Why a file is no recording that we can play.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotARecording {
    /// Another kind of file, whatever its name.
    #[error("this is no WAV file")]
    NotWav,
    /// Its header promises more than there is.
    #[error("this WAV file is cut off: a part of it is missing")]
    CutOff,
    /// Compressed, or finer than a telephone.
    #[error("this WAV file is written in a way that telephones don't play")]
    Format,
    /// Stereo.
    #[error("this WAV file has more than one channel")]
    Channels,
    /// Made for music.
    #[error("this WAV file has {0} samples a second, not 8000 or 16000")]
    Rate(u32),
    /// No sound.
    #[error("this recording is empty")]
    Empty,
    /// Longer than anybody listens.
    #[error("this recording is longer than 60 seconds")]
    TooLong,
}

impl Recording {
    /// Reads the bytes of a WAV file: PCM of 16 bits, mu-law or A-law; one channel; 8 or 16 kHz; 60 seconds at most.
    pub fn read(bytes: &[u8]) -> Result<Recording, NotARecording> {
        let seconds = seconds(bytes)?;
        let id = hexadecimal(&Sha256::digest(bytes)[..16]);
        Ok(Recording { id, seconds, bytes: bytes.to_vec() })
    }

    /// 32 hex digits that no other recording has: the beginning of the SHA-256 of its bytes.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How long it lasts.
    pub fn seconds(&self) -> f32 {
        self.seconds
    }
}

impl AsRef<[u8]> for Recording {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

// The id is that of the bytes.
impl PartialEq for Recording {
    fn eq(&self, other: &Recording) -> bool {
        self.id == other.id
    }
}

impl Eq for Recording {}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recording({}, {:.1} s)", self.id, self.seconds)
    }
}

/// The length of a WAV file that telephones play.
fn seconds(bytes: &[u8]) -> Result<f32, NotARecording> {
    if bytes.get(..4) != Some(b"RIFF") || bytes.get(8..HEAD) != Some(b"WAVE") {
        return Err(NotARecording::NotWav);
    }
    let mut bytes_a_second = None;
    let mut rest = &bytes[HEAD..];
    loop {
        let (Some(name), Some(size)) = (rest.get(..4), u32_at(rest, 4)) else {
            return Err(if bytes_a_second.is_some() { NotARecording::Empty } else { NotARecording::CutOff });
        };
        let size = usize::try_from(size).map_err(|_| NotARecording::CutOff)?;
        let chunk = rest[8..].get(..size).ok_or(NotARecording::CutOff)?;
        match (name, bytes_a_second) {
            (b"fmt ", _) => bytes_a_second = Some(format(chunk)?),
            (b"data", Some(rate)) => return length(size, rate),
            _ => {}
        }
        // Chunks begin at even bytes.
        rest = rest[8..].get(size + size % 2..).unwrap_or_default();
    }
}

/// The bytes of one second.
fn format(chunk: &[u8]) -> Result<u32, NotARecording> {
    let (Some(mut kind), Some(channels), Some(rate), Some(bits)) =
        (u16_at(chunk, 0), u16_at(chunk, 2), u32_at(chunk, 4), u16_at(chunk, 14))
    else {
        return Err(NotARecording::CutOff);
    };
    if kind == EXTENSIBLE {
        kind = u16_at(chunk, 24).ok_or(NotARecording::CutOff)?;
    }
    let bytes = match (kind, bits) {
        (PCM, 16) => 2,
        (A_LAW | MU_LAW, 8) => 1,
        _ => return Err(NotARecording::Format),
    };
    match (channels, rate) {
        (1, 8000 | 16_000) => Ok(rate * bytes),
        (1, _) => Err(NotARecording::Rate(rate)),
        _ => Err(NotARecording::Channels),
    }
}

fn length(size: usize, bytes_a_second: u32) -> Result<f32, NotARecording> {
    let seconds = size as f32 / bytes_a_second as f32;
    match seconds {
        0.0 => Err(NotARecording::Empty),
        _ if seconds > MOST_SECONDS => Err(NotARecording::TooLong),
        _ => Ok(seconds),
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A WAV file: its format, channels, samples a second, bits, and so many bytes of sound.
    pub(crate) fn wav(kind: u16, channels: u16, rate: u32, bits: u16, data: usize) -> Vec<u8> {
        let align = channels * bits / 8;
        let mut bytes = b"RIFF".to_vec();
        bytes.extend(u32::try_from(36 + data).unwrap().to_le_bytes());
        bytes.extend(b"WAVEfmt \x10\0\0\0");
        [kind, channels].iter().for_each(|n| bytes.extend(n.to_le_bytes()));
        [rate, rate * u32::from(align)].iter().for_each(|n| bytes.extend(n.to_le_bytes()));
        [align, bits].iter().for_each(|n| bytes.extend(n.to_le_bytes()));
        bytes.extend(b"data");
        bytes.extend(u32::try_from(data).unwrap().to_le_bytes());
        bytes.resize(bytes.len() + data, 7);
        bytes
    }

    #[test]
    fn the_formats_of_telephony_are_read_with_their_length() {
        for (kind, rate, bits, data, seconds) in [
            (PCM, 8000, 16, 16_000, 1.0),
            (PCM, 16_000, 16, 16_000, 0.5),
            (MU_LAW, 8000, 8, 20_000, 2.5),
            (A_LAW, 8000, 8, 480_000, 60.0),
        ] {
            let recording = Recording::read(&wav(kind, 1, rate, bits, data)).unwrap();
            assert_eq!(recording.seconds(), seconds);
            assert_eq!(recording.id().len(), 32);
        }
        let [one, other] = [4, 6].map(|data| Recording::read(&wav(PCM, 1, 8000, 16, data)).unwrap());
        assert_ne!(one.id(), other.id());
    }

    #[test]
    fn chunks_that_are_not_sound_are_passed_over() {
        let plain = wav(PCM, 1, 8000, 16, 8000);
        // An odd chunk before the format, with its filling byte; another one behind the sound.
        let mut bytes = plain[..HEAD].to_vec();
        bytes.extend(b"LIST\x03\0\0\0abc\0");
        bytes.extend(&plain[HEAD..]);
        bytes.extend(b"id3 \x02\0\0\0ab");
        assert_eq!(Recording::read(&bytes).unwrap().seconds(), 0.5);
        // The extensible form of the same format.
        let mut bytes = plain[..HEAD].to_vec();
        bytes.extend(b"fmt \x28\0\0\0\xfe\xff");
        bytes.extend(&plain[22..36]);
        bytes.extend([22, 0, 16, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113]);
        bytes.extend(&plain[36..]);
        assert_eq!(Recording::read(&bytes).unwrap().seconds(), 0.5);
    }

    #[test]
    fn what_no_telephone_plays_is_refused() {
        let right = wav(PCM, 1, 8000, 16, 800);
        for (bytes, wrong) in [
            (Vec::new(), NotARecording::NotWav),
            (b"ID3\x04 an mp3 with another name".to_vec(), NotARecording::NotWav),
            (right[..8].to_vec(), NotARecording::NotWav),
            (right[..20].to_vec(), NotARecording::CutOff),
            (right[..right.len() - 1].to_vec(), NotARecording::CutOff),
            (right[..36].to_vec(), NotARecording::Empty),
            (wav(PCM, 1, 8000, 16, 0), NotARecording::Empty),
            (wav(PCM, 1, 8000, 8, 800), NotARecording::Format),
            (wav(PCM, 1, 8000, 24, 900), NotARecording::Format),
            (wav(3, 1, 8000, 32, 800), NotARecording::Format),
            (wav(PCM, 2, 8000, 16, 800), NotARecording::Channels),
            (wav(PCM, 1, 44_100, 16, 800), NotARecording::Rate(44_100)),
            (wav(PCM, 1, 8000, 16, 960_002), NotARecording::TooLong),
        ] {
            assert_eq!(Recording::read(&bytes).unwrap_err(), wrong, "{bytes:.40?}");
        }
        // Whatever is cut off, or written over, nothing breaks.
        for at in 0..60 {
            let mut bytes = right.clone();
            bytes[at] = 0xff;
            let _ = Recording::read(&bytes);
            let _ = Recording::read(&bytes[..at]);
        }
    }
}
