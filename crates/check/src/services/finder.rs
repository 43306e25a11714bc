//! What a text shows of services: addresses and variables, found in one pass.
//!
//! All hosts, variables and the mark of an address go into one automaton. What it finds is looked at
//! with what stands around it: comments, links to read and names of other things are passed over.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use super::around::{is_in_long_line, is_link, is_mention, is_read_or_set, is_website};
use super::catalogue::Service;
use super::comments::comments;
use super::hosts::{Address, address, is_noise, is_page, suffixes};

/// What a text shows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sign {
    pub(super) line: u32,
    pub(super) shown: Shown,
}

/// One sign of a service.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shown {
    /// A host of a service that is known, by its place in the list.
    Host {
        service: usize,
        scheme: Option<String>,
        host: String,
    },
    /// A variable of a service that is known.
    Variable { service: usize, name: String },
    /// A host that nobody knows.
    Endpoint { scheme: String, host: String },
}

/// Most signs that are taken from one file.
const MOST_SIGNS: usize = 2000;

/// Finds signs in texts.
#[derive(Debug)]
pub(super) struct Finder {
    automaton: Option<AhoCorasick>,
    hosts: HashMap<String, usize>,
    variables: HashMap<String, usize>,
    /// The beginnings of variables, the longest first.
    stems: Vec<(String, usize)>,
}

/// What frameworks put before the names of variables.
const FRAMEWORKS: &[&str] = &[
    "EXPO_PUBLIC_",
    "GATSBY_",
    "INPUT_",
    "NEXT_PUBLIC_",
    "NUXT_PUBLIC_",
    "NUXT_",
    "PUBLIC_",
    "REACT_APP_",
    "STORYBOOK_",
    "TF_VAR_",
    "VITE_",
    "VUE_APP_",
];

impl Finder {
    pub(super) fn new(services: &[Service]) -> Self {
        let mut hosts = HashMap::new();
        let mut variables = HashMap::new();
        let mut stems: Vec<(String, usize)> = Vec::new();
        for (place, service) in services.iter().enumerate() {
            for host in &service.hosts {
                hosts.insert(host.clone(), place);
            }
            for variable in &service.variables {
                match variable.strip_suffix('*') {
                    Some(stem) => stems.push((stem.to_owned(), place)),
                    None => drop(variables.insert(variable.clone(), place)),
                }
            }
        }
        stems.sort_by(|left, right| (right.0.len(), &left.0).cmp(&(left.0.len(), &right.0)));
        let mut patterns: Vec<&str> = vec!["://"];
        patterns.extend(hosts.keys().map(String::as_str));
        patterns.extend(variables.keys().map(String::as_str));
        patterns.extend(stems.iter().map(|(stem, _)| stem.as_str()));
        patterns.sort_unstable();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&patterns)
            .ok();
        Self {
            automaton,
            hosts,
            variables,
            stems,
        }
    }

    /// The signs in a text of a file with this name, in the order of their lines, each once.
    pub(super) fn find(&self, name: &str, text: &str) -> Vec<Sign> {
        let Some(automaton) = &self.automaton else {
            return Vec::new();
        };
        let mut signs = Vec::new();
        let mut hidden: Option<Vec<Range<usize>>> = None;
        let mut lines = Lines::default();
        let mut upto = 0;
        for found in automaton.find_iter(text.as_bytes()) {
            if found.start() < upto {
                continue;
            }
            let Some((shown, range)) = self.shown(name, text, found.start()..found.end()) else {
                continue;
            };
            upto = range.end;
            let hidden = hidden.get_or_insert_with(|| comments(name, text));
            let after = hidden.partition_point(|comment| comment.end <= range.start);
            if hidden
                .get(after)
                .is_some_and(|comment| comment.start <= range.start)
            {
                continue;
            }
            let line = lines.of(text, range.start);
            signs.push(Sign { line, shown });
            if signs.len() >= MOST_SIGNS {
                break;
            }
        }
        signs.sort();
        signs.dedup();
        signs
    }

    /// What a match of the automaton is, and how far it reaches.
    fn shown(&self, name: &str, text: &str, at: Range<usize>) -> Option<(Shown, Range<usize>)> {
        let matched = text.get(at.clone())?;
        if matched == "://" {
            let found = address(text, at.start)?;
            let range = found.start..at.end;
            return self
                .of_address(name, text, found)
                .map(|shown| (shown, range));
        }
        if matched
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        {
            return self.of_variable(name, text, at);
        }
        self.of_bare_host(text, at)
    }

    fn of_address(&self, name: &str, text: &str, found: Address<'_>) -> Option<Shown> {
        let scheme = found.scheme.to_ascii_lowercase();
        let host = found.host;
        if is_link(name, text, found.start) {
            return None;
        }
        if let Some(service) = self.service_of(&host) {
            return (!is_page(&host)).then_some(Shown::Host {
                service,
                scheme: Some(scheme),
                host,
            });
        }
        let is_endpoint = !is_noise(&host)
            && !is_mention(text, found.start)
            && !is_website(text, found.end, &host)
            && !is_in_long_line(text, found.start);
        is_endpoint.then_some(Shown::Endpoint { scheme, host })
    }

    /// A host that stands alone, such as that of a mail server in a file of settings.
    fn of_bare_host(&self, text: &str, at: Range<usize>) -> Option<(Shown, Range<usize>)> {
        let bytes = text.as_bytes();
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
        let before = bytes[..at.start]
            .iter()
            .rev()
            .take(200)
            .take_while(|byte| is_part(byte));
        let start = at.start - before.count();
        let after = bytes[at.end..]
            .iter()
            .take(200)
            .take_while(|byte| is_part(byte));
        let end = at.end + after.count();
        let host = text.get(start..end)?.trim_end_matches('.');
        let named = match host.strip_prefix('.') {
            Some(domain) => format!("*.{domain}"),
            None => host.to_owned(),
        };
        // In a text of prose or the name of a package it is no host; neither is an address of mail.
        let opens = start.checked_sub(1).map(|place| bytes[place]);
        let closes = bytes.get(end);
        let is_value = matches!(opens, Some(b'"' | b'\'' | b'`' | b'=' | b' ' | b'/' | b'@'))
            && matches!(
                closes,
                None | Some(b'"' | b'\'' | b'`' | b':' | b'/' | b'\n' | b'\r' | b' ' | b',')
            );
        let quoted = matches!(opens, Some(b'"' | b'\'' | b'`' | b'='));
        let is_setting = quoted || text.get(..start)?.trim_end().ends_with([':', '=']);
        if !is_value || !is_setting || is_page(host) {
            return None;
        }
        let service = self.service_of(&named)?;
        let shown = Shown::Host {
            service,
            scheme: None,
            host: named.to_ascii_lowercase(),
        };
        Some((shown, start..end))
    }

    fn service_of(&self, host: &str) -> Option<usize> {
        suffixes(host.strip_prefix("*.").unwrap_or(host))
            .find_map(|suffix| self.hosts.get(suffix).copied())
    }

    fn of_variable(
        &self,
        name: &str,
        text: &str,
        at: Range<usize>,
    ) -> Option<(Shown, Range<usize>)> {
        let bytes = text.as_bytes();
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let before = bytes[..at.start]
            .iter()
            .rev()
            .take(40)
            .take_while(|byte| is_part(byte));
        let start = at.start - before.count();
        let after = bytes[at.end..]
            .iter()
            .take(80)
            .take_while(|byte| is_part(byte));
        let end = at.end + after.count();
        let word = text.get(start..end)?;
        if word.bytes().any(|byte| byte.is_ascii_lowercase()) {
            return None;
        }
        let plain = FRAMEWORKS
            .iter()
            .find_map(|framework| word.strip_prefix(framework))
            .unwrap_or(word);
        let service = [word, plain].into_iter().find_map(|word| {
            self.variables.get(word).copied().or_else(|| {
                let stem = self
                    .stems
                    .iter()
                    .find(|(stem, _)| word.len() > stem.len() && word.starts_with(stem.as_str()));
                stem.map(|(_, service)| *service)
            })
        })?;
        is_read_or_set(name, text, start..end).then(|| {
            let name = word.to_owned();
            (Shown::Variable { service, name }, start..end)
        })
    }
}

/// Lines counted from place to place.
#[derive(Default)]
struct Lines {
    upto: usize,
    breaks: u32,
}

impl Lines {
    fn of(&mut self, text: &str, place: usize) -> u32 {
        let between = text.as_bytes().get(self.upto..place).unwrap_or_default();
        let more = memchr::memchr_iter(b'\n', between).count();
        self.breaks = self
            .breaks
            .saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
        self.upto = self.upto.max(place);
        self.breaks.saturating_add(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::catalogue::read;

    fn check(name: &str, text: &str, wanted: &[&str]) {
        let services = read(
            "f",
            "- {id: stripe, name: Stripe, data: [payments], hosts: [api.stripe.com], variables: ['STRIPE_*']}\n\
             - {id: mail, name: Mail, data: [messages], hosts: [smtp.mail.io], variables: [MAIL_KEY]}\n",
        )
        .unwrap();
        let finder = Finder::new(&services);
        let found: Vec<String> = finder
            .find(name, text)
            .into_iter()
            .map(|sign| match sign.shown {
                Shown::Host { service, host, .. } => {
                    format!("{}:{}={host}", sign.line, services[service].id)
                }
                Shown::Variable { service, name } => {
                    format!("{}:{}${name}", sign.line, services[service].id)
                }
                Shown::Endpoint { scheme, host } => format!("{}:{scheme}://{host}", sign.line),
            })
            .collect();
        assert_eq!(found, wanted, "{name}: {text}");
    }

    #[test]
    fn services_are_found_by_host_and_variable() {
        check(
            "a.ts",
            "\nfetch('https://api.stripe.com/v1')",
            &["2:stripe=api.stripe.com"],
        );
        check(
            "a.ts",
            "const h = `https://${x}.api.stripe.com`",
            &["1:stripe=*.api.stripe.com"],
        );
        check("a.yaml", "host: smtp.mail.io\n", &["1:mail=smtp.mail.io"]);
        check("a.ts", "host: 'smtp.mail.io',", &["1:mail=smtp.mail.io"]);
        check("a.ts", "me@smtp.mail.io.invalid", &[]);
        check(
            "a.ts",
            "process.env.STRIPE_SECRET_KEY",
            &["1:stripe$STRIPE_SECRET_KEY"],
        );
        check(
            "a.ts",
            "import.meta.env.VITE_STRIPE_KEY",
            &["1:stripe$VITE_STRIPE_KEY"],
        );
        check("a.py", "os.environ['MAIL_KEY']", &["1:mail$MAIL_KEY"]);
        check("a.c", "#define STRIPE_WIDTH 3", &[]);
        check("a.ts", "const STRIPE_COUNT = 3", &[]);
        check(
            ".env",
            "STRIPE_KEY=sk\nXSTRIPE_KEY=1",
            &["1:stripe$STRIPE_KEY"],
        );
        check(
            "w.yml",
            "  k: ${{ secrets.STRIPE_KEY }}",
            &["1:stripe$STRIPE_KEY"],
        );
        check("d.yml", "- name: STRIPE_KEY", &["1:stripe$STRIPE_KEY"]);
    }

    #[test]
    fn unknown_hosts_are_endpoints_unless_they_are_to_be_read() {
        check(
            "a.ts",
            "post('https://hooks.shop.io/x')",
            &["1:https://hooks.shop.io"],
        );
        for text in [
            "// https://hooks.shop.io",
            "throw Error('more info: https://hooks.shop.io')",
            "<a href=\"https://hooks.shop.io\">",
            "x('https://www.shop.io')",
            "x('https://docs.shop.io/a')",
            "x('http://localhost:3000')",
            "x('https://example.com')",
            "x = 'http://www.w3.org/2000/svg'",
        ] {
            check("a.tsx", text, &[]);
        }
        check(
            "a.html",
            "<a href='https://q.shop.io'>x</a> https://r.shop.io",
            &[],
        );
        check(
            "a.html",
            "<script src='https://q.shop.io/x.js'>",
            &["1:https://q.shop.io"],
        );
        check(
            "a.html",
            "<link rel=stylesheet href='https://q.shop.io'>",
            &["1:https://q.shop.io"],
        );
        check(
            "a.html",
            "<link rel=canonical href='https://q.shop.io'>",
            &[],
        );
        check(
            "a.html",
            "<script>\nfetch('https://q.shop.io')</script>",
            &["2:https://q.shop.io"],
        );
    }

    #[test]
    fn passwords_in_addresses_are_not_shown() {
        check(
            ".env",
            "DB=postgres://u:geheim@db.shop.io/x",
            &["1:postgres://db.shop.io"],
        );
    }
}
