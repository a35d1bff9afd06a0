//! The tools against what real CPythons say, and against what no CPython would write.

mod cpython;
mod digests;
mod live;
mod load;
mod optimized;
mod random;
mod replay;
mod streams;
