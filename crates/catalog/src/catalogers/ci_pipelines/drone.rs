//! Drone and Woodpecker: every step is an image:
//! <https://docs.drone.io/pipeline/docker/overview/>, <https://woodpecker-ci.org/docs/usage/workflow-syntax>.

use linchpin_model::Scope;

use super::{each_object, text_of};
use crate::documents::json::Loose;
use crate::references::References;

pub(super) fn read(documents: &[Loose<'_>], references: &mut References) {
    for document in documents {
        for part in ["steps", "services", "pipeline", "clone"] {
            let Some(part) = document.get(part) else {
                continue;
            };
            each_object(part, &mut |object| {
                if let Some(image) = text_of(object, "image") {
                    references.add_image(image, Scope::Build);
                }
            });
        }
    }
}
