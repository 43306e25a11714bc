//! One file (or folder, where a client has several formats that only make sense together) per
//! cataloger. A new one is a new file and its name in the list below.

use crate::cataloger::AnyCataloger;

macro_rules! catalogers {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*

        /// All of them, in the order of their names.
        pub(crate) static ALL: &[&dyn AnyCataloger] = &[$(&$name::CATALOGER),*];

        #[cfg(test)]
        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

catalogers! {
    alpine_apk,
    ansible,
    apple_app,
    bazel_modules,
    binary_classifier,
    bower,
    browser_extensions,
    bun_lock,
    bundled_javascript,
    cargo_auditable,
    cargo_lock,
    cargo_paths,
    carthage,
    ci_pipelines,
    clojure_deps,
    cmake_fetch,
    cocoapods,
    compose,
    conan,
    conda_environment,
    conda_lock,
    conda_meta,
    crystal_shards,
    dart_pub,
    debian_dpkg,
    deno_lock,
    dockerfile,
    dotnet_deps,
    editor_extensions,
    elf_package_notes,
    elixir_mix,
    embedded_sbom,
    erlang_installed,
    erlang_rebar,
    flatpak,
    freebsd_pkg,
    git_submodules,
    github_actions,
    gleam_manifest,
    go_binary,
    go_mod,
    graalvm_native_image,
    gradle,
    haskell,
    helm,
    homebrew,
    java_archive,
    java_runtime,
    julia_pkg,
    kubernetes,
    kustomize,
    linux_kernel,
    lua_rocks,
    machine_learning_models,
    macports,
    maven_pom,
    nix,
    nix_flake,
    npm,
    nuget,
    nuspec,
    ocaml_opam,
    opkg,
    os_release,
    package_file,
    pacman,
    paket_lock,
    pdm_lock,
    perl_cpan,
    php_composer,
    php_pear,
    pipfile_lock,
    pixi_lock,
    pnpm_lock,
    poetry_lock,
    portage,
    pre_commit,
    pylock,
    pyproject,
    python_installed,
    python_setup,
    r_packages,
    requirements,
    rpm,
    ruby_bundler,
    ruby_installed,
    scala_sbt,
    snap,
    swift_packages,
    terraform,
    unknown_programs,
    uv_lock,
    vcpkg,
    windows,
    windows_programs,
    wordpress,
    yarn_lock,
    zig_zon,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_registered_in_order() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/catalogers");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| {
                entry
                    .unwrap()
                    .file_name()
                    .to_string_lossy()
                    .trim_end_matches(".rs")
                    .to_owned()
            })
            .filter(|name| name != "mod")
            .collect();
        files.sort();
        assert_eq!(files, NAMES);
    }

    #[test]
    fn ids_are_unique_and_documented() {
        let mut seen = std::collections::HashSet::new();
        for cataloger in ALL {
            let facts = cataloger.facts();
            assert!(seen.insert(facts.id), "{} twice", facts.id);
            assert!(
                facts.documentation.len() > 40,
                "{} has no documentation",
                facts.id
            );
            assert!(!facts.wants.is_empty(), "{} wants nothing", facts.id);
        }
    }
}
