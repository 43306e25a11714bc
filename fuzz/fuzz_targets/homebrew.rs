//! The cataloger `homebrew`: receipts and formulae.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "homebrew":
    "Cellar/a/1/INSTALL_RECEIPT.json",
    "Cellar/a/1/.brew/a.rb",
}
