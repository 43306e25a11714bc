//! Grounds on which findings do not count, written and read back.

use linchpin_model::{
    AbsentCode, CheckedProgram, CommentedOut, GrantedException, LayerIndex, PackageSymbols,
    Statement, Suppression, TargetPath, VexJustification, VexStatus,
};

use super::wire;

pub(super) fn write(suppression: &Suppression) -> wire::Suppression {
    match suppression {
        Suppression::Excepted(exception) => wire::Suppression::Exception {
            id: exception.id.clone(),
            reason: exception.reason.clone(),
            expires: exception.expires.to_string(),
            justification: exception.justification.map(label),
            file: exception.origin.clone(),
        },
        Suppression::Stated(statement) => wire::Suppression::Vex(write_statement(statement)),
        Suppression::CodeAbsent(absent) => wire::Suppression::CodeAbsent {
            justification: label(VexJustification::VulnerableCodeNotPresent),
            advisories: absent.advisories.clone(),
            looked_for: absent
                .looked_for
                .iter()
                .map(|package| wire::PackageSymbols {
                    package: package.package.clone(),
                    symbols: package.symbols.clone(),
                })
                .collect(),
            programs: absent
                .programs
                .iter()
                .map(|program| wire::Program {
                    path: program.path.to_string(),
                    layer: program.layer.map(|layer| layer.0),
                    digest: program.digest.as_ref().map(ToString::to_string),
                    functions: program.functions,
                })
                .collect(),
        },
        Suppression::Commented(comment) => wire::Suppression::Comment {
            reason: comment.reason.clone(),
            line: comment.line,
        },
    }
}

fn label(justification: VexJustification) -> String {
    justification.label().to_owned()
}

pub(super) fn write_statement(statement: &Statement) -> wire::Statement {
    wire::Statement {
        document: statement.document.clone(),
        author: statement.author.clone(),
        status: statement.status.label().to_owned(),
        justification: statement.justification.map(label),
        detail: statement.detail.clone(),
        timestamp: statement.timestamp.map(|moment| moment.to_string()),
    }
}

pub(super) fn read(suppression: wire::Suppression) -> Option<Suppression> {
    Some(match suppression {
        wire::Suppression::Exception {
            id,
            reason,
            expires,
            justification,
            file,
        } => Suppression::Excepted(GrantedException {
            id,
            reason,
            expires: expires.parse().ok()?,
            justification: justification.and_then(|word| word.parse().ok()),
            origin: file,
        }),
        wire::Suppression::Vex(statement) => Suppression::Stated(read_statement(statement)?),
        wire::Suppression::CodeAbsent {
            justification: _,
            advisories,
            looked_for,
            programs,
        } => Suppression::CodeAbsent(AbsentCode {
            advisories,
            looked_for: looked_for
                .into_iter()
                .map(|package| PackageSymbols {
                    package: package.package,
                    symbols: package.symbols,
                })
                .collect(),
            programs: programs
                .into_iter()
                .map(|program| CheckedProgram {
                    path: TargetPath::new(&program.path),
                    layer: program.layer.map(LayerIndex),
                    digest: program.digest.and_then(|digest| digest.parse().ok()),
                    functions: program.functions,
                })
                .collect(),
        }),
        wire::Suppression::Comment { reason, line } => {
            Suppression::Commented(CommentedOut { reason, line })
        }
        wire::Suppression::Other => return None,
    })
}

pub(super) fn read_statement(statement: wire::Statement) -> Option<Statement> {
    Some(Statement {
        document: statement.document,
        author: statement.author,
        status: VexStatus::from_label(&statement.status)?,
        justification: statement.justification.and_then(|word| word.parse().ok()),
        detail: statement.detail,
        timestamp: statement.timestamp.and_then(|text| text.parse().ok()),
    })
}
