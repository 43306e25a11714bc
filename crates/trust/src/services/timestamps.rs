//! What a timestamp authority is asked, and what it answers: DER as RFC 3161 has it,
//! <https://www.rfc-editor.org/rfc/rfc3161>.
//!
//! Whether a stamp holds is verified with all else. Here is only seen that it is a stamp, over the
//! bytes that were sent, and made for this request.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use pkcs8::der::Tag;
use pkcs8::der::asn1::AnyRef;

use super::InvalidAnswer;
use super::der_elements::{elements, in_marked, in_sequence, of_tag};
use crate::KeyError;

/// The largest answer: a stamp with a chain of certificates has some thousands of bytes.
const MOST_BYTES: usize = 256 << 10;

/// A request for a stamp.
#[derive(Debug, Clone)]
pub(crate) struct TimestampRequest {
    imprint: [u8; 32],
    nonce: [u8; 8],
}

impl TimestampRequest {
    /// Asks for a stamp over the SHA-256 of these bytes.
    pub(crate) fn over(bytes: &[u8]) -> Result<Self, KeyError> {
        let failed = |_| KeyError::Library("draw random numbers");
        let mut imprint = [0; 32];
        imprint.copy_from_slice(digest(&SHA256, bytes).as_ref());
        let mut nonce = [0; 8];
        rand::fill(&mut nonce).map_err(failed)?;
        // A positive number of exactly eight bytes has one form in DER.
        nonce[0] = (nonce[0] & 0x3f) | 0x40;
        Ok(Self { imprint, nonce })
    }

    /// The request in DER. Every part has a fixed length, so that the frame is always the same.
    pub(crate) fn to_der(&self) -> Vec<u8> {
        let mut der = vec![0x30, 67];
        der.extend([0x02, 1, 1]); // the version
        der.extend([0x30, 49]); // what is to be stamped
        der.extend([0x30, 13]); // its algorithm: SHA-256, 2.16.840.1.101.3.4.2.1, no parameters
        der.extend([
            0x06, 9, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
        ]);
        der.extend([0x05, 0]);
        der.extend([0x04, 32]);
        der.extend(self.imprint);
        der.extend([0x02, 8]);
        der.extend(self.nonce);
        der.extend([0x01, 1, 0xff]); // with the certificate that verifies it
        der
    }

    /// Sees that an answer is a stamp for this request.
    pub(crate) fn check(&self, answer: &[u8]) -> Result<(), InvalidAnswer> {
        let malformed = |what: &str| InvalidAnswer::Malformed(what.to_owned());
        if answer.len() > MOST_BYTES {
            return Err(malformed("it has more than 256 KiB"));
        }
        let parts = elements(answer)
            .filter(|parts| parts.len() == 1)
            .and_then(|parts| in_sequence(parts.first()?))
            .ok_or_else(|| malformed("it is no answer of a timestamp authority"))?;
        let status = parts
            .first()
            .and_then(in_sequence)
            .and_then(|status| match of_tag(status.first()?, Tag::Integer)? {
                [number] => Some(*number),
                _ => None,
            })
            .ok_or_else(|| malformed("it has no status"))?;
        // Granted, or granted with changes that do not concern us.
        if status > 1 {
            return Err(InvalidAnswer::NoStamp(status));
        }
        let (imprint, nonce) = parts
            .get(1)
            .and_then(stamped)
            .ok_or_else(|| malformed("there is no stamp in it"))?;
        if imprint != self.imprint {
            return Err(InvalidAnswer::OtherBytes);
        }
        if nonce != Some(&self.nonce) {
            return Err(InvalidAnswer::OtherRequest);
        }
        Ok(())
    }
}

/// What a stamp is over, and the nonce of the request: from the `TSTInfo` in the signed content of
/// CMS, <https://www.rfc-editor.org/rfc/rfc5652#section-5>.
fn stamped<'a>(token: &AnyRef<'a>) -> Option<(&'a [u8], Option<&'a [u8]>)> {
    let signed = in_sequence(&in_marked(in_sequence(token)?.get(1)?)?)?;
    let content = in_marked(in_sequence(signed.get(2)?)?.get(1)?)?;
    let parts = elements(of_tag(&content, Tag::OctetString)?)?;
    let info = in_sequence(parts.first()?)?;
    let imprint = of_tag(in_sequence(info.get(2)?)?.get(1)?, Tag::OctetString)?;
    // The number of the stamp is a number as well, and comes before the time.
    let nonce = info
        .iter()
        .skip(5)
        .find_map(|part| of_tag(part, Tag::Integer));
    Some((imprint, nonce))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_says_its_own_length() {
        let request = TimestampRequest::over(b"x").unwrap();
        let der = request.to_der();
        assert_eq!(der.len(), 69);
        let parts = in_sequence(&elements(&der).unwrap()[0]).unwrap();
        assert_eq!(parts.len(), 4);
        assert_eq!(of_tag(&parts[2], Tag::Integer), Some(&request.nonce[..]));
    }

    #[test]
    fn what_is_no_stamp_is_no_answer() {
        let request = TimestampRequest::over(b"x").unwrap();
        for wrong in [
            &b""[..],
            b"\x30\x00",
            b"\x30\x03\x02\x01\x00",
            b"\x30\x05\x30\x03\x02\x01\x00",
            b"\x30\x80",
            b"<html>",
        ] {
            assert!(
                matches!(request.check(wrong), Err(InvalidAnswer::Malformed(_))),
                "{wrong:?}"
            );
        }
        assert_eq!(
            request.check(b"\x30\x05\x30\x03\x02\x01\x02"),
            Err(InvalidAnswer::NoStamp(2))
        );
        assert!(request.check(&vec![0; MOST_BYTES + 1]).is_err());
    }
}
