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
use linchpin_trust::{PredicateType, Statement};

use super::inventory::read_target;
use super::signing::{Signer, SignerChoice};
use crate::arguments::BuildArguments;
use crate::artifacts::Signable;
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::deliver;
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
    #[error(
        "`{0}` means something only if it is signed\nhint: `--key` signs with a key, `--sign` in the name of a token of identity"
    )]
    NothingSigned(&'static str),
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
    let signer = signer(arguments, environment)?;
    let tree = work_tree(folder).context(Failure::new(ExitCode::Target, "read the repository"))?;
    if arguments.clean {
        refuse_changes(tree.as_ref())?;
    }
    // Before the build, which may change what it finds.
    let options = SourceOptions::default();
    let network = Network::new(true, Vec::new(), &environment.surroundings);
    let inventory = read_target(".", options, &network, printer)?;
    let before = outputs.find(folder)?;

    let started = environment.moment_in_seconds();
    running::run(&arguments.command, folder)?;
    let finished = environment.moment_in_seconds();

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
    let (written, how) = written(&statement, signer.as_ref(), environment).with_context(failure)?;
    let places = match &arguments.bundle {
        Some(bundle) => vec![bundle.clone()],
        None => made
            .iter()
            .filter_map(|output| place(&output.name, &predicate_type, signer.is_some()))
            .collect(),
    };
    for place in &places {
        deliver(Some(place), &written)?;
    }
    say(printer, &made, &places, &how, &recorded);
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

/// Who signs, if anybody: before the build, so that a wrong passphrase or token costs no time.
fn signer(arguments: &BuildArguments, environment: &Environment) -> Result<Option<Signer>> {
    if arguments.key.is_none() && !arguments.sign {
        return match arguments.services.given() {
            Some(given) => {
                let wrong = Failure::new(ExitCode::WrongUse, "understand the arguments");
                Err(anyhow::Error::new(NotRecorded::NothingSigned(given)).context(wrong))
            }
            None => Ok(None),
        };
    }
    let choice = SignerChoice {
        key: arguments.key.as_deref(),
        passphrase: &arguments.passphrase,
        services: &arguments.services,
        offline: arguments.offline,
    };
    Signer::open(choice, environment).map(Some)
}

/// The bundle, or the statement alone, and how it was signed.
fn written(
    statement: &Statement,
    signer: Option<&Signer>,
    environment: &Environment,
) -> Result<(Vec<u8>, String)> {
    let (mut written, how) = match signer {
        Some(signer) => {
            let signed = signer.sign(statement, environment)?;
            (signed.bundle.to_json()?, format!("signed {}", signed.how))
        }
        None => (
            statement.to_json()?,
            "without a signature: `--key` signs it".to_owned(),
        ),
    };
    written.push(b'\n');
    Ok((written, how))
}

/// Where the provenance of an output goes.
fn place(output: &str, predicate_type: &PredicateType, is_signed: bool) -> Option<PathBuf> {
    if is_signed {
        return Signable::File(PathBuf::from(output)).statement_path(predicate_type);
    }
    Some(PathBuf::from(format!("{output}.provenance.json")))
}

fn say(printer: &Printer, made: &[Output], places: &[PathBuf], how: &str, recorded: &Recorded<'_>) {
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
