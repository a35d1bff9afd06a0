//! Types from and to pickles and objects.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bytes;
mod classes;
mod hostile;
mod library;
mod limits;
mod live;
mod odd;
mod round_trip;
mod shapes;
mod wild;
