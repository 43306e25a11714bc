//! The cataloger `terraform`: Terraform's lockfiles and configurations.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "terraform":
    ".terraform.lock.hcl",
    "main.tf",
    ".terraform/modules/modules.json",
}
