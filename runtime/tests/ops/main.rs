//! Operations over any object. The texts and orders expected here were printed by CPython 2.7.18.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod comparing;
mod every_pair;
mod items;
mod numbers;
mod sequences;
mod showing;
mod support;
