//! Small streams, and hostile ones.

use super::{Globals, Incomplete, Target, Use, globals, globals_from, globals_of_all};

/// The uses, as `module.name use`, in the order of the stream.
fn uses(stream: &[u8]) -> Vec<String> {
    listed(&globals(stream).expect("a sound stream"))
}

fn listed(globals: &Globals) -> Vec<String> {
    globals.events().map(|event| format!("{} {:?}", event.target, event.usage)).collect()
}

fn fault(stream: &[u8]) -> Incomplete {
    globals(stream).expect_err("a stream that cannot be followed")
}

#[test]
fn a_stream_without_globals_reaches_nothing() {
    assert!(uses(b"\x80\x02]q\x00(K\x01U\x02abe.").is_empty());
}

#[test]
fn a_classic_instance() {
    let text = b"(i__main__\nC\np0\n(dp1\nS'x'\np2\nI1\nsb.";
    let expected = ["__main__.C Referenced", "__main__.C Instantiated", "__main__.C GivenState"];
    assert_eq!(uses(text), expected);
    assert_eq!(uses(b"(c__main__\nC\nq\x00oq\x01}q\x02b."), expected);
}

#[test]
fn an_object_of_protocol_2() {
    assert_eq!(
        uses(b"\x80\x02c__main__\nC\nq\x00)\x81q\x01}q\x02b."),
        ["__main__.C Referenced", "__main__.C Instantiated", "__main__.C GivenState"]
    );
}

#[test]
fn a_reconstructed_object_is_one_of_its_class() {
    assert_eq!(
        uses(b"ccopy_reg\n_reconstructor\n(c__main__\nC\nc__builtin__\nobject\nNtR}b."),
        [
            "copy_reg._reconstructor Referenced",
            "__main__.C Referenced",
            "__builtin__.object Referenced",
            "copy_reg._reconstructor Called",
            "__main__.C Instantiated",
            "__main__.C GivenState",
        ]
    );
}

#[test]
fn names_on_the_stack_are_followed() {
    // Both names come out of the memo, one of them through DUP and POP.
    let stream = b"\x80\x04(\x8c\x02os\x94\x8c\x06system\x94202h\x001\x8c\x01xh\x00h\x01\x93)R.";
    assert_eq!(uses(stream), ["os.system Referenced", "os.system Called"]);
}

#[test]
fn each_global_is_reported_once() {
    let found = globals(b"\x80\x04\x8c\x01m\x8c\x01n\x93cm\nn\n0V\\u006d\nU\x01n\x93\x86.");
    let found = found.expect("a sound stream");
    assert_eq!(found.reached().count(), 1);
    assert_eq!(found.events().count(), 3);
    assert!(found.is_resolved());
}

#[test]
fn what_cannot_be_told_is_reported() {
    // The name is what a call returns.
    let found = globals(b"\x8c\x02os\x8c\x08builtins\x8c\x03chr\x93K\x41\x85R\x93.");
    let found = found.expect("a sound stream");
    assert!(!found.is_resolved());
    let unresolved = found.reached().last().expect("two things").target().clone();
    assert_eq!(unresolved, Target::Unresolved { module: Some("os".into()), name: None });
    for stream in
        [&b"NN\x93."[..], b"C\x02os\x8c\x01x\x93.", b"U\x01\xffU\x01x\x93.", b"c\xff\nx\n."]
    {
        assert!(!globals(stream).expect("a sound stream").is_resolved(), "{stream:?}");
    }
}

#[test]
fn extensions_and_persistent_ids_are_reported() {
    let found =
        globals(b"\x82\x05)R\x83\x05\x00\x84\xff\xff\xff\xffPid\nK\x01Q((t.").expect("sound");
    assert_eq!(
        listed(&found),
        [
            "extension code 5 Referenced",
            "extension code 5 Called",
            "extension code 5 Referenced",
            "extension code -1 Referenced",
            "an object with a persistent id Referenced",
            "an object with a persistent id Referenced",
        ]
    );
    assert_eq!(found.persistent_ids(), 2);
}

#[test]
fn results_that_are_called_and_globals_that_are_changed() {
    assert_eq!(
        uses(b"cfunctools\npartial\n(cos\nsystem\nS'ls'\ntR)R."),
        [
            "functools.partial Referenced",
            "os.system Referenced",
            "functools.partial Called",
            "functools.partial ResultCalled",
        ]
    );
    assert_eq!(uses(b"cos\nenviron\nS'a'\nS'b'\ns.")[1..], ["os.environ Altered"]);
    assert_eq!(uses(b"cm\nC\n}b.")[1..], ["m.C Altered"]);
    assert_eq!(uses(b"cm\nC\n)R(NNu.")[2..], ["m.C GivenItems"]);
}

#[test]
fn an_error_has_what_was_found_before() {
    let incomplete = fault(b"cos\nsystem\n(S'ls'\ntR");
    assert_eq!(incomplete.to_string(), "at offset 20: the stream ends before STOP");
    assert_eq!(listed(incomplete.found()), ["os.system Referenced", "os.system Called"]);
}

#[test]
fn misuse_of_stack_and_memo_is_an_error() {
    for (stream, message) in [
        (&b"R."[..], "it takes more objects than are on the stack"),
        (b"N(R.", "it takes objects from below a mark"),
        (b"NN(R.", "it takes objects from below a mark"),
        (b"t.", "no MARK is on the stack"),
        (b"g1\n.", "nothing was stored under this memo key"),
        (b"(o.", "there is no class behind the mark"),
        (b"N)R.", "what it calls is neither a global nor made by one"),
        (b"Np01\n.", "the memo key '01' is not the same to all Pythons"),
        (b".", "it takes more objects than are on the stack"),
    ] {
        assert_eq!(fault(stream).error().message(), message, "{stream:?}");
    }
    let two = fault(b"cm\nn\np1\n]q\x01g1\n.");
    let message = "two objects were stored under this memo key, one by text and one in binary";
    assert_eq!(two.error().message(), message);
    // The one that was stored last is what all push.
    assert!(globals(b"cm\nn\np1\n]q\x01h\x01.").is_ok());
}

#[test]
fn pickles_behind_each_other() {
    let stream = b"cm\nC\np0\n.cm\nD\np1\n.g0\n)\x81.";
    let second = globals_from(stream, globals(stream).expect("sound").end()).expect("sound");
    assert_eq!(listed(&second), ["m.D Referenced"]);
    assert_eq!(second.events().next().expect("an event").offset, 9);
    assert_eq!(globals_from(stream, second.end()).expect_err("no memo").error().offset(), 18);
    let all = globals_of_all(stream).expect("one memo");
    assert_eq!(listed(&all), ["m.C Referenced", "m.D Referenced", "m.C Instantiated"]);
    assert_eq!(all.end(), stream.len());
}

#[test]
fn a_policy_is_asked_about_each_use() {
    let found = globals(b"cm\nC\n)R}b.").expect("a sound stream");
    let refused = found.refused_by(|_, usage| usage != Use::GivenState);
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].to_string(), "m.C has an object given state by BUILD at offset 8");
    let uses: Vec<Use> = found.reached().flat_map(|it| it.uses().iter()).collect();
    assert_eq!(uses, [Use::Referenced, Use::Called, Use::GivenState]);
    assert_eq!(found.end(), 10);
}
