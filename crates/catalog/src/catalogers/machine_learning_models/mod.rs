//! Machine-learning models: GGUF, SafeTensors, ONNX, and pickles of PyTorch and others.
//!
//! Only the beginnings of files are read: a model of many gigabytes says at its start what it is.
//! A pickle is a program; it is never run, but what it imports is looked at, and told where a model
//! has no need of it. What lies in the cache of Hugging Face is known by repository and commit.

mod gguf;
mod onnx;
mod pickle;
mod safetensors;

use linchpin_model::{
    CatalogerId, LicenseExpression, Note, NoteKind, OccurrenceKind, Package, PackageUrl, TargetPath,
};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::yaml::read_documents;

pub(super) static CATALOGER: MachineLearningModels = MachineLearningModels;

pub(super) struct MachineLearningModels;

/// How much is read of a file.
const HEAD: u32 = 1 << 20;

/// What a file says of its model.
#[derive(Default)]
pub(super) struct Model {
    name: Option<String>,
    version: Option<String>,
    license: Option<LicenseExpression>,
    author: Option<String>,
    description: Option<String>,
    /// Where it comes from.
    download: Option<String>,
    /// Imports that a model has no need of.
    suspicious: Vec<String>,
    /// Whether this file alone is not known to be a model.
    is_doubtful: bool,
}

impl Cataloger for MachineLearningModels {
    type Fragment = Model;
    const ID: CatalogerId = CatalogerId("machine-learning-models");
    const DOCUMENTATION: &'static str = "Reads the beginnings of machine-learning models: GGUF, SafeTensors, ONNX, pickles \
        of PyTorch, joblib and others. Models in the cache of Hugging Face are `huggingface` packages in the version of \
        their commit, others `generic` ones. Pickles are not run; imports of theirs that no model needs, such as \
        `os.system`, are told as notes. Weights are not looked at.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Head(&Pattern::Suffix(".gguf"), HEAD),
        Pattern::Head(&Pattern::Suffix(".safetensors"), HEAD),
        Pattern::Head(&Pattern::Suffix(".onnx"), HEAD),
        Pattern::Head(&Pattern::Suffix(".pt"), HEAD),
        Pattern::Head(&Pattern::Suffix(".pth"), HEAD),
        Pattern::Head(&Pattern::Suffix(".ckpt"), HEAD),
        Pattern::Head(&Pattern::Suffix(".joblib"), HEAD),
        Pattern::Head(&Pattern::Suffix(".pkl"), HEAD),
        Pattern::Head(&Pattern::Suffix(".pickle"), HEAD),
        Pattern::Head(&Pattern::Name("pytorch_model.bin"), HEAD),
        Pattern::Head(&Pattern::Glob("**/pytorch_model-*.bin"), HEAD),
        Pattern::Head(&Pattern::Glob("**/models--*/snapshots/*/README.md"), HEAD),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Model> {
        let head = entry.content;
        let name = entry.path.name();
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let read = match ending {
            "md" => return read_card(head),
            "gguf" => gguf::read(head),
            "safetensors" => safetensors::read(head, entry.size),
            "onnx" => onnx::read(head),
            _ => match pickle::read(head) {
                // Files with these endings are many things.
                None => return Parsed::not_mine(),
                Some(mut model) => {
                    model.is_doubtful = matches!(ending, "pkl" | "pickle");
                    Ok(model)
                }
            },
        };
        match read {
            Ok(model) => Parsed::clean(model),
            Err(problem) => Parsed::failed(problem),
        }
    }

    fn assemble(fragments: Vec<Located<Model>>, assembly: &mut Assembly<'_>) {
        for fragment in fragments {
            let Located { path, layer, value } = fragment;
            if !value.suspicious.is_empty() {
                assembly.inventory.note(Note::at(
                    NoteKind::Inconsistent,
                    &path,
                    layer,
                    format!(
                        "imports {} when it is loaded, which a model has no need of",
                        value.suspicious.join(", ")
                    ),
                ));
            }
            let Some(purl) = package_url(&path, &value) else {
                continue;
            };
            let place = Located {
                path,
                layer,
                value: (),
            };
            let occurrence = place.occurrence(OccurrenceKind::Installed, Self::ID);
            let mut package = Package::new(purl, occurrence);
            package.license = value.license;
            package.supplier = value.author;
            package.description = value.description;
            package.download = value.download;
            assembly.inventory.add(package);
        }
    }
}

fn package_url(path: &TargetPath, model: &Model) -> Option<PackageUrl> {
    if let Some((repository, commit)) = cached_repository(path) {
        // `models--owner--name`; models of old have no owner.
        let (owner, name) = match repository.split_once("--") {
            Some((owner, name)) => (Some(owner), name),
            None => (None, repository),
        };
        return PackageUrl::new("huggingface", owner, name, Some(&commit.to_lowercase())).ok();
    }
    if model.is_doubtful {
        return None;
    }
    let name = model.name.clone().unwrap_or_else(|| name_of_file(path));
    PackageUrl::new("generic", None, &name, model.version.as_deref()).ok()
}

/// Repository and commit of a file in the cache of Hugging Face:
/// `models--owner--name/snapshots/<commit>/model.safetensors`.
fn cached_repository(path: &TargetPath) -> Option<(&str, &str)> {
    let parts: Vec<&str> = path.parts().collect();
    parts.windows(3).find_map(|window| match window {
        [repository, "snapshots", commit] => Some((repository.strip_prefix("models--")?, *commit)),
        _ => None,
    })
}

/// What a model without a name is called: after its file, or its folder where the file's name says
/// nothing.
fn name_of_file(path: &TargetPath) -> String {
    let name = path.name();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    // One of several parts: `model-00001-of-00003`.
    let stem = match stem.rsplit_once("-of-") {
        Some((rest, total)) if total.bytes().all(|byte| byte.is_ascii_digit()) => {
            rest.rsplit_once('-').map_or(rest, |(stem, _)| stem)
        }
        _ => stem,
    };
    let says_nothing = [
        "model",
        "pytorch_model",
        "adapter_model",
        "diffusion_pytorch_model",
        "weights",
    ];
    let folder = path.parent();
    if says_nothing.contains(&stem) && !folder.is_root() {
        return folder.name().to_owned();
    }
    stem.to_owned()
}

/// The licence in the front matter of a model card:
/// <https://huggingface.co/docs/hub/model-cards#model-card-metadata>.
fn read_card(head: &[u8]) -> Parsed<Model> {
    let text = String::from_utf8_lossy(head);
    let Some((front, _)) = text
        .strip_prefix("---\n")
        .and_then(|text| text.split_once("\n---"))
    else {
        return Parsed::not_mine();
    };
    match read_documents(front) {
        Ok(documents) => {
            let license = documents
                .first()
                .and_then(|document| document.get("license"));
            let license = license.and_then(|license| license.text());
            Parsed::clean(Model {
                license: license.and_then(|text| LicenseExpression::parse(text).ok()),
                ..Model::default()
            })
        }
        Err(problem) => Parsed::failed(problem),
    }
}

/// A text that is short and of one line.
fn line(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty() && text.len() <= 500 && !text.contains('\n')).then(|| text.to_owned())
}

/// An address that can be shown.
fn address(text: &str) -> Option<String> {
    line(text).filter(|text| text.starts_with("https://") && !text.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_called_after_what_says_most() {
        let name = |path: &str| name_of_file(&TargetPath::new(path));
        assert_eq!(name("m/tiny-q4.gguf"), "tiny-q4");
        assert_eq!(name("bert/model-00001-of-00003.safetensors"), "bert");
        assert_eq!(name("model.onnx"), "model");
        let path = TargetPath::new("hub/models--google--bert/snapshots/ab12/model.safetensors");
        assert_eq!(
            package_url(&path, &Model::default()).unwrap().as_str(),
            "pkg:huggingface/google/bert@ab12"
        );
    }
}
