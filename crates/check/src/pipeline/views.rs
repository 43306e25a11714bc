//! Documents are replaced by views of them, which hold what rules look at.

use linchpin_document::Node;

use crate::kind::DocumentFile;

/// Makes the view of a document, with the text that it stands in.
pub(crate) type View = fn(&Node, &str) -> Node;

/// The view of the first document of each file, for systems that read no other.
pub(crate) fn of_first(mut files: Vec<DocumentFile>, view: View) -> Vec<DocumentFile> {
    for file in &mut files {
        file.documents.truncate(1);
    }
    of_each(files, view)
}

/// The views of all documents.
pub(crate) fn of_each(mut files: Vec<DocumentFile>, view: View) -> Vec<DocumentFile> {
    for file in &mut files {
        for document in &mut file.documents {
            *document = view(document, &file.text);
        }
    }
    files
}
