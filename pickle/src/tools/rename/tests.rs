//! Renamed streams, byte for byte.

use super::rename_globals;
use crate::tools::{Target, genops, globals};

fn table(module: &str, name: &str) -> Option<(String, String)> {
    let (module, name) = match (module, name) {
        ("spam", "Egg") => ("larder", "Egg"),
        ("spam", "Ham") => ("larder", "Bacon"),
        ("spam", "Pea") => ("spam", "Bean"),
        ("old", name) => ("larder", name),
        ("broken", _) => ("a\nb", "c"),
        _ => return None,
    };
    Some((module.to_owned(), name.to_owned()))
}

fn renamed(stream: &[u8]) -> Option<String> {
    let renamed = rename_globals(stream, table).expect("it can be followed")?;
    assert!(genops(&renamed).all(|operation| operation.is_ok()));
    Some(renamed.escape_ascii().to_string())
}

fn targets(stream: &[u8]) -> Vec<String> {
    let found = globals(stream).expect("it can be followed");
    found.reached().map(|it| it.target().to_string()).collect()
}

fn shown(stream: &[u8]) -> Option<String> {
    Some(stream.escape_ascii().to_string())
}

#[test]
fn lines_of_global_and_inst_change() {
    assert_eq!(renamed(b"cspam\nEgg\np0\n."), shown(b"clarder\nEgg\np0\n."));
    assert_eq!(renamed(b"(ispam\nHam\np0\n(dp1\nb."), shown(b"(ilarder\nBacon\np0\n(dp1\nb."));
    assert_eq!(
        renamed(b"\x80\x02cspam\nHam\nq\x00)\x81q\x01.tail"),
        shown(b"\x80\x02clarder\nBacon\nq\x00)\x81q\x01.tail")
    );
    assert_eq!(renamed(b"cspam\nOther\n."), None);
    // The same words as data are no names.
    assert_eq!(renamed(b"(S'spam'\nS'Egg'\nt."), None);
}

#[test]
fn strings_that_are_only_names_change_where_they_stand() {
    let both = b"\x80\x04\x8c\x04spam\x94\x8c\x03Egg\x94\x93\x94h\x00\x8c\x03Ham\x94\x93\x94\x86.";
    let expected =
        b"\x80\x04\x8c\x06larder\x94\x8c\x03Egg\x94\x93\x94h\x00\x8c\x05Bacon\x94\x93\x94\x86.";
    assert_eq!(renamed(both), shown(expected));
    let only_name = b"\x80\x04\x8c\x04spam\x94\x8c\x03Pea\x94\x93\x94.";
    assert_eq!(renamed(only_name), shown(b"\x80\x04\x8c\x04spam\x94\x8c\x04Bean\x94\x93\x94."));
}

#[test]
fn strings_with_other_uses_stay() {
    // The module of another global, which keeps its name.
    let other = b"\x80\x04\x8c\x04spam\x94\x8c\x03Egg\x94\x93\x94h\x00\x8c\x03Jam\x94\x93\x94\x86.";
    let expected = b"\x80\x04\x8c\x04spam\x94\x8c\x03Egg\x9400\x8c\x06larder\x8c\x03Egg\x93\x94\
        h\x00\x8c\x03Jam\x94\x93\x94\x86.";
    assert_eq!(renamed(other), shown(expected));
    assert_eq!(targets(expected), ["larder.Egg", "spam.Jam"]);
    // An item of a tuple.
    let data = b"\x80\x04\x8c\x04spam\x94\x8c\x03Ham\x94\x93\x94h\x01\x86.";
    let expected =
        b"\x80\x04\x8c\x04spam\x94\x8c\x03Ham\x9400\x8c\x06larder\x8c\x05Bacon\x93\x94h\x01\x86.";
    assert_eq!(renamed(data), shown(expected));
    // A name that does not change may have any other use.
    let data = b"\x80\x04\x8c\x04spam\x94\x8c\x03Egg\x94\x93\x94h\x01\x86.";
    let expected = b"\x80\x04\x8c\x06larder\x94\x8c\x03Egg\x94\x93\x94h\x01\x86.";
    assert_eq!(renamed(data), shown(expected));
    // Names in byte strings, as only odd writers make them.
    assert_eq!(
        renamed(b"\x80\x04U\x04spamU\x03Egg\x93."),
        shown(b"\x80\x04U\x04spamU\x03Egg00\x8c\x06larder\x8c\x03Egg\x93.")
    );
}

#[test]
fn one_string_may_be_module_and_name() {
    let stream = b"\x80\x04\x8c\x03old\x94h\x00\x93\x94.";
    let expected = b"\x80\x04\x8c\x03old\x94h\x0000\x8c\x06larder\x8c\x03old\x93\x94.";
    assert_eq!(renamed(stream), shown(expected));
    assert_eq!(targets(expected), ["larder.old"]);
}

#[test]
fn frames_get_their_new_lengths() {
    let stream = b"\x80\x04\x95\x10\0\0\0\0\0\0\0\x8c\x04spam\x94\x8c\x03Egg\x94\x93\x94.";
    assert_eq!(stream[3] as usize, stream.len() - 11);
    let renamed = rename_globals(stream, table).expect("it can be followed").expect("it is there");
    assert_eq!(renamed[3] as usize, renamed.len() - 11);
    assert_eq!(targets(&renamed), ["larder.Egg"]);
    // Two frames: the first grows, the second stays.
    let stream = b"\x80\x04\x95\x0f\0\0\0\0\0\0\0\x8c\x04spam\x94\x8c\x03Egg\x94\x93\x94\
        \x95\x05\0\0\0\0\0\0\0K\x01\x86\x94.";
    let renamed = rename_globals(stream, table).expect("it can be followed").expect("it is there");
    assert_eq!((renamed[3], renamed[11 + 17 + 1]), (17, 5));
}

#[test]
fn extension_codes_and_computed_names_stay() {
    assert_eq!(renamed(b"\x80\x02\x82\x07."), None);
    let stream = b"\x80\x04cspam\nEgg\n\x82\x07\x86.";
    assert_eq!(renamed(stream), shown(b"\x80\x04clarder\nEgg\n\x82\x07\x86."));
    let renamed = rename_globals(stream, table).expect("it can be followed").expect("it is there");
    let found = globals(&renamed).expect("it can be followed");
    assert!(found.reached().any(|it| *it.target() == Target::Extension(7)));
}

#[test]
fn what_cannot_be_done_is_an_error() {
    let error = rename_globals(b"cbroken\nc\n.", table).expect_err("a line break");
    assert_eq!(error.to_string(), "at offset 0, GLOBAL: a new name has a line break");
    assert!(rename_globals(b"cspam\nEgg\n", table).is_err());
    assert!(rename_globals(b"0.", table).is_err());
}
