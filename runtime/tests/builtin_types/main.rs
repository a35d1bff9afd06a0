//! The methods and operators of the built-in types, line by line as CPython 2.7.18 has them.

mod evaluator;
mod robust;

#[test]
fn list() {
    evaluator::check(include_str!("tables/list.txt"));
}

#[test]
fn tuple() {
    evaluator::check(include_str!("tables/tuple.txt"));
}

#[test]
fn dict() {
    evaluator::check(include_str!("tables/dict.txt"));
}

#[test]
fn set() {
    evaluator::check(include_str!("tables/set.txt"));
}

#[test]
fn bytearray() {
    evaluator::check(include_str!("tables/bytearray.txt"));
}

#[test]
fn str() {
    evaluator::check(include_str!("tables/str.txt"));
}

#[test]
fn unicode() {
    evaluator::check(include_str!("tables/unicode.txt"));
}

#[test]
fn codecs() {
    evaluator::check(include_str!("tables/codecs.txt"));
}

#[test]
fn range() {
    evaluator::check(include_str!("tables/range.txt"));
}

#[test]
fn iterators() {
    evaluator::check(include_str!("tables/iterators.txt"));
}

#[test]
fn files_in_memory() {
    evaluator::check(include_str!("tables/files_in_memory.txt"));
}

#[test]
fn functions() {
    evaluator::check(include_str!("tables/functions.txt"));
}

#[test]
fn python3() {
    evaluator::check_python3(include_str!("tables/python3.txt"));
}
