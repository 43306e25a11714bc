//! The predictions of exploitation that FIRST publishes every day, as EPSS:
//! <https://www.first.org/epss/data_stats>.
//!
//! The file is `epss_scores-YYYY-MM-DD.csv`, mostly compressed as `.csv.gz`: a comment line
//! `#model_version:v2025.03.14,score_date:2026-08-25T12:55:00Z`, a line of headings
//! `cve,epss,percentile`, and one line for each CVE id.

use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use linchpin_model::ExploitPrediction;

use crate::database::CveNumber;

/// The file of 2026 has some 300,000 lines and 12 megabytes.
const MAX_SIZE: u64 = 512 << 20;
const MAX_LINE: u64 = 4096;
const MAX_FLAWS: usize = 5_000_000;

/// How likely each flaw is to be used in attacks soon, by CVE id.
#[derive(Debug, Clone, Default)]
pub struct ExploitPredictions {
    model: Option<String>,
    day: Option<String>,
    /// Sorted, each id once.
    flaws: Vec<(CveNumber, ExploitPrediction)>,
    passed_over: u64,
}

/// Why the predictions could not be read.
#[derive(Debug, thiserror::Error)]
pub enum PredictionsError {
    /// The file could not be read, or is no gzip file where it begins like one.
    #[error("could not read the predictions of exploitation")]
    Unreadable(#[source] io::Error),
    /// It is over the limit.
    #[error("the predictions of exploitation are over the limit for {0}")]
    TooLarge(&'static str),
    /// It has another shape.
    #[error(
        "it is no file of predictions as FIRST publishes them: there is no line `cve,epss,percentile`"
    )]
    NotPredictions,
}

impl ExploitPredictions {
    /// Reads the file, compressed or not. Lines that are no prediction are counted and passed
    /// over.
    pub fn read(reader: impl Read) -> Result<Self, PredictionsError> {
        let mut reader = BufReader::new(reader);
        let start = reader.fill_buf().map_err(PredictionsError::Unreadable)?;
        if start.starts_with(&[0x1f, 0x8b]) {
            Self::read_text(BufReader::new(MultiGzDecoder::new(reader)))
        } else {
            Self::read_text(reader)
        }
    }

    fn read_text(reader: impl BufRead) -> Result<Self, PredictionsError> {
        let mut reader = reader.take(MAX_SIZE);
        let mut predictions = Self::default();
        let mut seen_headings = false;
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = (&mut reader)
                .take(MAX_LINE)
                .read_until(b'\n', &mut line)
                .map_err(PredictionsError::Unreadable)?;
            if read == 0 {
                break;
            }
            let text = str::from_utf8(&line).unwrap_or_default().trim();
            if let Some(comment) = text.strip_prefix('#') {
                predictions.take_comment(comment);
            } else if !seen_headings {
                if !text.eq_ignore_ascii_case("cve,epss,percentile") {
                    return Err(PredictionsError::NotPredictions);
                }
                seen_headings = true;
            } else if !text.is_empty() {
                match prediction(text) {
                    Some(flaw) => predictions.flaws.push(flaw),
                    None => predictions.passed_over += 1,
                }
                if predictions.flaws.len() > MAX_FLAWS {
                    return Err(PredictionsError::TooLarge("the number of flaws"));
                }
            }
        }
        if reader.limit() == 0 {
            return Err(PredictionsError::TooLarge("size"));
        }
        if !seen_headings {
            return Err(PredictionsError::NotPredictions);
        }
        // Of several lines with one id, the first counts.
        predictions.flaws.sort_by_key(|(flaw, _)| *flaw);
        predictions.flaws.dedup_by_key(|(flaw, _)| *flaw);
        Ok(predictions)
    }

    fn take_comment(&mut self, comment: &str) {
        for part in comment.split(',') {
            match part.split_once(':') {
                Some(("model_version", version)) => {
                    self.model = Some(
                        version
                            .chars()
                            .filter(char::is_ascii_graphic)
                            .take(40)
                            .collect(),
                    );
                }
                Some(("score_date", date)) => {
                    let day = date.get(..10).unwrap_or(date);
                    self.day = day
                        .parse::<jiff::civil::Date>()
                        .ok()
                        .map(|day| day.to_string());
                }
                _ => {}
            }
        }
    }

    /// The version of the model, such as `v2025.03.14`.
    pub fn model(&self) -> Option<&str> {
        self.model.as_deref()
    }

    /// The day for which it predicts, such as `2026-08-25`.
    pub fn day(&self) -> Option<&str> {
        self.day.as_deref()
    }

    /// The number of flaws in it.
    pub fn len(&self) -> usize {
        self.flaws.len()
    }

    /// Whether it predicts nothing.
    pub fn is_empty(&self) -> bool {
        self.flaws.is_empty()
    }

    /// The number of lines that were no prediction.
    pub fn passed_over(&self) -> u64 {
        self.passed_over
    }

    /// What it says, in the order of the ids.
    pub(crate) fn flaws(&self) -> &[(CveNumber, ExploitPrediction)] {
        &self.flaws
    }
}

/// `CVE-2021-44228,0.94358,0.99957`.
fn prediction(line: &str) -> Option<(CveNumber, ExploitPrediction)> {
    let mut fields = line.split(',');
    let flaw = CveNumber::parse(fields.next()?.trim())?;
    let probability = parts(fields.next()?)?;
    let percentile = parts(fields.next()?)?;
    Some((flaw, ExploitPrediction::new(probability, percentile)?))
}

/// A share of one as an integer. Some days write small ones as `9e-05`.
fn parts(text: &str) -> Option<u32> {
    let share: f64 = text.trim().parse().ok()?;
    #[expect(
        clippy::cast_sign_loss,
        reason = "the range is checked in the same breath"
    )]
    (0.0..=1.0)
        .contains(&share)
        .then(|| (share * f64::from(ExploitPrediction::WHOLE)).round() as u32)
}

/// Where a mirror keeps the predictions: in the folder itself, in its `epss` folder, or in an
/// `epss` folder beside it. Of several days, the last.
pub fn find_predictions(folder: &Path) -> Option<PathBuf> {
    [
        folder.to_owned(),
        folder.join("epss"),
        folder.join("..").join("epss"),
    ]
    .into_iter()
    .find_map(|folder| {
        fs::read_dir(folder)
            .ok()?
            .filter_map(Result::ok)
            .filter_map(|entry| entry.file_name().into_string().ok().zip(Some(entry.path())))
            .filter(|(name, path)| {
                name.strip_prefix("epss_scores-")
                    .and_then(|rest| {
                        rest.strip_suffix(".gz")
                            .unwrap_or(rest)
                            .strip_suffix(".csv")
                    })
                    .is_some_and(|day| day == "current" || day.parse::<jiff::civil::Date>().is_ok())
                    && path.is_file()
            })
            .max()
            .map(|(_, path)| path)
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    const TEXT: &str = "#model_version:v2025.03.14,score_date:2026-08-25T12:55:00Z\n\
        cve,epss,percentile\n\
        CVE-2021-44228,0.94358,0.99957\n\
        CVE-1999-0001,9e-05,0.00512\n\
        CVE-2020-1,1.5,0.1\n\
        no line\n\
        CVE-2021-44228,0.1,0.1\n";

    #[test]
    fn lines_become_integers_and_strange_ones_are_counted() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(TEXT.as_bytes()).unwrap();
        for bytes in [TEXT.as_bytes().to_vec(), packed.finish().unwrap()] {
            let predictions = ExploitPredictions::read(bytes.as_slice()).unwrap();
            assert_eq!(predictions.model(), Some("v2025.03.14"));
            assert_eq!(predictions.day(), Some("2026-08-25"));
            assert_eq!(predictions.passed_over(), 2);
            let told: Vec<(String, u32, u32)> = predictions
                .flaws()
                .iter()
                .map(|(flaw, told)| (flaw.to_string(), told.probability, told.percentile))
                .collect();
            assert_eq!(
                told,
                [
                    ("CVE-1999-0001".to_owned(), 9, 512),
                    ("CVE-2021-44228".to_owned(), 94358, 99957)
                ]
            );
        }
    }

    #[test]
    fn something_else_is_refused() {
        for wrong in [&b""[..], b"a,b,c\n", b"{}", b"#model_version:x\n"] {
            assert!(matches!(
                ExploitPredictions::read(wrong),
                Err(PredictionsError::NotPredictions)
            ));
        }
        assert!(matches!(
            ExploitPredictions::read(&b"\x1f\x8bnonsense"[..]),
            Err(PredictionsError::Unreadable(_))
        ));
    }
}
