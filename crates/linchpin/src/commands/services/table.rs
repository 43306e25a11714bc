//! The services for people: one paragraph for each, with what shows that it is used and where.

use std::fmt::Write as _;

use linchpin_check::services::{Evidence, Use};
use linchpin_report::WriteOptions;
use linchpin_text::{counted, pad, shorten_path, visible, wrap};

use super::{Found, grouped, place};

/// Places and endpoints that are shown unless everything is wanted.
const MOST_PLACES: usize = 3;
const MOST_SIGNS: usize = 6;
const MOST_ENDPOINTS: usize = 30;

/// The width of the longest word for a kind of evidence.
const KIND: usize = 10;

pub(super) fn write(found: &Found, options: &WriteOptions) -> Vec<u8> {
    let used = &found.used;
    let mut page = format!("{}\n", visible(&found.inventory.subject.name));
    let mut parts = vec![counted(used.services.len(), "known service")];
    if !used.endpoints.is_empty() {
        parts.push(counted(used.endpoints.len(), "other endpoint"));
    }
    let _ = writeln!(page, "{}", parts.join(", "));
    for (service, used) in &used.services {
        let mut title = service.name.clone();
        if service.vendor != service.name {
            let _ = write!(title, " ({})", service.vendor);
        }
        let category = service.category.replace('-', " ");
        let _ = write!(
            title,
            ": {category}; what goes there: {}",
            service.data.join(", ")
        );
        if used.is_indirect {
            title.push_str("; only by packages that other packages need");
        }
        page.push('\n');
        for line in wrap(&title, options.width.max(40)) {
            let _ = writeln!(page, "{line}");
        }
        signs(&mut page, used, options);
    }
    if !used.endpoints.is_empty() {
        page.push_str("\nOther endpoints\n");
        let limit = if options.verbose {
            usize::MAX
        } else {
            MOST_ENDPOINTS
        };
        for (_, used) in used.endpoints.iter().take(limit) {
            let address: Vec<&str> = used.endpoints.iter().map(String::as_str).collect();
            let places: Vec<&Evidence> = used.evidence.iter().collect();
            let first = format!("  {}", visible(&address.join(", ")));
            line(&mut page, &first, &places, options);
        }
        if used.endpoints.len() > limit {
            let more = used.endpoints.len() - limit;
            let _ = writeln!(page, "  … and {more} more (-v shows all)");
        }
    }
    page.into_bytes()
}

/// What shows that a service is used.
fn signs(page: &mut String, used: &Use, options: &WriteOptions) {
    let groups = grouped(used);
    let limit = if options.verbose {
        usize::MAX
    } else {
        MOST_SIGNS
    };
    for group in groups.iter().take(limit) {
        let Some(first) = group.first() else {
            continue;
        };
        let text = format!(
            "  {}  {}",
            pad(first.kind.label(), KIND),
            visible(&first.what)
        );
        line(page, &text, group, options);
    }
    if groups.len() > limit {
        let _ = writeln!(page, "  … and {} more (-v shows all)", groups.len() - limit);
    }
}

/// A line with places, or two where one has no room for them.
fn line(page: &mut String, first: &str, places: &[&Evidence], options: &WriteOptions) {
    let limit = if options.verbose {
        usize::MAX
    } else {
        MOST_PLACES
    };
    let room = options.width.saturating_sub(8).max(30);
    let mut shown: Vec<String> = places
        .iter()
        .take(limit)
        .map(|evidence| shorten_path(&visible(&place(evidence)), room).into_owned())
        .collect();
    if places.len() > limit {
        shown.push(format!("{} more", places.len() - limit));
    }
    let text = shown.join(", ");
    let wide = linchpin_text::columns(first) + 2 + linchpin_text::columns(&text) <= options.width;
    if wide {
        let _ = writeln!(page, "{first}  {text}");
        return;
    }
    let _ = writeln!(page, "{first}");
    for part in wrap(&text, room) {
        let _ = writeln!(page, "      {part}");
    }
}
