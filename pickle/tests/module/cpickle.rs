//! `cPickle`: its functions, and the objects that `Pickler` and `Unpickler` make.

use halfsour_runtime::{Args, Context, Dict, IntoValue, List, Result, Value};

use crate::support::{bytes, call, file, outcome, python2, written};

fn cpickle<'gc>(
    ctx: Context<'gc>,
    name: &str,
    args: impl halfsour_runtime::IntoArgs<'gc>,
) -> Result<'gc> {
    call(ctx, "cPickle", name, args)
}

/// Asserts what `repr` shows of a result, or its exception.
#[track_caller]
fn check<'gc>(ctx: Context<'gc>, result: Result<'gc>, expected: &str) {
    assert_eq!(outcome(ctx, result), expected);
}

#[test]
fn the_functions_write_and_read() {
    python2(|ctx| {
        let list = vec![1, 2].into_value(ctx);
        let text = cpickle(ctx, "dumps", (list, 2))?;
        assert_eq!(bytes(text), b"\x80\x02]q\x01(K\x01K\x02e.");
        check(ctx, cpickle(ctx, "loads", (text,)), "[1, 2]");
        let out = file(ctx, b"")?;
        check(ctx, cpickle(ctx, "dump", (list, out)), "None");
        assert_eq!(written(ctx, out)?, b"(lp1\nI1\naI2\na.");
        check(ctx, cpickle(ctx, "load", (file(ctx, b"(lp1\nI1\na.")?,)), "[1]");
        check(ctx, cpickle(ctx, "dump", (list, Value::None)), "None");
        let protocol = Args::new(&[list]).keyword(ctx, "protocol", Value::Int(-1));
        assert_eq!(bytes(cpickle(ctx, "dumps", protocol)?), b"\x80\x02]q\x01(K\x01K\x02e.");
        Ok(())
    });
}

#[test]
fn protocols_are_ints() {
    python2(|ctx| {
        for (protocol, expected) in [
            (Value::None, "exceptions.TypeError: an integer is required"),
            (ctx.str("x"), "exceptions.TypeError: an integer is required"),
            (Value::Float(1.5), "exceptions.TypeError: integer argument expected, got float"),
            (Value::Bool(true), r"'K\x01.'"),
            (
                Value::Int(1 << 40),
                "exceptions.OverflowError: signed integer is greater than maximum",
            ),
            (Value::Int(-1 << 40), "exceptions.OverflowError: signed integer is less than minimum"),
            (
                Value::Int(5),
                "exceptions.ValueError: pickle protocol 5 asked for; the highest available protocol is 2",
            ),
        ] {
            check(ctx, cpickle(ctx, "dumps", (1, protocol)), expected);
        }
        Ok(())
    });
}

#[test]
fn what_is_no_file_and_no_string() {
    python2(|ctx| {
        let no_read = "exceptions.TypeError: argument must have 'read' and 'readline' attributes";
        let no_write = "exceptions.TypeError: argument must have 'write' attribute";
        check(ctx, cpickle(ctx, "load", (3,)), no_read);
        check(ctx, cpickle(ctx, "Unpickler", (3,)), no_read);
        check(ctx, cpickle(ctx, "dump", (1, 3)), no_write);
        check(ctx, cpickle(ctx, "Pickler", (Value::None,)), no_write);
        check(ctx, cpickle(ctx, "Pickler", (Value::Float(1.5),)), no_write);
        let unicode = halfsour_runtime::Unicode::new(ctx, "N.");
        check(
            ctx,
            cpickle(ctx, "loads", (Value::from(unicode),)),
            "exceptions.TypeError: loads() argument 1 must be string, not unicode",
        );
        Ok(())
    });
}

#[test]
fn attributes_of_a_pickler() {
    python2(|ctx| {
        let pickler = cpickle(ctx, "Pickler", (file(ctx, b"")?,))?;
        check(ctx, Ok(pickler.type_of(ctx).into()), "<class 'cPickle.Pickler'>");
        for (name, expected) in [
            ("persistent_id", "exceptions.AttributeError: persistent_id"),
            (
                "inst_persistent_id",
                "exceptions.AttributeError: attribute 'inst_persistent_id' of 'cPickle.Pickler' objects is not readable",
            ),
            ("memo", "{}"),
            ("fast", "0"),
            ("binary", "0"),
            ("PicklingError", "<class 'cPickle.PicklingError'>"),
        ] {
            check(ctx, pickler.get_attr(ctx, name), expected);
        }
        let set = |name: &str, value| {
            outcome(ctx, pickler.set_attr(ctx, name, value).map(|()| Value::None))
        };
        assert_eq!(set("memo", Value::Int(3)), "exceptions.TypeError: memo must be a dictionary");
        assert_eq!(set("fast", ctx.str("x")), "exceptions.TypeError: an integer is required");
        assert_eq!(
            set("foo", Value::None),
            "exceptions.AttributeError: 'Pickler' object has no attribute 'foo'"
        );
        assert_eq!(
            set("PicklingError", Value::None),
            "exceptions.AttributeError: attribute 'PicklingError' of 'cPickle.Pickler' objects is not writable"
        );
        let deleted = pickler.del_attr(ctx, "memo").map(|()| Value::None);
        check(ctx, deleted, "exceptions.TypeError: attribute deletion is not supported");
        pickler.set_attr(ctx, "persistent_id", 4)?;
        check(ctx, pickler.get_attr(ctx, "persistent_id"), "4");
        check(
            ctx,
            pickler.call_method(ctx, "dump", (3,)),
            "exceptions.TypeError: 'int' object is not callable",
        );
        Ok(())
    });
}

#[test]
fn attributes_of_an_unpickler() {
    python2(|ctx| {
        let unpickler = cpickle(ctx, "Unpickler", (file(ctx, b"(lp0\n.")?,))?;
        check(
            ctx,
            unpickler.get_attr(ctx, "persistent_load"),
            "exceptions.AttributeError: persistent_load",
        );
        check(
            ctx,
            unpickler.get_attr(ctx, "find_global"),
            "exceptions.AttributeError: find_global",
        );
        check(ctx, unpickler.get_attr(ctx, "memo"), "{}");
        check(ctx, unpickler.call_method(ctx, "load", ()), "[]");
        check(ctx, unpickler.get_attr(ctx, "memo"), "{0: []}");
        let set = unpickler.set_attr(ctx, "memo", 3).map(|()| Value::None);
        check(ctx, set, "exceptions.TypeError: memo must be a dictionary");
        Ok(())
    });
}

#[test]
fn one_pickler_writes_an_object_once() {
    python2(|ctx| {
        let out = file(ctx, b"")?;
        let pickler = cpickle(ctx, "Pickler", (out,))?;
        let list = vec![1].into_value(ctx);
        assert!(pickler.call_method(ctx, "dump", (list,))?.is(pickler));
        pickler.call_method(ctx, "dump", (list,))?;
        pickler.call_method(ctx, "clear_memo", ())?;
        pickler.call_method(ctx, "dump", (list,))?;
        assert_eq!(written(ctx, out)?, b"(lp1\nI1\na.g1\n.(lp1\nI1\na.");
        let memo = pickler.get_attr(ctx, "memo")?;
        let entry = memo.get_item(ctx, list.id(ctx))?;
        check(ctx, Ok(entry), "(1, [1])");
        assert!(entry.get_item(ctx, 1)?.is(list));
        Ok(())
    });
}

#[test]
fn the_memo_is_live() {
    python2(|ctx| {
        let out = file(ctx, b"")?;
        let pickler = cpickle(ctx, "Pickler", (out, 2))?;
        let (first, second) = (List::new(ctx), List::new(ctx));
        let memo = pickler.get_attr(ctx, "memo")?;
        pickler.call_method(ctx, "dump", (first,))?;
        check(ctx, memo.len(ctx).map(|length| Value::Int(length as i64)), "1");
        memo.call_method(ctx, "clear", ())?;
        pickler.call_method(ctx, "dump", (second,))?;
        // What another pickler has written.
        let other = cpickle(ctx, "Pickler", (out, 2))?;
        other.set_attr(ctx, "memo", memo)?;
        other.call_method(ctx, "dump", (second,))?;
        other.call_method(ctx, "dump", (first,))?;
        check(ctx, memo.len(ctx).map(|length| Value::Int(length as i64)), "2");
        assert_eq!(
            written(ctx, out)?,
            b"\x80\x02]q\x01.\x80\x02]q\x01.\x80\x02h\x01.\x80\x02]q\x02."
        );
        Ok(())
    });
}

#[test]
fn a_pickler_without_a_file_keeps_what_it_writes() {
    python2(|ctx| {
        let pickler = cpickle(ctx, "Pickler", (1,))?;
        let text = ctx.str("abcabc");
        let object = List::from_vec(ctx, vec![text, text]);
        let expected = r"'](U\x06abcabcq\x02h\x02e.'";
        check(ctx, pickler.call_method(ctx, "dump", (object, 1)), expected);
        check(ctx, pickler.call_method(ctx, "dump", (object, 1)), expected);
        check(ctx, pickler.call_method(ctx, "getvalue", ()), "''");
        check(ctx, pickler.get_attr(ctx, "memo"), "{}");

        let pickler = cpickle(ctx, "Pickler", (0,))?;
        let text = ctx.str("abcabc");
        for _ in 0..2 {
            pickler.call_method(ctx, "dump", (vec![text],))?;
        }
        check(
            ctx,
            pickler.call_method(ctx, "getvalue", (0,)),
            r#""(lp1\nS'abcabc'\np2\na.(lp3\ng2\na.""#,
        );
        pickler.call_method(ctx, "getvalue", ())?;
        pickler.call_method(ctx, "dump", (vec![text],))?;
        check(ctx, pickler.call_method(ctx, "getvalue", ()), r#""(lp1\nS'abcabc'\np2\na.""#);

        let pickler = cpickle(ctx, "Pickler", (2,))?;
        for _ in 0..2 {
            pickler.call_method(ctx, "dump", (vec![text],))?;
        }
        check(
            ctx,
            pickler.call_method(ctx, "getvalue", ()),
            r"'\x80\x02]U\x06abcabcq\x02a.\x80\x02]h\x02a.'",
        );
        let with_file = cpickle(ctx, "Pickler", (file(ctx, b"")?,))?;
        check(
            ctx,
            with_file.call_method(ctx, "getvalue", ()),
            "cPickle.PicklingError: Attempt to getvalue() a non-list-based pickler",
        );
        Ok(())
    });
}

#[test]
fn find_global_decides_and_none_refuses() {
    python2(|ctx| {
        let streams: [&[u8]; 3] = [b"ccopy\ncopy\n.", b"(icopy\ncopy\n.", b"\x82\x05."];
        let copy_reg = ctx.import("copy_reg")?;
        copy_reg.call_method(ctx, "add_extension", ("copy", "copy", 5))?;
        for stream in streams {
            let unpickler = cpickle(ctx, "Unpickler", (file(ctx, stream)?,))?;
            unpickler.set_attr(ctx, "find_global", Value::None)?;
            check(
                ctx,
                unpickler.call_method(ctx, "load", ()),
                "cPickle.UnpicklingError: Global and instance pickles are not supported.",
            );
        }
        let unpickler = cpickle(ctx, "Unpickler", (file(ctx, b"ccopy\ncopy\n.")?,))?;
        let names = halfsour_runtime::Function::new(ctx, "names", |ctx, args| {
            Ok(args.to_tuple(ctx).into())
        });
        unpickler.set_attr(ctx, "find_global", names)?;
        check(ctx, unpickler.call_method(ctx, "load", ()), "('copy', 'copy')");
        Ok(())
    });
}

#[test]
fn a_list_collects_persistent_ids() {
    python2(|ctx| {
        for (method, expected) in [("load", "['a', 'b']"), ("noload", "[]")] {
            let unpickler = cpickle(ctx, "Unpickler", (file(ctx, b"(lPa\naPb\na.")?,))?;
            let ids = List::new(ctx);
            unpickler.set_attr(ctx, "persistent_load", ids)?;
            check(ctx, unpickler.call_method(ctx, method, ()), expected);
            check(ctx, Ok(ids.into()), "['a', 'b']");
        }
        Ok(())
    });
}

/// What `noload` gives for a stream.
#[track_caller]
fn check_noload(stream: &[u8], expected: &str) {
    python2(|ctx| {
        let unpickler = cpickle(ctx, "Unpickler", (file(ctx, stream)?,))?;
        check(ctx, unpickler.call_method(ctx, "noload", ()), expected);
        Ok(())
    });
}

#[test]
fn noload_makes_no_object() {
    for stream in [
        &b"cnowhere\nnothing\n."[..],
        b"(I1\ninowhere\nnothing\n.",
        b"(cnowhere\nnothing\nI1\no.",
        b"cnowhere\nnothing\n(I1\ntR.",
        b"cnowhere\nnothing\n)\x81.",
        b"\x82\x05.",
        b"\x84\x01\x00\x00\x00.",
        b"N}b.",
        b"NI2\na.",
    ] {
        check_noload(stream, "None");
    }
    for stream in [&b"(lI1\na."[..], b"](I1\nI2\ne.", b"]p1\nI2\nag1\n."] {
        check_noload(stream, "[]");
    }
    for stream in [&b"}I1\nI2\ns."[..], b"}(I1\nI2\nu.", b"\x80\x02}q\x01U\x01ah\x01s."] {
        check_noload(stream, "{}");
    }
    check_noload(b"(I1\nI2\nt.", "(1, 2)");
    check_noload(b"(I1\nI2\nl.", "[1, 2]");
    check_noload(b"(I1\nI2\nd.", "{1: 2}");
    check_noload(b"I1\nI2\na.", "1");
}

#[test]
fn noload_refuses_what_is_malformed() {
    for stream in [&b"b."[..], b"NR.", b"a.", b"s."] {
        check_noload(stream, "cPickle.UnpicklingError: unpickling stack underflow");
    }
    check_noload(b"A.", "cPickle.UnpicklingError: invalid load key, 'A'.");
    check_noload(b"\x80\x03N.", "exceptions.ValueError: unsupported pickle protocol: 3");
    check_noload(b"\x82", "exceptions.EOFError: the stream ends inside the argument of an opcode");
}

#[test]
fn an_unpickler_reads_on_from_a_given_memo() {
    python2(|ctx| {
        let source = file(ctx, b"(lp0\n.g0\n.")?;
        let first = cpickle(ctx, "Unpickler", (source,))?;
        let list = first.call_method(ctx, "load", ())?;
        let second = cpickle(ctx, "Unpickler", (source,))?;
        second.set_attr(ctx, "memo", first.get_attr(ctx, "memo")?)?;
        assert!(second.call_method(ctx, "load", ())?.is(list));
        let third = cpickle(ctx, "Unpickler", (file(ctx, b"h\x07.")?,))?;
        let memo = Dict::new(ctx);
        memo.insert(ctx, Value::Int(7), list)?;
        third.set_attr(ctx, "memo", memo)?;
        assert!(third.call_method(ctx, "load", ())?.is(list));
        Ok(())
    });
}
