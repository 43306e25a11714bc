//! Scores of CVSS vectors: the examples of FIRST's documents, and the answers of Red Hat's
//! calculator for thousands of vectors.

use linchpin_advisory::cvss::{CvssVersion, base_score};
use proptest::prelude::Strategy as _;
use proptest::strategy::{BoxedStrategy, ValueTree as _};
use proptest::test_runner::TestRunner;

use crate::reference_tools::{answers, python, skip, works};

/// From the user guides and example documents at <https://www.first.org/cvss/>.
const EXAMPLES: &[(&str, u8)] = &[
    // Version 2.0, section 3.3 of its guide.
    ("AV:N/AC:L/Au:N/C:N/I:N/A:C", 78),
    ("AV:N/AC:L/Au:N/C:C/I:C/A:C", 100),
    ("AV:L/AC:H/Au:N/C:C/I:C/A:C", 62),
    // Versions 3.0 and 3.1, their documents of examples.
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 61),
    ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 64),
    ("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 31),
    ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H", 99),
    ("CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L", 42),
    ("CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 88),
    ("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 75),
    ("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 98),
    ("CVSS:3.0/AV:N/AC:H/PR:N/UI:N/S:C/C:N/I:H/A:N", 68),
    ("CVSS:3.0/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 68),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H", 96),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 100),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0),
    // Version 4.0, its document of examples.
    (
        "CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
        73,
    ),
    (
        "CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
        77,
    ),
    (
        "CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N",
        83,
    ),
    (
        "CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N",
        46,
    ),
    (
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:A/VC:N/VI:N/VA:N/SC:L/SI:L/SA:N",
        51,
    ),
    (
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:N/SC:N/SI:N/SA:N",
        69,
    ),
    (
        "CVSS:4.0/AV:L/AC:L/AT:N/PR:H/UI:N/VC:N/VI:N/VA:N/SC:H/SI:N/SA:N",
        59,
    ),
    (
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N",
        87,
    ),
    (
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H",
        100,
    ),
    (
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N",
        0,
    ),
    // A vector of version 4.0 that states how mature the exploit is has one score, with it.
    (
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:N/SC:N/SI:N/SA:N/E:P",
        77,
    ),
];

#[test]
fn the_documents_examples_have_their_scores() {
    for (vector, tenths) in EXAMPLES {
        let score = base_score(vector).unwrap();
        assert_eq!(score.tenths, *tenths, "{vector}");
        let version = match vector.get(..8).unwrap() {
            "CVSS:3.0" => CvssVersion::V3_0,
            "CVSS:3.1" => CvssVersion::V3_1,
            "CVSS:4.0" => CvssVersion::V4,
            _ => CvssVersion::V2,
        };
        assert_eq!(score.version, version, "{vector}");
    }
}

#[test]
fn version_2_is_read_in_all_its_forms() {
    let plain = "AV:N/AC:L/Au:N/C:P/I:P/A:P";
    let forms = [
        plain.to_owned(),
        format!("({plain})"),
        format!(" CVSS:2.0/{plain}\n"),
        format!("{plain}/E:POC/RL:OF/RC:C"),
    ];
    for form in forms {
        let score = base_score(&form).unwrap();
        assert_eq!((score.tenths, score.version), (75, CvssVersion::V2));
        assert_eq!(score.version.label(), "2.0");
    }
}

#[test]
fn what_is_no_vector_is_refused() {
    let long = format!("CVSS:3.1/{}", "AV:N/".repeat(1000));
    let wrong = [
        "",
        "/",
        "CVSS:3.1",
        "CVSS:3.1/",
        "CVSS:3.1//",
        "CVSS:3.2/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "CVSS:5.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H",
        "CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "AV:N/AC:L/Au:N/C:P/I:P",
        "(AV:N/AC:L/Au:N/C:P/I:P/A:P",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H",
        "9.8",
        "HIGH",
        &long,
    ];
    for vector in wrong {
        let error = base_score(vector).unwrap_err();
        assert!(error.vector.len() <= 100, "{vector}");
    }
}

#[test]
fn no_text_makes_the_score_panic() {
    let mut runner = TestRunner::deterministic();
    let vectors: Vec<_> = versions().into_iter().map(|(_, vectors)| vectors).collect();
    let noise = proptest::string::string_regex(r"[A-Z:/.0-9]{0,8}\PC{0,3}").unwrap();
    for index in 0..3000 {
        let vectors = &vectors[index % vectors.len()];
        let vector = vectors.new_tree(&mut runner).unwrap().current();
        let noise = noise.new_tree(&mut runner).unwrap().current();
        let cut = index % (vector.len() + 1);
        let _ = base_score(&noise);
        let _ = base_score(&format!("{}{noise}{}", &vector[..cut], &vector[cut..]));
        let _ = base_score(&format!("{}{noise}", &vector[..cut]));
    }
}

#[test]
fn scores_are_those_of_red_hats_calculator() {
    let script = r"
import sys
from cvss import CVSS2, CVSS3, CVSS4
for line in sys.stdin:
    vector = line.strip()
    kind = CVSS4 if vector.startswith('CVSS:4') else CVSS3 if vector.startswith('CVSS:3') else CVSS2
    print(kind(vector).base_score)
";
    if !works(python(), &["-c", script]) {
        return skip("Python with Red Hat's cvss");
    }
    let mut runner = TestRunner::deterministic();
    for (version, vectors) in versions() {
        let vectors: Vec<String> = (0..3000)
            .map(|_| vectors.new_tree(&mut runner).unwrap().current())
            .collect();
        let theirs = answers(python(), &["-c", script], &vectors);
        for (vector, theirs) in vectors.iter().zip(theirs) {
            let ours = base_score(vector).unwrap();
            let tenths = ours.tenths;
            assert_eq!(
                format!("{}.{}", tenths / 10, tenths % 10),
                theirs,
                "{vector}"
            );
            assert_eq!(ours.version, version, "{vector}");
        }
    }
}

/// Vectors of each version, about half of them with metrics that are not of the base.
fn versions() -> Vec<(CvssVersion, BoxedStrategy<String>)> {
    let base_3 = "AV:[NALP]/AC:[LH]/PR:[NLH]/UI:[NR]/S:[UC]/C:[HLN]/I:[HLN]/A:[HLN]";
    let rest_3 = "(/E:[XHFPU]/RL:[XUWTO]/RC:[XCRU])?(/CR:[XHML]/IR:[XHML]/AR:[XHML])?(/MAV:[XNALP]/MPR:[XNLH]/MS:[XUC]/MC:[XHLN])?";
    let base_4 = "AV:[NALP]/AC:[LH]/AT:[NP]/PR:[NLH]/UI:[NPA]/VC:[HLN]/VI:[HLN]/VA:[HLN]/SC:[HLN]/SI:[HLN]/SA:[HLN]";
    let rest_4 = "(/E:[XAPU])?(/CR:[XHML]/IR:[XHML]/AR:[XHML])?(/MAV:[XNALP]/MAC:[XLH]/MAT:[XNP]/MPR:[XNLH]/MUI:[XNPA]/MVC:[XHLN]/MVI:[XHLN]/MVA:[XHLN]/MSC:[XHLN]/MSI:[XSHLN]/MSA:[XSHLN])?(/S:[XNP]/AU:[XNY]/R:[XAUI]/V:[XDC]/RE:[XLMH]/U:(X|Clear|Green|Amber|Red))?";
    let shapes = [
        (
            CvssVersion::V2,
            "AV:[LAN]/AC:[HML]/Au:[MSN]/C:[NPC]/I:[NPC]/A:[NPC](/E:(U|POC|F|H|ND)/RL:(OF|TF|W|U|ND)/RC:(UC|UR|C|ND))?".to_owned(),
        ),
        (CvssVersion::V3_0, format!("CVSS:3\\.0/{base_3}{rest_3}")),
        (CvssVersion::V3_1, format!("CVSS:3\\.1/{base_3}{rest_3}")),
        (CvssVersion::V4, format!("CVSS:4\\.0/{base_4}{rest_4}")),
    ];
    shapes
        .into_iter()
        .map(|(version, shape)| {
            (
                version,
                proptest::string::string_regex(&shape).unwrap().boxed(),
            )
        })
        .collect()
}
