//! 3.13's `BasicTestMappingProtocol` (`mapping_tests.py`), as `test_shelve.py` runs it: at every protocol, in memory and on
//! files, here those of every engine.

use halfsour_runtime::Dialect;

use crate::common::mapping;

const DIALECT: Dialect = Dialect::Python3;

#[test]
fn test_read() {
    mapping::read(DIALECT);
}

#[test]
fn test_write() {
    mapping::write(DIALECT);
}

#[test]
fn test_constructor() {
    mapping::constructor(DIALECT);
}

#[test]
fn test_bool() {
    mapping::truth(DIALECT);
}

#[test]
fn test_keys() {
    mapping::listed(DIALECT, "keys");
}

#[test]
fn test_values() {
    mapping::listed(DIALECT, "values");
}

#[test]
fn test_items() {
    mapping::listed(DIALECT, "items");
}

#[test]
fn test_len() {
    mapping::len(DIALECT);
}

#[test]
fn test_getitem() {
    mapping::getitem(DIALECT);
}

#[test]
fn test_update() {
    mapping::update(DIALECT);
}

#[test]
fn test_get() {
    mapping::get(DIALECT);
}

#[test]
fn test_setdefault() {
    mapping::setdefault(DIALECT);
}

#[test]
fn test_popitem() {
    mapping::popitem(DIALECT);
}

#[test]
fn test_pop() {
    mapping::pop(DIALECT);
}
