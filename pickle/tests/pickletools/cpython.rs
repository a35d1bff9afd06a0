//! The tests of CPython 3.13's `test_pickletools.py`, under their names: `GenopsTests`, `DisTests`, and of
//! `OptimizedPickleTests` those that are its own.
//!
//! `MiscTestCase.test__all__` is about what Python's module exports. Three tests are about files that cannot tell where
//! they are; our tools always know the offset, and the tests see to that.

use halfsour_pickle::tools::{self, Disassembler};
use halfsour_pickle::{Opcode, Pickler, loads};
use halfsour_runtime::{Context, Dialect, List, Result, Runtime, Unicode, Value};

mod optimized_pickle_tests {
    use super::*;

    #[test]
    fn test_optimize_long_binget() {
        let mut runtime = Runtime::python3();
        for protocol in 0..=halfsour_pickle::HIGHEST_PROTOCOL {
            let pickled = runtime.try_enter(|ctx| {
                let texts = (0..257).map(|it| Unicode::new(ctx, &it.to_string()).into());
                let list = List::from_vec(ctx, texts.collect());
                list.push(ctx, list.get(256).unwrap_or(Value::None));
                Pickler::new().protocol(protocol).dumps(ctx, list.into())
            });
            let pickled = pickled.expect("a pickle");
            let optimized = tools::optimize(&pickled, Dialect::Python3).expect("a sound pickle");
            for stream in [&pickled, &optimized] {
                let identical = runtime.try_enter(|ctx| ends_with_one_object_twice(ctx, stream));
                assert!(identical.expect("it loads"));
            }
            assert!(!has(&optimized, Opcode::LONG_BINGET));
            assert!(!has(&optimized, Opcode::LONG_BINPUT));
        }
    }

    fn ends_with_one_object_twice<'gc>(ctx: Context<'gc>, stream: &[u8]) -> Result<'gc, bool> {
        let list = loads(ctx, stream)?;
        let items = list.as_list().map(List::to_vec).unwrap_or_default();
        let [.., first, second] = items.as_slice() else { return Ok(false) };
        Ok(items.len() == 258 && first.is(*second) && text(*first) == "256")
    }

    #[test]
    fn test_optimize_binput_and_memoize() {
        let pickled =
            b"\x80\x04\x95\x15\0\0\0\0\0\0\0]\x94(\x8c\x04spamq\x01\x8c\x03ham\x94h\x02e.";
        assert!(has(pickled, Opcode::BINPUT));
        let optimized = tools::optimize(pickled, Dialect::Python3).expect("a sound pickle");
        let mut runtime = Runtime::python3();
        for stream in [&pickled[..], &optimized] {
            let texts = runtime.try_enter(|ctx| {
                let items = loads(ctx, stream)?.as_list().map(List::to_vec).unwrap_or_default();
                assert!(items[1].is(items[2]));
                Ok(items.iter().map(|it| text(*it)).collect::<Vec<_>>())
            });
            assert_eq!(texts.expect("it loads"), ["spam", "ham", "ham"]);
        }
        assert!(!has(&optimized, Opcode::BINPUT));
    }

    fn text(value: Value<'_>) -> String {
        match value {
            Value::Unicode(text) => text.to_string_lossy().into_owned(),
            _ => String::new(),
        }
    }

    fn has(stream: &[u8], opcode: Opcode) -> bool {
        tools::genops(stream).any(|operation| operation.is_ok_and(|it| it.opcode == opcode))
    }
}

mod genops_tests {
    use super::*;

    /// Name, argument and offset of each opcode.
    fn listed(operations: tools::Operations<'_>) -> Vec<(&'static str, Option<String>, usize)> {
        let listed = operations.map(|operation| {
            let operation = operation?;
            let argument = operation.argument_repr(Dialect::Python3)?;
            Ok((operation.opcode.name(), argument, operation.offset))
        });
        listed.collect::<std::result::Result<_, tools::Error>>().expect("a sound pickle")
    }

    /// What the opcodes of the tests are when they begin at an offset.
    fn expected(start: usize) -> Vec<(&'static str, Option<String>, usize)> {
        [
            ("MARK", None, 0),
            ("INT", Some("123"), 1),
            ("BININT1", Some("18"), 6),
            ("BININT", Some("2018915346"), 8),
            ("TUPLE", None, 13),
            ("STOP", None, 14),
        ]
        .map(|(name, argument, offset)| (name, argument.map(str::to_owned), start + offset))
        .to_vec()
    }

    #[track_caller]
    fn check_error(stream: &[u8], message: &str) {
        let error = tools::genops(stream).find_map(std::result::Result::err).expect("an error");
        assert_eq!(error.message(), message);
    }

    #[test]
    fn test_genops() {
        assert_eq!(listed(tools::genops(b"(I123\nK\x12J\x12\x34\x56\x78t.")), expected(0));
    }

    #[test]
    fn test_from_file() {
        let file = b"prefix(I123\nK\x12J\x12\x34\x56\x78t.suffix";
        let operations = tools::genops_from(file, 6);
        assert_eq!(listed(operations.clone()), expected(6));
        let mut rest = operations;
        rest.by_ref().for_each(drop);
        assert_eq!(&file[rest.offset()..], b"suffix");
    }

    #[test]
    fn test_without_pos() {
        // DIFFERENCE: there is no stream without offsets.
        assert_eq!(listed(tools::genops(b"(I123\nK\x12J\x12\x34\x56\x78t.")), expected(0));
    }

    #[test]
    fn test_no_stop() {
        check_error(b"N", "pickle exhausted before seeing STOP");
    }

    #[test]
    fn test_truncated_data() {
        check_error(b"I123", "no newline found when trying to read stringnl");
        check_error(b"J\x12\x34", "not enough data in stream to read int4");
    }

    #[test]
    fn test_unknown_opcode() {
        check_error(b"N\xff", r"at position 1, opcode b'\xff' unknown");
    }

    #[test]
    fn test_unknown_opcode_without_pos() {
        // DIFFERENCE: there is no stream without offsets.
        check_error(b"N\xff", r"at position 1, opcode b'\xff' unknown");
    }
}

mod dis_tests {
    use super::*;

    const PYTHON3: Disassembler = Disassembler::new(Dialect::Python3);

    /// The text that is printed, and the message of the exception that is raised.
    fn printed(lines: &mut tools::Disassembly<'_>) -> (String, Option<String>) {
        let (mut text, mut message) = (String::new(), None);
        for line in lines {
            match line {
                Ok(line) => text = text + &line + "\n",
                Err(error) => message = Some(error.message()),
            }
        }
        (text, message)
    }

    #[track_caller]
    fn check_dis(stream: &[u8], expected: &str) {
        check_dis_with(PYTHON3, stream, expected);
    }

    #[track_caller]
    fn check_dis_with(disassembler: Disassembler, stream: &[u8], expected: &str) {
        assert_eq!(printed(&mut disassembler.lines(stream)), (expected.to_owned(), None));
    }

    #[track_caller]
    fn check_dis_error(stream: &[u8], expected: &str, message: &str) {
        let expected = (expected.to_owned(), Some(message.to_owned()));
        assert_eq!(printed(&mut PYTHON3.lines(stream)), expected);
    }

    const MARKS: &str = "    0: (    MARK
    1: N        NONE
    2: (        MARK
    3: t            TUPLE      (MARK at 2)
    4: l        LIST       (MARK at 0)
    5: .    STOP
highest protocol among opcodes = 0
";

    #[test]
    fn test_mark() {
        check_dis(b"(N(tl.", MARKS);
    }

    #[test]
    fn test_indentlevel() {
        check_dis_with(
            PYTHON3.indent(2),
            b"(N(tl.",
            "    0: (    MARK
    1: N      NONE
    2: (      MARK
    3: t        TUPLE      (MARK at 2)
    4: l      LIST       (MARK at 0)
    5: .    STOP
highest protocol among opcodes = 0
",
        );
    }

    #[test]
    fn test_mark_without_pos() {
        // DIFFERENCE: there is no stream without offsets.
        check_dis(b"(N(tl.", MARKS);
    }

    #[test]
    fn test_no_mark() {
        check_dis_error(
            b"Nt.",
            "    0: N    NONE
    1: t    TUPLE      no MARK exists on stack
",
            "no MARK exists on stack",
        );
    }

    #[test]
    fn test_put() {
        check_dis(
            b"Np0\nq\x01r\x02\x00\x00\x00\x94.",
            r"    0: N    NONE
    1: p    PUT        0
    4: q    BINPUT     1
    6: r    LONG_BINPUT 2
   11: \x94 MEMOIZE    (as 3)
   12: .    STOP
highest protocol among opcodes = 4
",
        );
    }

    #[test]
    fn test_put_redefined() {
        check_dis_error(
            b"Np1\np1\n.",
            "    0: N    NONE
    1: p    PUT        1
    4: p    PUT        1
",
            "memo key 1 already defined",
        );
        check_dis_error(
            b"Np1\nq\x01.",
            "    0: N    NONE
    1: p    PUT        1
    4: q    BINPUT     1
",
            "memo key 1 already defined",
        );
        check_dis_error(
            b"Np1\nr\x01\x00\x00\x00.",
            "    0: N    NONE
    1: p    PUT        1
    4: r    LONG_BINPUT 1
",
            "memo key 1 already defined",
        );
        check_dis_error(
            b"Np1\n\x94.",
            r"    0: N    NONE
    1: p    PUT        1
    4: \x94 MEMOIZE    (as 1)
",
            "memo key None already defined",
        );
    }

    #[test]
    fn test_put_empty_stack() {
        let expected = "    0: p    PUT        0\n";
        check_dis_error(b"p0\n", expected, "stack is empty -- can't store into memo");
    }

    #[test]
    fn test_put_markobject() {
        check_dis_error(
            b"(p0\n",
            "    0: (    MARK
    1: p        PUT        0
",
            "can't store markobject in the memo",
        );
    }

    #[test]
    fn test_get() {
        check_dis(
            b"(Np1\ng1\nh\x01j\x01\x00\x00\x00t.",
            "    0: (    MARK
    1: N        NONE
    2: p        PUT        1
    5: g        GET        1
    8: h        BINGET     1
   10: j        LONG_BINGET 1
   15: t        TUPLE      (MARK at 0)
   16: .    STOP
highest protocol among opcodes = 1
",
        );
    }

    #[test]
    fn test_get_without_put() {
        let message = "memo key 1 has never been stored into";
        check_dis_error(b"g1\n.", "    0: g    GET        1\n", message);
        check_dis_error(b"h\x01.", "    0: h    BINGET     1\n", message);
        check_dis_error(b"j\x01\x00\x00\x00.", "    0: j    LONG_BINGET 1\n", message);
    }

    #[test]
    fn test_memo() {
        let mut lines = PYTHON3.lines(b"Np1\n.");
        let first = "    0: N    NONE
    1: p    PUT        1
    4: .    STOP
highest protocol among opcodes = 0
";
        assert_eq!(printed(&mut lines), (first.to_owned(), None));
        lines.next_stream(b"g1\n.");
        let second = "    0: g    GET        1
    3: .    STOP
highest protocol among opcodes = 0
";
        assert_eq!(printed(&mut lines), (second.to_owned(), None));
    }

    #[test]
    fn test_mark_pop() {
        check_dis(
            b"(N00N.",
            "    0: (    MARK
    1: N        NONE
    2: 0        POP
    3: 0        POP        (MARK at 0)
    4: N    NONE
    5: .    STOP
highest protocol among opcodes = 0
",
        );
    }

    #[test]
    fn test_too_small_stack() {
        let message = "tries to pop 2 items from stack with only 0 items";
        check_dis_error(b"a", "    0: a    APPEND\n", message);
        check_dis_error(
            b"]a",
            "    0: ]    EMPTY_LIST
    1: a    APPEND
",
            "tries to pop 2 items from stack with only 1 items",
        );
    }

    #[test]
    fn test_no_stop() {
        check_dis_error(b"N", "    0: N    NONE\n", "pickle exhausted before seeing STOP");
    }

    #[test]
    fn test_truncated_data() {
        let expected = "    0: N    NONE\n";
        check_dis_error(b"NI123", expected, "no newline found when trying to read stringnl");
        check_dis_error(b"NJ\x12\x34", expected, "not enough data in stream to read int4");
    }

    #[test]
    fn test_unknown_opcode() {
        let expected = "    0: N    NONE\n";
        check_dis_error(b"N\xff", expected, r"at position 1, opcode b'\xff' unknown");
    }

    #[test]
    fn test_stop_not_empty_stack() {
        check_dis_error(
            b"]N.",
            "    0: ]    EMPTY_LIST
    1: N    NONE
    2: .    STOP
highest protocol among opcodes = 1
",
            "stack not empty after STOP: [list]",
        );
    }

    /// The notes of the opcodes are our own words, so the expectations have them where CPython's have its words.
    #[track_caller]
    fn check_annotated(column: usize, stream: &[u8], expected: &str) {
        let mut expected = expected.to_owned();
        for opcode in [Opcode::MARK, Opcode::NONE, Opcode::TUPLE, Opcode::STOP] {
            expected = expected.replace(&format!("<{opcode}>"), opcode.doc());
        }
        check_dis_with(PYTHON3.annotate(column), stream, &expected);
    }

    #[test]
    fn test_annotate() {
        check_annotated(
            1,
            b"(Nt.",
            "    0: (    MARK <MARK>
    1: N        NONE <NONE>
    2: t        TUPLE      (MARK at 0) <TUPLE>
    3: .    STOP                       <STOP>
highest protocol among opcodes = 0
",
        );
        check_annotated(
            20,
            b"(Nt.",
            "    0: (    MARK            <MARK>
    1: N        NONE        <NONE>
    2: t        TUPLE      (MARK at 0) <TUPLE>
    3: .    STOP                       <STOP>
highest protocol among opcodes = 0
",
        );
        check_annotated(
            20,
            b"(((((((ttttttt.",
            "    0: (    MARK            <MARK>
    1: (        MARK        <MARK>
    2: (            MARK    <MARK>
    3: (                MARK <MARK>
    4: (                    MARK <MARK>
    5: (                        MARK <MARK>
    6: (                            MARK <MARK>
    7: t                                TUPLE      (MARK at 6) <TUPLE>
    8: t                            TUPLE      (MARK at 5) <TUPLE>
    9: t                        TUPLE      (MARK at 4) <TUPLE>
   10: t                    TUPLE      (MARK at 3)     <TUPLE>
   11: t                TUPLE      (MARK at 2)         <TUPLE>
   12: t            TUPLE      (MARK at 1)             <TUPLE>
   13: t        TUPLE      (MARK at 0)                 <TUPLE>
   14: .    STOP                                       <STOP>
highest protocol among opcodes = 0
",
        );
    }
}
