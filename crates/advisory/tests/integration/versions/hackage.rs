//! Haskell's own ordering: `Data.Version` of its base library, run by Hugs, which is a hundredth of
//! the size of a compiler. Cabal's `Version` is compared in the same way, number by number.

use linchpin_model::VersionScheme;

use super::generated::related_pairs;
use super::tools::{ask, assert_same};
use crate::reference_tools::{skip, works};

const PROGRAM: &str = r#"
import Data.Version
import Text.ParserCombinators.ReadP
import System.IO

parse :: String -> Maybe Version
parse text = case [version | (version, "") <- readP_to_S parseVersion text] of
  [version] | null (versionTags version) -> Just version
  _ -> Nothing

answer :: String -> String
answer line = case (parse left, parse (drop 1 right)) of
  (Just one, Just other) -> case compare one other of { LT -> "-1"; EQ -> "0"; GT -> "1" }
  _ -> "invalid"
  where (left, right) = break (== '\t') line

main :: IO ()
main = interact (unlines . map answer . lines)
"#;

#[test]
fn hackage_is_ordered_as_by_haskell() {
    let folder = tempfile::TempDir::new().unwrap();
    let program = folder.path().join("Compare.hs");
    std::fs::write(&program, PROGRAM).unwrap();
    let program = program.display().to_string();
    if !works("sh", &["-c", "runhugs -98 \"$0\" </dev/null", &program]) {
        return skip("hugs");
    }
    // Hugs keeps numbers in 32 bits, and its library reads zeros in front, which Cabal refuses.
    let mut pairs = related_pairs(VersionScheme::Hackage, 40_000);
    pairs.retain(|(left, right)| {
        [left, right].iter().all(|version| {
            version
                .split(|c: char| !c.is_ascii_digit())
                .all(|run| run.len() < 10 && (run.len() < 2 || !run.starts_with('0')))
        })
    });
    pairs.truncate(10_500);
    assert!(pairs.len() > 10_000, "{}", pairs.len());
    // It has little memory.
    let mut theirs = Vec::new();
    for some in pairs.chunks(500) {
        theirs.extend(ask("runhugs", &["-98", &program], some));
    }
    assert_same(VersionScheme::Hackage, &pairs, &theirs);
}
