//! The cataloger `windows`: hives, their logs and manifests of servicing packages.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "windows":
    "Windows/System32/config/SOFTWARE",
    "Windows/servicing/Packages/a.mum",
    "Windows/System32/config/COMPONENTS",
    "Windows/System32/config/SOFTWARE.LOG1",
}
