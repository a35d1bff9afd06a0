//! From an object graph to a stream.

mod memo_table;
