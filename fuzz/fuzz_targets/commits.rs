//! Commits as git stores them: whatever stands in one is read, and what is read has an id and bounds.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_check::practices::Commit;

fuzz_target!(|bytes: &[u8]| {
    let Some(commit) = Commit::read(bytes) else {
        return;
    };
    assert!(matches!(commit.id.len(), 40 | 64));
    for text in [&commit.author, &commit.committer] {
        assert!(text.name.len() <= 256 && text.email.len() <= 256);
    }
    let _ = commit.subject();
});
