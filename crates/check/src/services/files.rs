//! Which files are looked at: what people wrote for their own program, and nothing that documents,
//! tests or bundles it.

use linchpin_model::TargetPath;
use linchpin_source::{LeftOut, Pattern};

use crate::of_others::ROOT_FOLDERS_OF_OTHERS;

/// Largest part of a file that is looked at, in bytes.
const MOST_READ: u32 = 2 << 20;

/// Files of others, documentation, tests, and files in which nothing runs.
const LEFT_OUT: LeftOut = LeftOut {
    folders: &[
        ".cache",
        ".git",
        ".hg",
        ".idea",
        ".next",
        ".nuxt",
        ".svn",
        ".terraform",
        ".tox",
        ".venv",
        ".yarn",
        "ISSUE_TEMPLATE",
        "__fixtures__",
        "__mocks__",
        "__pycache__",
        "__snapshots__",
        "__tests__",
        "bower_components",
        "coverage",
        "dist-packages",
        "doc",
        "docs",
        "documentation",
        "e2e",
        "example",
        "examples",
        "fixtures",
        "i18n",
        "locale",
        "locales",
        "mocks",
        "node_modules",
        "samples",
        "site-packages",
        "spec",
        "specs",
        "target",
        "test",
        "test-data",
        "testdata",
        "testing",
        "tests",
        "third_party",
        "thirdparty",
        "translations",
        "vendor",
        "venv",
    ],
    root_folders: ROOT_FOLDERS_OF_OTHERS,
    endings: &[
        "7z",
        "a",
        "adoc",
        "apk",
        "avif",
        "bib",
        "bin",
        "bmp",
        "bz2",
        "class",
        "crate",
        "crt",
        "csv",
        "deb",
        "diff",
        "dll",
        "dtd",
        "dylib",
        "ear",
        "eot",
        "exe",
        "flac",
        "gem",
        "gif",
        "gz",
        "har",
        "heic",
        "ico",
        "ipynb",
        "iso",
        "jar",
        "jpeg",
        "jpg",
        "list",
        "lock",
        "log",
        "lz4",
        "map",
        "markdown",
        "md",
        "mdx",
        "mkv",
        "mo",
        "mov",
        "mp3",
        "mp4",
        "nupkg",
        "o",
        "ogg",
        "onnx",
        "org",
        "otf",
        "owl",
        "parquet",
        "patch",
        "pdf",
        "pem",
        "png",
        "po",
        "pot",
        "pyc",
        "pyo",
        "qcow2",
        "rdf",
        "rlib",
        "rmeta",
        "rpm",
        "rst",
        "safetensors",
        "snap",
        "so",
        "sum",
        "svg",
        "tar",
        "tex",
        "tgz",
        "tif",
        "tiff",
        "tsv",
        "ttf",
        "ttl",
        "txt",
        "war",
        "wasm",
        "wav",
        "webm",
        "webp",
        "whl",
        "woff",
        "woff2",
        "wsdl",
        "xsd",
        "xsl",
        "xz",
        "zip",
        "zst",
    ],
    names: &[
        "AUTHORS",
        "CHANGELOG",
        "CHANGES",
        "CITATION.cff",
        "CODEOWNERS",
        "COPYING",
        "Cargo.toml",
        "LICENSE",
        "License",
        "METADATA",
        "license",
        "licence",
        "NEWS",
        "NOTICE",
        "PKG-INFO",
        "README",
        "angular.json",
        "bower.json",
        "composer.json",
        "deno.json",
        "go.mod",
        "lerna.json",
        "mkdocs.yml",
        "nx.json",
        "package-lock.json",
        "package.json",
        "pnpm-lock.yaml",
        "pom.xml",
        "pyproject.toml",
        "renovate.json",
        "setup.cfg",
        "setup.py",
        "tsconfig.json",
        "turbo.json",
    ],
    most: MOST_READ,
};

pub(super) static WANTS: &[Pattern] = &[Pattern::TextsBut(&LEFT_OUT)];

/// Files of tests, by the names that they have beside what they test.
pub(super) fn is_test(name: &str) -> bool {
    [
        ".test.",
        ".spec.",
        ".stories.",
        ".mock.",
        "_test.",
        "_spec.",
    ]
    .iter()
    .any(|part| name.contains(part))
        || name.starts_with("test_")
        || name == "conftest.py"
}

/// What a build puts together, by its name or folder: `main.2f8a91c0.chunk.js`.
pub(super) fn is_built(path: &TargetPath) -> bool {
    let name = path.name();
    let folders = ["build", "built", "bundle", "bundles", "vendors"];
    let is_digest = |part: &str| {
        part.len() >= 8
            && part.bytes().any(|byte| byte.is_ascii_digit())
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    [".bundle.", ".chunk.", ".entry.", ".min."]
        .iter()
        .any(|part| name.contains(part))
        || path
            .parent_str()
            .split('/')
            .any(|folder| folders.contains(&folder))
        || (["js", "mjs", "css"]
            .iter()
            .any(|ending| path.ending() == Some(*ending))
            && name.split(['.', '-']).skip(1).any(is_digest))
}
