//! Names of images, mirrors, git repositories and addresses in the first line, and the
//! `registries.conf` after it, which says where the name leads.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_fuzz::visiting::file_with;
use linchpin_remote::{
    Address, GitAddress, GitTarget, ImageReference, Mirror, RegistriesConf, RegistryImage,
    RegistrySettings,
};

fuzz_target!(|bytes: &[u8]| {
    let end = bytes.iter().position(|byte| *byte == b'\n');
    let (line, conf) = bytes.split_at(end.unwrap_or(bytes.len()));
    let line = String::from_utf8_lossy(line);
    if let Ok(address) = line.parse::<Address>() {
        assert_eq!(address.to_string().parse(), Ok(address));
    }
    if let Ok(target) = GitTarget::understand(&line)
        && let GitAddress::Url(url) = target.address()
    {
        assert!(!url.starts_with('-') && !url.contains(char::is_whitespace));
    }
    let (name, mirror) = line.split_once(' ').unwrap_or((&line, ""));
    let Ok(reference) = name.parse::<ImageReference>() else {
        return;
    };
    assert_eq!(reference.to_string().parse().as_ref(), Ok(&reference));
    let file = file_with(conf);
    let Ok(registries) = RegistriesConf::read(&[file.path().to_path_buf()], &[]) else {
        return;
    };
    let settings = RegistrySettings {
        registries,
        mirrors: mirror.parse::<Mirror>().into_iter().collect(),
        ..RegistrySettings::default()
    };
    let _ = RegistryImage::new(&reference, &settings);
});
