//! What the tests and benches share: the corpora of pickles that real CPythons wrote (or refused), the graphs that
//! those pickles mean, and the CPythons installed on this machine.
//!
//! A corpus is a folder with `golden/*.jsonl`, `bad/*.jsonl` and `wild/*.jsonl` (each perhaps compressed, `.jsonl.gz`). The
//! repository has one, `tests/data`; [`folder::corpora`] adds those that the environment variable `HALFSOUR_CORPUS`
//! names. Nothing here knows a case by its name.

mod bad;
pub mod bench_classes;
pub mod by_module;
pub mod classes;
mod cross;
mod describe;
mod description;
mod error;
mod expression;
pub mod folder;
mod golden;
mod json_lines;
mod library;
mod listed;
mod make;
pub mod pickling;
pub mod python;
mod report;
mod stream;
mod wild;

pub use bad::{BadInput, Outcome};
pub use cross::CrossLine;
pub use describe::{describe, describe_sorted, same_strings};
pub use description::{Description, Descriptions, canonical_text};
pub use error::{CorpusError, Result};
pub use expression::{Expression, Recipe, Recipes};
pub use golden::{GoldenLine, Options, Redump, Refusal};
pub use listed::{Listed, listed};
pub use make::make;
pub use report::Failures;
pub use stream::{decode_base64, encode_base64};
pub use wild::{WildBuffer, WildFile, WildStream, wild_manifests};
