//! The guide: how to do what Halfsour is for, a chapter for each part.
//!
//! 1. [Embedding in ten minutes](embedding): a runtime, objects, exceptions, functions.
//! 2. [Classes](classes): as a `class` statement, classic ones, and Rust types.
//! 3. [Pickles you did not write](unknown): of another program, of another Python, of numpy and PyTorch.
//! 4. [Security](security): pickles of strangers.
//! 5. [Shelves](shelves): objects on disk, and on servers.
//! 6. [Performance](performance): what a program can do to be fast.
//!
//! Beside it are a [comparison](super::comparison) with other libraries, and a page for those who
//! [come from serde-pickle](super::coming_from_serde_pickle).

#[doc = include_str!("../docs/guide/embedding.md")]
pub mod embedding {}

#[doc = include_str!("../docs/guide/classes.md")]
pub mod classes {}

#[doc = include_str!("../docs/guide/unknown.md")]
pub mod unknown {}

#[doc = include_str!("../docs/guide/security.md")]
pub mod security {}

#[doc = include_str!("../docs/guide/shelves.md")]
pub mod shelves {}

#[doc = include_str!("../docs/guide/performance.md")]
pub mod performance {}
