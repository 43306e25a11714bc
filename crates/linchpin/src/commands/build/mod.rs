//! `linchpin build`: runs a build and records how: what was built from which source, with what, by whom
//! and when, as provenance of SLSA about what came out.
//!
//! The build is only started here, not isolated: what it could do without us, it can do with us. Who
//! builds is said by the build system's environment, or is this machine.

mod outputs;
mod record;
mod running;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use linchpin_check::secrets::{AllowedSecrets, Secrets, embedded};
use linchpin_model::TargetPath;
use linchpin_remote::work_tree;
use linchpin_source::SourceOptions;
use linchpin_text::counted;
use linchpin_trust::{PredicateType, PrivateKey, Statement, sign};

use super::inventory::read_target;
use crate::arguments::BuildArguments;
use crate::artifacts::Signable;
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::deliver;
use crate::passphrase;
use crate::printer::Printer;
use crate::settings::{Environment, Network};
use outputs::{Output, Outputs};
use record::Recorded;

/// Why nothing is built, or recorded.
#[derive(Debug, thiserror::Error)]
enum NotRecorded {
    #[error(
        "in the command stands what looks like a secret ({0}), and provenance is for everybody\nhint: give it to the build in its environment or in a file"
    )]
    Secret(String),
    #[error("the folder is in no repository with a commit, and `--clean` asks for one")]
    NoRepository,
    #[error(
        "the work tree differs from its commit in {0}, and `--clean` was given\nhint: commit it, or build without `--clean`, and the provenance says what differs"
    )]
    NotClean(String),
}

pub(super) fn run(
    arguments: &BuildArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    let folder = Path::new(".");
    let outputs = Outputs::understand(&arguments.output)?;
    refuse_secrets(&arguments.command)?;
    let key = arguments
        .key
        .as_ref()
        .map(|key| passphrase::open_key(key, &arguments.passphrase, environment))
        .transpose()?;
    let tree = work_tree(folder).context(Failure::new(ExitCode::Target, "read the repository"))?;
    if arguments.clean {
        refuse_changes(tree.as_ref())?;
    }
    // Before the build, which may change what it finds.
    let options = SourceOptions::default();
    let network = Network::new(true, Vec::new(), &environment.surroundings);
    let inventory = read_target(".", options, &network, printer)?;
    let before = outputs.find(folder)?;

    let started = environment.clock();
    running::run(&arguments.command, folder)?;
    let finished = environment.clock();

    let made = outputs.digests(folder)?;
    for output in &made {
        if before.contains(output.state()) {
            printer.message(&format!(
                "note: {} was there before, and the build has not changed it",
                output.name
            ));
        }
    }
    let recorded = Recorded {
        command: &arguments.command,
        outputs: &arguments.output,
        run: environment.build_run.as_ref(),
        builder: arguments.builder.as_deref(),
        tree: tree.as_ref(),
        inventory: &inventory,
        started,
        finished,
    };
    let predicate = recorded.provenance()?.predicate().to_string();
    let predicate_type: PredicateType = "provenance"
        .parse()
        .context(Failure::new(ExitCode::Internal, "name the predicate"))?;
    let failure = || Failure::new(ExitCode::Trust, "record the build");
    let subjects = made.iter().map(Output::subject).collect();
    let statement = Statement::new(subjects, predicate_type.clone(), predicate.as_bytes())
        .with_context(failure)?;
    let written = signed(&statement, key.as_ref()).with_context(failure)?;
    let places = match &arguments.bundle {
        Some(bundle) => vec![bundle.clone()],
        None => made
            .iter()
            .filter_map(|output| place(&output.name, &predicate_type, key.is_some()))
            .collect(),
    };
    for place in &places {
        deliver(Some(place), &written)?;
    }
    say(printer, &made, &places, key.as_ref(), &recorded);
    Ok(ExitCode::Clean)
}

/// Refuses a command with something that looks like a secret in it.
fn refuse_secrets(command: &[String]) -> Result<()> {
    let allowed = AllowedSecrets::none();
    let secrets = Secrets::new(embedded(), &allowed);
    let line = command.join(" ");
    let found = secrets.look(&TargetPath::new("command"), None, line.as_bytes());
    let Some(finding) = found.findings.first() else {
        return Ok(());
    };
    let wrong = Failure::new(ExitCode::WrongUse, "understand the arguments");
    Err(anyhow::Error::new(NotRecorded::Secret(finding.rule.0.clone())).context(wrong))
}

fn refuse_changes(tree: Option<&linchpin_remote::WorkTree>) -> Result<()> {
    let failure = || Failure::new(ExitCode::NotAsPromised, "build");
    match tree {
        None => Err(anyhow::Error::new(NotRecorded::NoRepository).context(failure())),
        Some(tree) if !tree.changed.is_empty() => {
            let mut named: Vec<&str> = tree.changed.iter().take(3).map(String::as_str).collect();
            let more = counted(tree.changed.len() - named.len(), "more file");
            if tree.changed.len() > named.len() {
                named.push(&more);
            }
            let error = NotRecorded::NotClean(named.join(", "));
            Err(anyhow::Error::new(error).context(failure()))
        }
        Some(_) => Ok(()),
    }
}

/// The bundle, or the statement alone.
fn signed(statement: &Statement, key: Option<&PrivateKey>) -> Result<Vec<u8>> {
    let mut written = match key {
        Some(key) => sign(statement, key)?.to_json()?,
        None => statement.to_json()?,
    };
    written.push(b'\n');
    Ok(written)
}

/// Where the provenance of an output goes.
fn place(output: &str, predicate_type: &PredicateType, is_signed: bool) -> Option<PathBuf> {
    if is_signed {
        return Signable::File(PathBuf::from(output)).statement_path(predicate_type);
    }
    Some(PathBuf::from(format!("{output}.provenance.json")))
}

fn say(
    printer: &Printer,
    made: &[Output],
    places: &[PathBuf],
    key: Option<&PrivateKey>,
    recorded: &Recorded<'_>,
) {
    let how = key.map_or_else(
        || "without a signature: `--key` signs it".to_owned(),
        |key| {
            format!(
                "signed by the {} key {}",
                key.public_key().algorithm(),
                key.public_key().hint()
            )
        },
    );
    let place = match places {
        [place] => place.display().to_string(),
        places => counted(places.len(), "file"),
    };
    printer.message(&format!(
        "wrote {place}: how {} built by {}, {how}",
        match made {
            [output] => format!("{} was", output.name),
            outputs => format!("{} were", counted(outputs.len(), "output")),
        },
        recorded.builder_id(),
    ));
}
