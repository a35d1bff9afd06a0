//! `TestCase` of `test_shelve.py`.

use halfsour_runtime::Dialect;

use crate::common::shelves;

const DIALECT: Dialect = Dialect::Python2;

#[test]
fn test_close() {
    shelves::close(DIALECT);
}

#[test]
fn test_ascii_file_shelf() {
    shelves::file_shelf(DIALECT, Some(0));
}

#[test]
fn test_binary_file_shelf() {
    shelves::file_shelf(DIALECT, Some(1));
}

#[test]
fn test_proto2_file_shelf() {
    shelves::file_shelf(DIALECT, Some(2));
}

#[test]
fn test_in_memory_shelf() {
    shelves::in_memory_shelf(DIALECT);
}

#[test]
fn test_mutable_entry() {
    shelves::mutable_entry(DIALECT);
}

#[test]
fn test_writeback_also_writes_immediately() {
    shelves::writeback_also_writes_immediately(DIALECT);
}
