//! The functions of templates: those of Go and of Sprig that charts use, as far as they can be
//! answered without a cluster, a network or a clock: <https://helm.sh/docs/chart_template_guide/function_list/>.

pub(super) mod lists;
mod texts;

use std::cmp::Ordering;

use super::value::Data;
use crate::syntax::Syntax;

/// What stands for something that is another in each installation: rules take it for unknown.
pub(super) const UNKNOWN: &str = "${generated}";

/// Versions of the API that every cluster of today has.
const API_GROUPS: &[&str] = &[
    "v1",
    "apps/v1",
    "batch/v1",
    "policy/v1",
    "autoscaling/v1",
    "autoscaling/v2",
    "networking.k8s.io/v1",
    "rbac.authorization.k8s.io/v1",
    "admissionregistration.k8s.io/v1",
    "apiextensions.k8s.io/v1",
    "apiregistration.k8s.io/v1",
    "certificates.k8s.io/v1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "events.k8s.io/v1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1",
    "node.k8s.io/v1",
];

/// The version of the cluster for which charts are rendered.
pub(super) const CLUSTER: &str = "v1.33.0";

/// Whether the last of some fields is a method, and given arguments.
pub(super) fn is_method(name: &str) -> bool {
    matches!(
        name,
        "Has" | "Get" | "Glob" | "GetBytes" | "Lines" | "AsConfig" | "AsSecrets"
    )
}

/// A method of `.Capabilities.APIVersions` or `.Files`. No file is read: a chart's own files are
/// nothing here.
pub(super) fn method(name: &str, arguments: &[Data]) -> Result<Data, String> {
    match (name, arguments) {
        ("Has", [Data::Text(version)]) => {
            let holds = |known: &&str| {
                let rest = version.strip_prefix(*known);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            Ok(Data::Boolean(API_GROUPS.iter().any(holds)))
        }
        ("Get" | "GetBytes" | "AsConfig" | "AsSecrets", _) => Ok(Data::text("")),
        ("Glob" | "Lines", _) => Ok(Data::empty_map()),
        _ => Err(format!("uses `{name}` in a way that is not rendered")),
    }
}

/// What a function gives.
pub(super) fn call(name: &str, arguments: &[Data]) -> Result<Data, String> {
    if let Some(value) = logic(name, arguments) {
        return value;
    }
    if let Some(value) = texts::call(name, arguments) {
        return value;
    }
    if let Some(value) = lists::call(name, arguments) {
        return value;
    }
    Err(format!("uses the function `{name}`, which is not rendered"))
}

/// Comparing, choosing, counting and converting.
fn logic(name: &str, arguments: &[Data]) -> Option<Result<Data, String>> {
    let value = match (name, arguments) {
        ("not" | "empty", [value]) => Data::Boolean(!value.is_true()),
        ("eq", [first, rest @ ..]) => Data::Boolean(rest.iter().any(|other| same(first, other))),
        ("ne", [left, right]) => Data::Boolean(!same(left, right)),
        ("lt", [left, right]) => Data::Boolean(order(left, right).is_lt()),
        ("le", [left, right]) => Data::Boolean(order(left, right).is_le()),
        ("gt", [left, right]) => Data::Boolean(order(left, right).is_gt()),
        ("ge", [left, right]) => Data::Boolean(order(left, right).is_ge()),
        ("default", [default]) => default.clone(),
        ("default", [default, value]) => {
            if value.is_true() {
                value.clone()
            } else {
                default.clone()
            }
        }
        ("coalesce", values) => {
            let first = values.iter().find(|value| value.is_true());
            first.cloned().unwrap_or(Data::Nothing)
        }
        ("ternary", [yes, _, Data::Boolean(true)]) => yes.clone(),
        ("ternary", [_, no, _]) => no.clone(),
        ("required", [message, value]) => match value {
            Data::Nothing => return Some(Err(wanting(message))),
            Data::Text(text) if text.is_empty() => return Some(Err(wanting(message))),
            value => value.clone(),
        },
        ("fail", [message]) => return Some(Err(wanting(message))),
        ("lookup", _) => Data::empty_map(),
        ("fromYaml" | "fromYamlArray" | "fromJson" | "mustFromJson", [Data::Text(text)]) => {
            let read = Syntax::Yaml.read(text);
            read.documents
                .first()
                .map_or_else(Data::empty_map, Data::of)
        }
        ("toYaml" | "mustToYaml", [value]) => Data::text(value.yaml()),
        ("toJson" | "mustToJson" | "toRawJson" | "toPrettyJson", [value]) => {
            Data::text(value.json())
        }
        ("float64", [Data::Number(number)]) => Data::Number(*number),
        ("int" | "int64" | "atoi" | "float64", [value]) => Data::Integer(integer(value)),
        ("toString" | "print", [value]) => Data::text(value.printed()),
        ("add", values) => sum(values, i64::checked_add, 0)?,
        ("mul", values) => sum(values, i64::checked_mul, 1)?,
        ("add1", [value]) => Data::Integer(integer(value).saturating_add(1)),
        ("sub", [left, right]) => Data::Integer(integer(left).saturating_sub(integer(right))),
        ("div", [left, right]) => Data::Integer(integer(left).checked_div(integer(right))?),
        ("mod", [left, right]) => Data::Integer(integer(left).checked_rem(integer(right))?),
        ("max", [first, rest @ ..]) => {
            Data::Integer(rest.iter().map(integer).fold(integer(first), i64::max))
        }
        ("min", [first, rest @ ..]) => {
            Data::Integer(rest.iter().map(integer).fold(integer(first), i64::min))
        }
        ("kindIs", [Data::Text(kind), value]) => Data::Boolean(**kind == *kind_of(value)),
        ("kindOf", [value]) => Data::text(kind_of(value)),
        ("typeIs", [Data::Text(kind), value]) => Data::Boolean(**kind == *type_of(value)),
        ("typeOf", [value]) => Data::text(type_of(value)),
        ("semverCompare", [Data::Text(range), Data::Text(version)]) => {
            Data::Boolean(range.split("||").any(|range| in_range(range, version)))
        }
        ("len", [Data::Text(text)]) => count(text.len()),
        ("len", [Data::List(items)]) => count(items.len()),
        ("len", [Data::Map(members)]) => count(members.len()),
        ("len", [Data::Nothing]) => Data::Integer(0),
        (
            "randAlphaNum" | "randAlpha" | "randNumeric" | "randAscii" | "uuidv4" | "genPrivateKey"
            | "htpasswd" | "bcrypt" | "derivePassword" | "now" | "date" | "sha256sum" | "sha1sum"
            | "adler32sum" | "getHostByName" | "randBytes" | "ago",
            _,
        ) => Data::text(UNKNOWN),
        ("genCA" | "genSelfSignedCert" | "genSignedCert" | "buildCustomCert", _) => {
            let both = ["Cert", "Key"].map(|key| (key.to_owned(), Data::text(UNKNOWN)));
            Data::Map(std::sync::Arc::new(both.into()))
        }
        _ => return None,
    };
    Some(Ok(value))
}

fn count(length: usize) -> Data {
    Data::Integer(i64::try_from(length).unwrap_or(i64::MAX))
}

fn wanting(message: &Data) -> String {
    let message: String = message.printed().chars().take(200).collect();
    format!(
        "is not made with the chart's default values: {}",
        message.trim()
    )
}

fn same(left: &Data, right: &Data) -> bool {
    match (left, right) {
        (Data::Integer(_) | Data::Number(_), Data::Integer(_) | Data::Number(_)) => {
            order(left, right).is_eq()
        }
        _ => left == right,
    }
}

fn order(left: &Data, right: &Data) -> Ordering {
    #[expect(
        clippy::cast_precision_loss,
        reason = "Go compares numbers of charts no finer"
    )]
    let number = |value: &Data| match value {
        Data::Number(number) => *number,
        other => integer(other) as f64,
    };
    match (left, right) {
        (Data::Text(left), Data::Text(right)) => left.cmp(right),
        _ => number(left).total_cmp(&number(right)),
    }
}

fn integer(value: &Data) -> i64 {
    match value {
        Data::Integer(number) => *number,
        #[expect(clippy::cast_possible_truncation, reason = "Sprig cuts as this does")]
        Data::Number(number) => *number as i64,
        Data::Boolean(flag) => i64::from(*flag),
        Data::Text(text) => text.trim().parse().unwrap_or(0),
        _ => 0,
    }
}

fn sum(values: &[Data], with: fn(i64, i64) -> Option<i64>, start: i64) -> Option<Data> {
    let mut numbers = values.iter().map(integer);
    numbers.try_fold(start, with).map(Data::Integer)
}

fn kind_of(value: &Data) -> &'static str {
    match value {
        Data::Nothing => "invalid",
        Data::Boolean(_) => "bool",
        Data::Integer(_) => "int64",
        Data::Number(_) => "float64",
        Data::Text(_) => "string",
        Data::List(_) => "slice",
        Data::Map(_) => "map",
    }
}

fn type_of(value: &Data) -> &'static str {
    match value {
        Data::Nothing => "<nil>",
        Data::List(_) => "[]interface {}",
        Data::Map(_) => "map[string]interface {}",
        other => kind_of(other),
    }
}

/// Whether a version is in a range of conditions that all must hold, such as `>=1.21-0, <1.30`.
fn in_range(range: &str, version: &str) -> bool {
    let Some(version) = numbers(version) else {
        return false;
    };
    let conditions = range.split([',', ' ']).filter(|part| !part.is_empty());
    // An operator may stand apart from its version.
    let mut operator = String::new();
    for part in conditions {
        let digits = part.find(|next: char| next.is_ascii_digit() || next == 'v');
        let (sign, bound) = part.split_at(digits.unwrap_or(part.len()));
        operator.push_str(sign);
        let Some(bound) = numbers(bound) else {
            continue;
        };
        let ordering = version.cmp(&bound);
        let holds = match operator.as_str() {
            ">=" | "=>" => ordering.is_ge(),
            "<=" | "=<" => ordering.is_le(),
            ">" => ordering.is_gt(),
            "<" => ordering.is_lt(),
            "!=" => ordering.is_ne(),
            "^" => ordering.is_ge() && version[0] == bound[0],
            "~" => ordering.is_ge() && version[..2] == bound[..2],
            _ => ordering.is_eq(),
        };
        if !holds {
            return false;
        }
        operator.clear();
    }
    true
}

fn numbers(version: &str) -> Option<[u64; 3]> {
    let version = version.trim().trim_start_matches('v');
    let version = version.split(['-', '+']).next()?;
    let mut numbers = [0; 3];
    let mut parts = version.split('.');
    for (index, number) in numbers.iter_mut().enumerate() {
        match parts.next() {
            Some("x" | "X" | "*") => {}
            Some(part) => *number = part.parse().ok()?,
            None if index == 0 => return None,
            None => {}
        }
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_versions_hold_or_not() {
        for range in [
            ">=1.19-0",
            "^1.20-0",
            ">= 1.14, <2",
            "~1.33.0",
            "<1.10 || >1.30",
        ] {
            assert!(
                range.split("||").any(|range| in_range(range, CLUSTER)),
                "{range}"
            );
        }
        for range in ["<1.19-0", ">=1.34.0-0", "1.20", ">=1.14 <1.25"] {
            assert!(
                !range.split("||").any(|range| in_range(range, CLUSTER)),
                "{range}"
            );
        }
    }
}
