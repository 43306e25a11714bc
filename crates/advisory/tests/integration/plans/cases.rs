//! Each folder of `tests/cases/plans` is a case; the snapshot beside it is its plan.

use std::fmt::Write as _;
use std::path::Path;

use linchpin_advisory::remedy::{How, Plan, solve};

use super::case::Case;

fn told(plan: &Plan) -> String {
    let mut text = format!("{} flaws, {} afterwards\n", plan.before, plan.after);
    for step in &plan.steps {
        let moved = &step.moved;
        let how = match &moved.how {
            How::Lock => "in the lockfile",
            How::Manifest(_) => "in the manifest",
        };
        let assumed = if step.is_assumed { ", assumed" } else { "" };
        let direct = if step.is_direct { ", direct" } else { "" };
        writeln!(
            text,
            "move {} {} -> {} {how} ({}{direct}{assumed}), risk {}",
            moved.name,
            moved.from,
            moved.to,
            step.jump.label(),
            step.risk
        )
        .unwrap();
        for (what, flaws) in [("removes", &step.removes), ("brings", &step.introduces)] {
            for flaw in flaws {
                writeln!(
                    text,
                    "  {what} {} of {} {}",
                    flaw.id, flaw.name, flaw.version
                )
                .unwrap();
            }
        }
        for change in &step.along {
            writeln!(
                text,
                "  along {} {} -> {}",
                change.name,
                change.from.as_deref().unwrap_or("nothing"),
                change.to.as_deref().unwrap_or("nothing")
            )
            .unwrap();
        }
    }
    for stay in &plan.stays {
        writeln!(
            text,
            "stays {} {} {:?}: {:?}, direct {}, through {:?}, older {:?}",
            stay.name, stay.version, stay.flaws, stay.why, stay.is_direct, stay.through, stay.older
        )
        .unwrap();
    }
    text
}

#[test]
fn plans_are_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/plans");
    let mut names: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    names.sort();
    assert!(names.len() > 10);
    for path in names {
        let text = std::fs::read(path.join("case.json")).unwrap();
        let case: Case = serde_json::from_slice(&text).unwrap();
        let plan = solve(&case.graph(), &case, &case, &case.options());
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&path);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_description(&case.about);
        settings.bind(|| insta::assert_snapshot!("plan", told(&plan)));
    }
}
