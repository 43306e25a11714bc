//! Charts of Helm, rendered and checked: a template, helpers, and values.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_check::kinds;
use linchpin_fuzz::checking::{check, parts};

fuzz_target!(|bytes: &[u8]| {
    let Some(kind) = kinds::find("kubernetes") else {
        return;
    };
    let [template, values, helpers] = parts(bytes);
    check(
        kind,
        &[
            (
                "chart/Chart.yaml",
                b"apiVersion: v2\nname: chart\nversion: 1.0.0\n",
            ),
            ("chart/templates/_helpers.tpl", helpers),
            ("chart/templates/resource.yaml", template),
            ("chart/values.yaml", values),
        ],
    );
});
