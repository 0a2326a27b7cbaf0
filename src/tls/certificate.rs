//! What a certificate says of itself: from when until when it holds, and who vouches for it. Read out of its bytes (X.509, DER),
//! of which only the first fields are looked at; whether it is to be believed is rustls' affair.

use jiff::civil::{DateTime, date};

/// Seconds before the end of a certificate from which on it is told: two weeks. Who renews by machine does it a month before.
pub const SOON: i64 = 14 * 24 * 3600;

/// From when until when a certificate holds, in seconds since 1970, and whether nobody vouches for it but itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Certificate {
    /// From then on.
    pub begins: i64,
    /// Until then.
    pub ends: i64,
    /// Its issuer is its subject.
    pub vouches_for_itself: bool,
}

impl Certificate {
    /// Reads it; nothing where it is no certificate.
    pub fn read(der: &[u8]) -> Option<Certificate> {
        const SEQUENCE: u8 = 0x30;
        const VERSION: u8 = 0xa0;
        let (certificate, _) = inside(der, SEQUENCE)?;
        let (mut fields, _) = inside(certificate, SEQUENCE)?;
        if let Some((_, rest)) = inside(fields, VERSION) {
            fields = rest;
        }
        let (_serial, fields) = inside(fields, 0x02)?;
        let (_algorithm, fields) = inside(fields, SEQUENCE)?;
        let (issuer, fields) = inside(fields, SEQUENCE)?;
        let (validity, fields) = inside(fields, SEQUENCE)?;
        let (subject, _) = inside(fields, SEQUENCE)?;
        let (begins, rest) = time(validity)?;
        let (ends, _) = time(rest)?;
        Some(Certificate { begins, ends, vouches_for_itself: issuer == subject })
    }

    /// Whole days from `second` to its end; below zero where it has ended.
    pub fn days_left(&self, second: i64) -> i64 {
        (self.ends - second).div_euclid(24 * 3600)
    }

    /// In words, where it does not hold at `second` or ends soon.
    pub fn end_is_near(&self, second: i64) -> Option<String> {
        if second < self.begins {
            Some("the certificate does not hold yet: providers refuse it. Is the clock right?".to_owned())
        } else if second > self.ends {
            Some("the certificate has ended: providers refuse it, and calls go to the fallback. Renew it".to_owned())
        } else if self.ends - second < SOON {
            Some(format!("the certificate ends in {} day(s): renew it", self.days_left(second)))
        } else {
            None
        }
    }

    /// Whether it holds at `second`.
    pub fn holds(&self, second: i64) -> bool {
        self.begins <= second && second <= self.ends
    }
}

/// The content of the element that `bytes` begin with, and what follows it; nothing where it has another tag.
fn inside(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&found, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match usize::from(first) {
        short @ 0..0x80 => (short, rest),
        long => {
            let (digits, rest) = rest.split_at_checked(long & 0x7f).filter(|(digits, _)| digits.len() <= 4)?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
    };
    (found == tag).then(|| rest.split_at_checked(length)).flatten()
}

/// A time, in seconds since 1970, and what follows it. Years of two digits are those of 1950 to 2049.
fn time(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let (year, text, rest) = match inside(bytes, 0x17) {
        Some((text, rest)) => {
            let year = number(text, 0, 2)?;
            (if year < 50 { 2000 + year } else { 1900 + year }, text.get(2..)?, rest)
        }
        None => {
            let (text, rest) = inside(bytes, 0x18)?;
            (number(text, 0, 4)?, text.get(4..)?, rest)
        }
    };
    let two = |at| number(text, at, 2).and_then(|number| i8::try_from(number).ok());
    let time = DateTime::new(year, two(0)?, two(2)?, two(4)?, two(6)?, two(8)?, 0).ok()?;
    Some((time.duration_since(date(1970, 1, 1).at(0, 0, 0, 0)).as_secs(), rest))
}

fn number(text: &[u8], at: usize, digits: usize) -> Option<i16> {
    std::str::from_utf8(text.get(at..at + digits)?).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::*;

    fn made(from: (i32, u8, u8), to: (i32, u8, u8)) -> Vec<u8> {
        let mut params = CertificateParams::new(vec!["line.example.org".to_owned()]).unwrap();
        params.not_before = date_time_ymd(from.0, from.1, from.2);
        params.not_after = date_time_ymd(to.0, to.1, to.2);
        params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec()
    }

    #[test]
    fn its_days_are_read_before_2050_and_after() {
        let read = Certificate::read(&made((2026, 11, 22), (2027, 2, 20))).unwrap();
        assert_eq!((read.begins, read.ends), (1_795_305_600, 1_803_081_600));
        assert!(read.vouches_for_itself);
        assert_eq!(
            (read.days_left(read.begins), read.days_left(read.ends), read.days_left(read.ends + 1)),
            (90, 0, -1)
        );
        assert!(read.holds(read.begins) && !read.holds(read.ends + 1) && !read.holds(read.begins - 1));
        let far = Certificate::read(&made((1999, 12, 31), (9999, 12, 31))).unwrap();
        assert_eq!((far.begins, far.ends), (946_598_400, 253_402_214_400));
    }

    #[test]
    fn bytes_that_are_cut_off_or_wrong_are_no_certificate_and_stop_nothing() {
        let whole = made((2026, 11, 22), (2027, 2, 20));
        for length in 0..whole.len() {
            let _ = Certificate::read(&whole[..length]);
        }
        for at in 0..whole.len() {
            let mut wrong = whole.clone();
            wrong[at] ^= 0xff;
            let _ = Certificate::read(&wrong);
        }
        assert_eq!(Certificate::read(b"-----BEGIN CERTIFICATE-----"), None);
        assert_eq!(Certificate::read(&whole[..40]), None);
    }
}
