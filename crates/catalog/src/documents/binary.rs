//! Numbers at fixed places of binary files. A place outside of the file has none.

/// The bytes from a place, as many as asked for.
pub(crate) fn bytes_at(content: &[u8], at: usize, length: usize) -> Option<&[u8]> {
    content.get(at..at.checked_add(length)?)
}

fn array_at<const N: usize>(content: &[u8], at: usize) -> Option<[u8; N]> {
    bytes_at(content, at, N)?.try_into().ok()
}

/// A 16-bit number, the lowest byte first.
pub(crate) fn u16_le(content: &[u8], at: usize) -> Option<u16> {
    array_at(content, at).map(u16::from_le_bytes)
}

/// A 32-bit number, the lowest byte first.
pub(crate) fn u32_le(content: &[u8], at: usize) -> Option<u32> {
    array_at(content, at).map(u32::from_le_bytes)
}

/// A 16-bit number, the highest byte first.
pub(crate) fn u16_be(content: &[u8], at: usize) -> Option<u16> {
    array_at(content, at).map(u16::from_be_bytes)
}

/// A 32-bit number, the highest byte first.
pub(crate) fn u32_be(content: &[u8], at: usize) -> Option<u32> {
    array_at(content, at).map(u32::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_outside_of_the_file_are_none() {
        let content = [1, 2, 3, 4];
        assert_eq!(u16_le(&content, 2), Some(0x0403));
        assert_eq!(u16_be(&content, 0), Some(0x0102));
        assert_eq!(u32_le(&content, 0), Some(0x0403_0201));
        assert_eq!(u32_be(&content, 0), Some(0x0102_0304));
        assert_eq!(u32_be(&content, 1), None);
        assert_eq!(u16_le(&content, usize::MAX), None);
    }
}
