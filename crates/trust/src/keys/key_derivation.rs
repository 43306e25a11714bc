//! What it may cost to make a key of a passphrase. The file with the key says how much work it
//! is, and the file may be an attacker's.

use super::KeyError;

/// The most memory that scrypt may take.
const MOST_SCRYPT_BYTES: u64 = 256 << 20;
/// The most that scrypt may compute, as N times r times p: a few seconds.
const MOST_SCRYPT_WORK: u64 = 1 << 24;
/// The most rounds of PBKDF2: a few seconds. OWASP recommends 600,000.
const MOST_PBKDF2_ROUNDS: u32 = 10_000_000;

/// The parameters of scrypt, if they are within bounds.
pub(crate) fn scrypt_parameters(
    cost: u64,
    block_size: u64,
    parallelization: u64,
) -> Result<scrypt::Params, KeyError> {
    let wrong = KeyError::Damaged("the parameters of scrypt are none");
    let memory = cost
        .checked_mul(block_size)
        .and_then(|product| product.checked_mul(128));
    let work = cost
        .checked_mul(block_size)
        .and_then(|product| product.checked_mul(parallelization));
    if memory.is_none_or(|memory| memory > MOST_SCRYPT_BYTES) {
        return Err(KeyError::Excessive("more than 256 MiB of memory"));
    }
    if work.is_none_or(|work| work > MOST_SCRYPT_WORK) {
        return Err(KeyError::Excessive("minutes of computing"));
    }
    if cost < 2 || !cost.is_power_of_two() {
        return Err(wrong);
    }
    let logarithm = u8::try_from(cost.trailing_zeros()).map_err(|_| wrong.clone())?;
    let small = |number: u64| u32::try_from(number).map_err(|_| wrong.clone());
    scrypt::Params::new(logarithm, small(block_size)?, small(parallelization)?).map_err(|_| wrong)
}

/// Whether so many rounds of PBKDF2 are within bounds.
pub(crate) fn check_pbkdf2_rounds(rounds: u32) -> Result<(), KeyError> {
    if rounds > MOST_PBKDF2_ROUNDS {
        return Err(KeyError::Excessive("minutes of computing"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_ask_for_is_given_and_more_is_not() {
        for asked in [
            (1 << 14, 8, 1),
            (1 << 14, 8, 5),
            (32_768, 8, 1),
            (65_536, 8, 1),
        ] {
            assert!(
                scrypt_parameters(asked.0, asked.1, asked.2).is_ok(),
                "{asked:?}"
            );
        }
        for asked in [
            (1 << 40, 8, 1),
            (u64::MAX, 8, 1),
            (1 << 14, 8, 1 << 20),
            (1 << 20, 8, 1),
        ] {
            let refused = scrypt_parameters(asked.0, asked.1, asked.2);
            assert!(matches!(refused, Err(KeyError::Excessive(_))), "{asked:?}");
        }
        for asked in [
            (0, 8, 1),
            (1, 8, 1),
            (3, 8, 1),
            (16_384, 0, 1),
            (16_384, 8, 0),
        ] {
            let refused = scrypt_parameters(asked.0, asked.1, asked.2);
            assert!(matches!(refused, Err(KeyError::Damaged(_))), "{asked:?}");
        }
        assert!(check_pbkdf2_rounds(600_000).is_ok());
        assert!(check_pbkdf2_rounds(100_000_000).is_err());
    }
}
