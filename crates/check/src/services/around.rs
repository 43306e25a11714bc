//! What stands around a place of a text, and says whether an address or a variable there is used, or
//! only named.

use std::ops::Range;

/// How much before a place is looked at.
const AROUND: usize = 300;

/// What stands before a place in its line, in lower case.
fn before_in_line(text: &str, place: usize) -> String {
    let start = place.saturating_sub(AROUND);
    let before = text.as_bytes().get(start..place).unwrap_or_default();
    let line = memchr::memrchr(b'\n', before).map_or(before, |end| &before[end + 1..]);
    String::from_utf8_lossy(line).to_lowercase()
}

/// Files whose lines set variables, or are templates that read them.
fn sets_variables(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    matches!(
        ending,
        "conf"
            | "env"
            | "ini"
            | "properties"
            | "sh"
            | "bash"
            | "tf"
            | "tfvars"
            | "toml"
            | "yaml"
            | "yml"
    ) || name.starts_with(".env")
        || name.starts_with("Dockerfile")
        || name.starts_with("Containerfile")
        || matches!(
            name,
            "Makefile" | "Procfile" | "Jenkinsfile" | ".npmrc" | ".yarnrc"
        )
}

/// Whether a word in capitals is a variable of the environment, and no constant of the program.
pub(super) fn is_read_or_set(name: &str, text: &str, at: Range<usize>) -> bool {
    let before = before_in_line(text, at.start);
    let near = before
        .char_indices()
        .rev()
        .nth(47)
        .map_or(before.as_str(), |(start, _)| &before[start..]);
    if ["env", "secrets.", "secrets[", "vars.", "getenv", "config("]
        .iter()
        .any(|word| near.contains(word))
    {
        return true;
    }
    if !sets_variables(name) {
        return false;
    }
    let after = text.as_bytes().get(at.end..).unwrap_or_default();
    let after = after
        .strip_prefix(b"\"")
        .or(after.strip_prefix(b"'"))
        .unwrap_or(after);
    let after = after.trim_ascii_start();
    let is_set = after
        .first()
        .is_some_and(|byte| matches!(byte, b'=' | b':'));
    // `- name: STRIPE_KEY` of Kubernetes, `- STRIPE_KEY` of Compose.
    let is_listed = near.trim_end().ends_with("name:") || near.trim() == "-";
    is_set || is_listed || near.ends_with('$') || near.ends_with("${") || near.ends_with("${{ ")
}

/// Whether an address is a link that people follow: in a page, or in a component that shows one.
pub(super) fn is_link(name: &str, text: &str, place: usize) -> bool {
    let start = place.saturating_sub(AROUND);
    let before = String::from_utf8_lossy(text.as_bytes().get(start..place).unwrap_or_default());
    let is_page = [
        ".html", ".htm", ".vue", ".svelte", ".erb", ".ejs", ".hbs", ".jinja", ".j2", ".cshtml",
        ".jsp",
    ]
    .iter()
    .any(|ending| name.ends_with(ending));
    let tag = before.rfind('<').and_then(|tag| before.get(tag + 1..));
    let value = before.trim_end_matches(['"', '\'', '`', '{', '(', ' ']);
    if value.ends_with("href=") || value.ends_with(" to=") {
        let tag = tag.unwrap_or_default();
        let is_loaded = tag.starts_with("link")
            && [
                "stylesheet",
                "preconnect",
                "preload",
                "dns-prefetch",
                "icon",
            ]
            .iter()
            .any(|word| tag.contains(word) || rest_of_tag(text, place).contains(word));
        return !is_loaded;
    }
    if !is_page {
        return value.ends_with("href:");
    }
    // In a page, what loads something says so; the rest is what people read.
    let loads = ["src=", "srcset=", "action=", "poster=", "data-src="];
    let in_script = before
        .rfind("<script")
        .is_some_and(|open| before.rfind("</script").is_none_or(|close| close < open));
    !in_script
        && !loads.iter().any(|word| value.ends_with(word))
        && tag.is_none_or(|tag| !tag.contains("import"))
        && !before_in_line(text, place).contains("fetch(")
}

fn rest_of_tag(text: &str, place: usize) -> &str {
    let rest = text.get(place..).unwrap_or_default();
    let end = rest.bytes().take(AROUND).position(|byte| byte == b'>');
    end.and_then(|end| rest.get(..end)).unwrap_or_default()
}

/// Whether an address is a place where people read: that of a site as a whole, with nothing behind
/// its host, or one of its pages.
pub(super) fn is_website(text: &str, end: usize, host: &str) -> bool {
    if host.matches('.').count() != 1 {
        return false;
    }
    let rest = text.as_bytes().get(end..).unwrap_or_default();
    let path = rest.strip_prefix(b"/").unwrap_or(rest);
    let goes_on = path.first().is_some_and(|byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'$' | b'{' | b':' | b'%')
    });
    let first = path
        .split(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-')
        .next()
        .unwrap_or_default();
    !goes_on
        || READ_PATHS
            .iter()
            .any(|page| first.eq_ignore_ascii_case(page.as_bytes()))
}

/// How the paths begin under which sites have what people read.
const READ_PATHS: &[&str] = &[
    "about",
    "blog",
    "changelog",
    "contact",
    "docs",
    "documentation",
    "en",
    "faq",
    "guide",
    "guides",
    "help",
    "latest",
    "learn",
    "legal",
    "pricing",
    "privacy",
    "reference",
    "stable",
    "support",
    "terms",
    "tutorials",
    "wiki",
];

/// Whether a place is in a line that no person wrote: what was bundled there is of many authors, and
/// names what they like.
pub(super) fn is_in_long_line(text: &str, place: usize) -> bool {
    let bytes = text.as_bytes();
    let before = bytes
        .get(place.saturating_sub(LONG_LINE)..place)
        .unwrap_or_default();
    let after = bytes
        .get(place..bytes.len().min(place + LONG_LINE))
        .unwrap_or_default();
    let is_line_end = |part: &[u8]| memchr::memchr(b'\n', part).is_some();
    (before.len() == LONG_LINE && !is_line_end(before))
        || (after.len() == LONG_LINE && !is_line_end(after))
}

/// Longer lines, in bytes, are made by programs.
const LONG_LINE: usize = 1500;

/// Words before an address that say that it is there to be read.
const MENTIONS: &[&str] = &[
    " see ",
    "\"see ",
    "'see ",
    "`see ",
    "(see ",
    "docs",
    "documentation",
    "more info",
    "learn more",
    "read more",
    "more details",
    "visit ",
    "homepage",
    "license",
    "xmlns",
    "$schema",
    "\"$id\"",
    "schemalocation",
    "doctype",
    "@see",
    "@link",
    "reference",
    "namespace",
    "xsi:",
    "bugs",
    "repository",
    "issue",
    "referer",
    "referrer",
    "user-agent",
    "useragent",
    "mozilla/",
    "instructions",
    "guide",
    "tutorial",
    "refer to",
    "available at",
    "download",
    "sponsor",
    "website",
    "support",
    "copyright",
    "credit",
    "author",
    "description",
    "example",
    "placeholder",
    "console.log",
    "console.warn",
    "console.error",
];

/// Whether what stands before an address says that it is there to be read.
pub(super) fn is_mention(text: &str, place: usize) -> bool {
    let before = before_in_line(text, place);
    MENTIONS.iter().any(|word| before.contains(word))
}
