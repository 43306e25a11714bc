//! Charts of Helm, rendered with their default values: <https://helm.sh/docs/chart_template_guide/>.
//!
//! A renderer of our own for what most charts use, bounded in steps, depth and size. Nothing is
//! run, fetched or read beside the target's files. A template that asks for more is a note, and
//! its manifests are not checked. What a value from outside of the chart would be (a generated
//! password, a random name) is unknown to rules.

mod evaluate;
mod functions;
mod lexer;
mod origins;
mod parser;
mod value;

use std::collections::BTreeMap;
use std::sync::Arc;

use self::evaluate::{Named, render as render_template};
use self::functions::{CLUSTER, lists::merged};
use self::origins::Origins;
use self::parser::{Template, parse};
use self::value::Data;
use crate::kind::DocumentFile;
use crate::syntax::{Syntax, SyntaxProblem};
use linchpin_document::Position;

/// Most templates of one chart with those of its subcharts.
const MOST_TEMPLATES: usize = 2_000;

/// A chart: its folder with a slash at the end, what it says of itself, and its values.
struct Chart {
    folder: String,
    about: Data,
    values: Data,
}

/// The files with the templates of charts replaced by what they are rendered to. What only charts
/// have is left out.
pub(super) fn render(files: Vec<DocumentFile>) -> Vec<DocumentFile> {
    let charts = charts(&files);
    if charts.is_empty() {
        return files;
    }
    let mut named: BTreeMap<String, Named> = BTreeMap::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut kept = Vec::new();
    let mut templates = Vec::new();
    for mut file in files {
        let path = file.path.as_str();
        let Some(chart) = chart_of(path, &charts) else {
            kept.push(file);
            continue;
        };
        let inside = &path[chart.folder.len()..];
        if !inside.starts_with("templates/") {
            // Resources in `crds/` are installed as they are.
            kept.push(file);
            continue;
        }
        let root = root_folder(chart, &charts).to_owned();
        let count = counts.entry(root.clone()).or_default();
        *count += 1;
        if *count > MOST_TEMPLATES {
            continue;
        }
        let named = named.entry(root).or_default();
        let parsed = parse(&file.text, &mut |name, template| {
            named.insert(name, template);
        });
        file.documents.clear();
        // What only a test of the release starts is not part of it.
        let is_manifest = !super::is_helper(inside)
            && !inside.starts_with("templates/tests/")
            && !inside.ends_with("NOTES.txt")
            && chart.about.get("type") != Some(&Data::text("library"));
        match parsed {
            Ok(template) if is_manifest => templates.push((file, template)),
            Ok(_) => {}
            Err((at, problem)) => {
                note(&mut file, at, &problem);
                kept.push(file);
            }
        }
    }
    for (mut file, template) in templates {
        let Some(chart) = chart_of(file.path.as_str(), &charts) else {
            continue;
        };
        let empty = Named::new();
        let named = named.get(root_folder(chart, &charts)).unwrap_or(&empty);
        if let Some(root) = release(chart, &charts, file.path.as_str()) {
            fill(&mut file, &template, named, &root);
        }
        kept.push(file);
    }
    kept.sort_by(|left, right| (&left.path, left.layer).cmp(&(&right.path, right.layer)));
    kept
}

/// Renders a file.
fn fill(file: &mut DocumentFile, template: &Template, named: &Named, root: &Data) {
    let output = match render_template(template, named, root) {
        Ok(output) => output,
        Err((at, problem)) => return note(file, at, &problem),
    };
    let read = Syntax::Yaml.read(&output.text);
    let origins = Origins::new(&file.text, &output);
    if let Some(problem) = read.problem {
        let at = origins.origin(problem.at);
        let text = format!("is rendered to what {}", problem.text);
        file.problems.push(SyntaxProblem { at, text });
    }
    file.documents = read.documents;
    for document in &mut file.documents {
        origins.move_back(document);
    }
}

fn note(file: &mut DocumentFile, at: usize, problem: &str) {
    let before = file.text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count().saturating_add(1);
    let at = Position {
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: 1,
    };
    let text = format!("is a template that was not rendered: it {problem}");
    file.problems.push(SyntaxProblem { at, text });
}

/// The charts among files, by their folders.
fn charts(files: &[DocumentFile]) -> Charts {
    let ends = |file: &&DocumentFile, name: &str| {
        let folder = file.path.as_str().strip_suffix(name);
        folder.is_some_and(|folder| folder.is_empty() || folder.ends_with('/'))
    };
    let values: BTreeMap<&str, &DocumentFile> = files
        .iter()
        .filter(|file| ends(file, "values.yaml"))
        .map(|file| (file.path.as_str(), file))
        .collect();
    let mut charts = Charts::new();
    for file in files.iter().filter(|file| ends(file, "Chart.yaml")) {
        let folder = file.path.as_str().trim_end_matches("Chart.yaml");
        let document = file.documents.first();
        let named = document.filter(|document| document.find_text(&["name"]).is_some());
        let Some(document) = named else {
            continue;
        };
        let values = values.get(format!("{folder}values.yaml").as_str());
        let values = values.and_then(|file| file.documents.first());
        let chart = Chart {
            folder: folder.to_owned(),
            about: Data::of(document),
            values: values.map_or_else(Data::empty_map, Data::of),
        };
        charts.insert(folder.to_owned(), chart);
    }
    charts
}

/// Charts by their folders.
type Charts = BTreeMap<String, Chart>;

/// The chart in which a file lies: the innermost.
fn chart_of<'a>(path: &str, charts: &'a Charts) -> Option<&'a Chart> {
    let mut folder = path;
    loop {
        let end = folder
            .trim_end_matches('/')
            .rfind('/')
            .map_or(0, |slash| slash + 1);
        folder = &folder[..end];
        if let Some(chart) = charts.get(folder) {
            return Some(chart);
        }
        if folder.is_empty() {
            return None;
        }
    }
}

/// The chart around another, if it is a subchart.
fn parent<'a>(chart: &Chart, charts: &'a Charts) -> Option<&'a Chart> {
    let folder = chart.folder.trim_end_matches('/');
    let outer = folder.rsplit_once('/').map_or("", |(outer, _)| outer);
    let outer = outer.strip_suffix("charts")?;
    (outer.is_empty() || outer.ends_with('/'))
        .then(|| charts.get(outer))
        .flatten()
}

/// The folder of the outermost chart: all that belong to it share their named templates.
fn root_folder<'a>(chart: &'a Chart, charts: &'a Charts) -> &'a str {
    let mut chart = chart;
    while let Some(outer) = parent(chart, charts) {
        chart = outer;
    }
    &chart.folder
}

/// What templates can ask for; nothing if the chart around this one turns it off.
fn release(chart: &Chart, charts: &Charts, path: &str) -> Option<Data> {
    let name = chart.about.get("name").cloned().unwrap_or(Data::Nothing);
    let mut values = chart.values.clone();
    let parent = parent(chart, charts);
    if let Some(parent) = parent {
        let dependency = dependency(parent, &name);
        let own = dependency
            .and_then(|dependency| dependency.get("alias").cloned())
            .unwrap_or_else(|| name.clone());
        if dependency.is_some_and(|dependency| !is_on(parent, dependency)) {
            return None;
        }
        if let Some(over) = parent.values.get(&own.printed()) {
            values = merged(&values, over, 0);
        }
        if let Some(global) = parent.values.get("global") {
            let global = map([("global", global.clone())]);
            values = merged(&values, &global, 0);
        }
    }
    let global = map([("global", Data::empty_map())]);
    let values = merged(&global, &values, 0);
    let about = chart.about.clone();
    let text = |key: &str| about.get(key).cloned().unwrap_or(Data::Nothing);
    let about = merged(
        &about,
        &map([
            ("Name", name),
            ("Version", text("version")),
            ("AppVersion", text("appVersion")),
            ("Description", text("description")),
            ("IsRoot", Data::Boolean(parent.is_none())),
            ("Home", text("home")),
            ("Type", text("type")),
        ]),
        0,
    );
    let version = map([
        ("Version", Data::text(CLUSTER)),
        ("GitVersion", Data::text(CLUSTER)),
        ("Major", Data::text("1")),
        ("Minor", Data::text("33")),
    ]);
    let versions = map([("APIVersions", Data::empty_map()), ("KubeVersion", version)]);
    let release = map([
        ("Name", Data::text("release-name")),
        ("Namespace", Data::text("release-namespace")),
        ("Service", Data::text("Helm")),
        ("IsInstall", Data::Boolean(true)),
        ("IsUpgrade", Data::Boolean(false)),
        ("Revision", Data::Integer(1)),
    ]);
    let base = format!("{}templates", chart.folder);
    Some(map([
        ("Values", values),
        ("Chart", about),
        ("Release", release),
        ("Capabilities", versions),
        ("Files", Data::empty_map()),
        ("Subcharts", Data::empty_map()),
        (
            "Template",
            map([("Name", Data::text(path)), ("BasePath", Data::text(base))]),
        ),
    ]))
}

/// What the chart around another says of it.
fn dependency<'a>(parent: &'a Chart, name: &Data) -> Option<&'a Data> {
    match parent.about.get("dependencies") {
        Some(Data::List(items)) => items.iter().find(|item| item.get("name") == Some(name)),
        _ => None,
    }
}

/// Whether a dependency is installed with the default values.
fn is_on(parent: &Chart, dependency: &Data) -> bool {
    let Some(Data::Text(condition)) = dependency.get("condition") else {
        return true;
    };
    // The first of the named values that is there counts.
    let values = condition.split(',').filter_map(|way| {
        let mut names = way.trim().split('.');
        names.try_fold(&parent.values, |value, name| value.get(name))
    });
    values
        .into_iter()
        .next()
        .is_none_or(|value| *value != Data::Boolean(false))
}

fn map<const N: usize>(members: [(&str, Data); N]) -> Data {
    let members = members.map(|(key, value)| (key.to_owned(), value));
    Data::Map(Arc::new(BTreeMap::from(members)))
}
