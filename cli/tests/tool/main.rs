//! The tool, as a child process: what each command prints, and what it makes of every file of the corpora.

mod child;
mod corpora;
#[path = "../../../tests/denial/files.rs"]
mod files;
mod fixtures;
mod hostile;
mod screenshots;
mod sessions;
mod writing;
