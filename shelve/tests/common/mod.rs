//! What the tests share.

#![allow(dead_code, reason = "each test binary uses its part")]

mod directory;

#[cfg(feature = "redis")]
pub(crate) mod cluster;
pub(crate) mod databases;
pub(crate) mod entries;
pub(crate) mod mapping;
pub(crate) mod python;
pub(crate) mod shelves;

#[allow(unused_imports, reason = "each test binary uses its part")]
pub(crate) use directory::{Directory, engines};
