//! Secrets that carry a proof of being one: whoever made them up by hand does not get it right.

/// How a secret proves itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checksum {
    /// The last six characters are the CRC-32 of what is between the first underscore and them, in
    /// base 62: tokens of GitHub and of npm.
    /// <https://github.blog/engineering/behind-githubs-new-authentication-token-formats/>
    CrcBase62,
    /// The first part is a JSON object with an algorithm: JSON Web Tokens.
    JsonWebToken,
}

const BASE_62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

impl Checksum {
    /// The one of this word.
    pub(super) fn named(word: &str) -> Option<Self> {
        match word {
            "crc-base62" => Some(Self::CrcBase62),
            "json-web-token" => Some(Self::JsonWebToken),
            _ => None,
        }
    }

    /// A text of the right form with what proves it: for tests, which must not hold secrets.
    #[must_use]
    pub fn completed(self, mut text: Vec<u8>) -> Vec<u8> {
        match self {
            Self::CrcBase62 => {
                let start = text.iter().position(|&byte| byte == b'_');
                let split = text.len().saturating_sub(6);
                let body = text.get(start.map_or(0, |start| start + 1)..split);
                let sum = crc_base_62(body.unwrap_or_default());
                text.truncate(split);
                text.extend(sum);
            }
            Self::JsonWebToken => {
                // {"alg":"RS256","kid":" and {"alg":"HS256","typ":"JWT"} in base64.
                let header: &[u8] = if text.starts_with(b"eyJhbGciOiJSUzI1NiIsImtpZCI6") {
                    return text;
                } else {
                    b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
                };
                if let Some(dot) = text.iter().position(|&byte| byte == b'.') {
                    text.splice(..dot, header.iter().copied());
                }
            }
        }
        text
    }

    /// Whether a secret proves itself.
    pub(super) fn holds(self, secret: &[u8]) -> bool {
        match self {
            Self::CrcBase62 => crc_holds(secret),
            Self::JsonWebToken => names_an_algorithm(secret),
        }
    }
}

fn crc_holds(secret: &[u8]) -> bool {
    let Some(underscore) = secret.iter().position(|&byte| byte == b'_') else {
        return false;
    };
    let body = &secret[underscore + 1..];
    let Some(split) = body.len().checked_sub(6) else {
        return false;
    };
    let (body, sum) = body.split_at(split);
    sum == crc_base_62(body)
}

/// The CRC-32 of bytes in base 62, six characters.
pub(crate) fn crc_base_62(bytes: &[u8]) -> [u8; 6] {
    let mut crc = u32::MAX;
    for &byte in bytes {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            let low = crc & 1;
            crc = (crc >> 1) ^ (0xedb8_8320 & 0u32.wrapping_sub(low));
        }
    }
    let mut rest = !crc;
    let mut text = [b'0'; 6];
    for place in text.iter_mut().rev() {
        *place = BASE_62[(rest % 62) as usize];
        rest /= 62;
    }
    text
}

fn names_an_algorithm(token: &[u8]) -> bool {
    let header = token.split(|&byte| byte == b'.').next().unwrap_or_default();
    let decoded = decode(header);
    decoded.starts_with(b"{") && memchr::memmem::find(&decoded, b"\"alg\"").is_some()
}

/// Base64 with the alphabet for addresses; what follows a strange character is left out.
fn decode(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let (mut bits, mut count) = (0u32, 0);
    for &byte in text {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            _ => break,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            decoded.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_hold_only_for_what_was_made_with_them() {
        // The well-known check value of the CRC: cbf43926 for "123456789".
        assert_eq!(crc_base_62(b"123456789"), *b"3jZRME");
        let body = "AbCdEfGhIjKlMnOpQrStUvWxYz0123";
        let sum = crc_base_62(body.as_bytes());
        let token = format!("ghp_{body}{}", std::str::from_utf8(&sum).unwrap());
        assert!(Checksum::CrcBase62.holds(token.as_bytes()));
        assert!(!Checksum::CrcBase62.holds(token.replace('A', "B").as_bytes()));
        assert!(!Checksum::CrcBase62.holds(b"ghp_x"));
        assert!(Checksum::JsonWebToken.holds(b"eyJhbGciOiJIUzI1NiJ9.e30.x"));
        assert!(!Checksum::JsonWebToken.holds(b"eyJ4IjoxfQ.e30.x"));
    }
}
