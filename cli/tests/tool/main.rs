//! The tool, as a child process: what each command prints, and what it makes of every file of the corpora.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod child;
mod corpora;
#[path = "../../../tests/denial/files.rs"]
mod files;
mod fixtures;
mod hostile;
mod screenshots;
mod sessions;
mod writing;
