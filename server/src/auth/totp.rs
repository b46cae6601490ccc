//! Codes that change every half minute (RFC 6238, over the HMAC of RFC 4226 with SHA-1, six digits).

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;
use whom_core::model::Timestamp;

/// How long a code holds, in milliseconds.
const STEP: i64 = 30_000;
/// How many steps a clock may be wrong, each way.
const DRIFT: i64 = 1;

/// The step of a moment.
fn step_of(now: Timestamp) -> i64 {
    now.as_millis().div_euclid(STEP)
}

/// The code of a step, in `digits` digits.
fn code(secret: &[u8], step: i64, digits: u32) -> Option<String> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).ok()?;
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    // RFC 4226, section 5.3: the last half byte says where the four bytes begin that make the code.
    let from = usize::from(hash.last()? & 0x0f);
    let four: [u8; 4] = hash.get(from..from + 4)?.try_into().ok()?;
    let number = u32::from_be_bytes(four) & 0x7fff_ffff;
    Some(format!("{:0width$}", number % 10_u32.pow(digits), width = digits as usize))
}

/// The step of a code that is right now and was not used yet: steps up to `last` are over.
pub(super) fn check(secret: &[u8], given: &str, last: i64, now: Timestamp) -> Option<i64> {
    let given: String = given.chars().filter(|c| !c.is_whitespace()).collect();
    let mut found = None;
    // All steps are looked at, so that how long it takes says nothing.
    for step in step_of(now) - DRIFT..=step_of(now) + DRIFT {
        let is_right: bool = code(secret, step, 6)?.as_bytes().ct_eq(given.as_bytes()).into();
        if is_right && step > last {
            found = Some(step);
        }
    }
    found
}

/// The code of this moment, for tests.
#[cfg(test)]
pub(crate) fn code_at(secret: &str, now: Timestamp) -> String {
    code(&from_base32(secret).unwrap(), step_of(now), 6).unwrap()
}

const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Bytes in the letters that such apps read (RFC 4648, without padding).
pub(super) fn to_base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut waiting, mut bits) = (0_u32, 0);
    for byte in bytes {
        waiting = waiting << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(LETTERS[(waiting >> bits & 31) as usize]));
        }
        waiting &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(char::from(LETTERS[(waiting << (5 - bits) & 31) as usize]));
    }
    text
}

/// The bytes that such letters stand for.
pub(super) fn from_base32(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut waiting, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in text.bytes() {
        let value = LETTERS.iter().position(|known| *known == letter.to_ascii_uppercase())?;
        waiting = waiting << 5 | value as u32;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((waiting >> bits) as u8);
            waiting &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Appendix B of RFC 6238.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (seconds, expected) in [
            (59_i64, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(code(secret, seconds / 30, 8).unwrap(), expected, "{seconds}");
        }
    }

    #[test]
    fn a_code_holds_for_a_step_each_way_and_never_twice() {
        let secret = b"12345678901234567890";
        let at = |step: i64| Timestamp::from_millis(step * STEP + 5);
        let given = code(secret, 100, 6).unwrap();
        for (now, expected) in [(98, None), (99, Some(100)), (100, Some(100)), (101, Some(100)), (102, None)]
        {
            assert_eq!(check(secret, &given, 0, at(now)), expected, "{now}");
        }
        assert_eq!(check(secret, &given, 100, at(100)), None);
        let spaced = format!("{} {}", &given[..3], &given[3..]);
        assert_eq!(check(secret, &spaced, 0, at(100)), Some(100));
        assert_eq!(check(secret, "", 0, at(100)), None);
    }

    #[test]
    fn letters_stand_for_bytes_and_back() {
        assert_eq!(to_base32(b"foobar"), "MZXW6YTBOI");
        assert_eq!(to_base32(b"12345678901234567890"), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(from_base32("mzxw6ytboi").unwrap(), b"foobar");
        assert_eq!(from_base32("a1"), None);
    }
}
