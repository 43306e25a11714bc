//! DSSE: an envelope with a payload, its type, and a signature over both.
//!
//! What is signed is the pre-authentication encoding: it says how long type and payload are, so
//! that no other pair has the same bytes. <https://github.com/secure-systems-lab/dsse>

/// The payload type of in-toto statements.
pub const IN_TOTO: &str = "application/vnd.in-toto+json";

/// An envelope as a bundle has it, with exactly one signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// What the payload is.
    pub payload_type: String,
    /// The bytes that are signed, together with the type.
    pub payload: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
    /// What is said of whose key it is. Nobody vouches for it, and nothing depends on it.
    pub key_id: String,
}

impl Envelope {
    /// The bytes that the signature is over.
    pub fn signed_bytes(&self) -> Vec<u8> {
        pre_authentication_encoding(&self.payload_type, &self.payload)
    }
}

/// The bytes that are signed for a payload of a type.
pub fn pre_authentication_encoding(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!(
        "DSSEv1 {} {payload_type} {} ",
        payload_type.len(),
        payload.len()
    );
    [head.as_bytes(), payload].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification_has_its_bytes() {
        assert_eq!(
            pre_authentication_encoding("http://example.com/HelloWorld", b"hello world"),
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
        assert_eq!(pre_authentication_encoding("", b""), b"DSSEv1 0  0 ");
        // Lengths are those of bytes.
        assert_eq!(
            pre_authentication_encoding("é", "ü".as_bytes()),
            "DSSEv1 2 é 2 ü".as_bytes()
        );
    }
}
