//! `pickle` and `_pickle` of Python 3: functions, classes, and what they say to mistakes.

use halfsour_runtime::{Args, Bytes, Class, Context, Dict, IntoValue, Result, Tuple, Value, exc};

use crate::support::{bytes, call, outcome, python3};

/// Calls what `pickle` has under a name, with positional arguments and those with a name.
fn pickle<'gc>(
    ctx: Context<'gc>,
    name: &str,
    positional: &[Value<'gc>],
    keywords: &[(&str, Value<'gc>)],
) -> Result<'gc> {
    let args = keywords
        .iter()
        .fold(Args::new(positional), |args, &(name, value)| args.keyword(ctx, name, value));
    call(ctx, "pickle", name, args)
}

fn file<'gc>(ctx: Context<'gc>, content: &[u8]) -> Result<'gc> {
    call(ctx, "io", "BytesIO", (Bytes::new(ctx, content),))
}

#[track_caller]
fn check<'gc>(ctx: Context<'gc>, result: Result<'gc>, expected: &str) {
    assert_eq!(outcome(ctx, result), expected);
}

#[test]
fn the_functions_write_and_read() {
    python3(|ctx| {
        let list = vec![1, 2].into_value(ctx);
        let written = b"\x80\x04\x95\x09\x00\x00\x00\x00\x00\x00\x00]\x94(K\x01K\x02e.";
        assert_eq!(bytes(pickle(ctx, "dumps", &[list], &[])?), written);
        let protocol = [("protocol", Value::Int(0))];
        assert_eq!(bytes(pickle(ctx, "dumps", &[list], &protocol)?), b"(lp0\nI1\naI2\na.");
        let out = file(ctx, b"")?;
        check(ctx, pickle(ctx, "dump", &[list, out, Value::Int(-1)], &[]), "None");
        let written = bytes(out.call_method(ctx, "getvalue", ())?);
        assert_eq!(written, b"\x80\x05\x95\x09\x00\x00\x00\x00\x00\x00\x00]\x94(K\x01K\x02e.");
        check(ctx, pickle(ctx, "load", &[file(ctx, &written)?], &[]), "[1, 2]");
        let python2 = Bytes::new(ctx, b"U\x02\xe2\x82.").into();
        let encoding = [("encoding", ctx.str("bytes"))];
        check(ctx, pickle(ctx, "loads", &[python2], &encoding), r"b'\xe2\x82'");
        Ok(())
    });
}

/// As [`check`], of [`pickle`].
#[track_caller]
fn check_call<'gc>(
    ctx: Context<'gc>,
    name: &str,
    positional: &[Value<'gc>],
    keywords: &[(&str, Value<'gc>)],
    expected: &str,
) {
    check(ctx, pickle(ctx, name, positional, keywords), expected);
}

/// `object.name = value`
fn set<'gc>(ctx: Context<'gc>, object: Value<'gc>, name: &str, value: Value<'gc>) -> Result<'gc> {
    object.set_attr(ctx, name, value).map(|()| Value::None)
}

#[test]
fn mistakes_of_a_call() {
    python3(|ctx| {
        let (one, none) = (Value::Int(1), Value::None);
        let nothing = || file(ctx, b"N.");
        let e = "builtins.TypeError: Pickler() missing required argument 'file' (pos 1)";
        check_call(ctx, "Pickler", &[], &[], e);
        let e = "builtins.TypeError: Pickler() takes at most 4 arguments (5 given)";
        check_call(ctx, "Pickler", &[one; 5], &[], e);
        let e = "builtins.TypeError: Pickler() got an unexpected keyword argument 'foo'";
        check_call(ctx, "Pickler", &[one], &[("foo", one)], e);
        let e =
            "builtins.TypeError: argument for Pickler() given by name ('file') and position (1)";
        check_call(ctx, "Pickler", &[one], &[("file", one)], e);
        let e = "builtins.TypeError: 'float' object cannot be interpreted as an integer";
        check_call(ctx, "Pickler", &[nothing()?, Value::Float(1.5)], &[], e);
        let e = "builtins.ValueError: pickle protocol must be <= 5";
        check_call(ctx, "Pickler", &[nothing()?, Value::Int(6)], &[], e);
        let e = "builtins.ValueError: buffer_callback needs protocol >= 5";
        check_call(ctx, "Pickler", &[nothing()?, Value::Int(4), one, one], &[], e);
        let e = "builtins.TypeError: file must have a 'write' attribute";
        check_call(ctx, "Pickler", &[one], &[], e);
        check_call(ctx, "dump", &[one, one], &[], e);
        let e = "builtins.TypeError: dumps() takes at most 2 positional arguments (3 given)";
        check_call(ctx, "dumps", &[one; 3], &[], e);
        let e = "builtins.TypeError: load() takes exactly 1 positional argument (2 given)";
        check_call(ctx, "load", &[one; 2], &[], e);
        let e = "builtins.TypeError: file must have 'read' and 'readline' attributes";
        check_call(ctx, "load", &[one], &[], e);
        check_call(ctx, "Unpickler", &[one], &[], e);
        let e = "builtins.TypeError: load() argument 'encoding' must be str, not int";
        check_call(ctx, "load", &[nothing()?], &[("encoding", one)], e);
        let e = "builtins.TypeError: Unpickler() argument 'errors' must be str, not None";
        check_call(ctx, "Unpickler", &[nothing()?], &[("errors", none)], e);
        let e = "builtins.TypeError: 'int' object is not iterable";
        check_call(ctx, "load", &[nothing()?], &[("buffers", one)], e);
        let e = "builtins.TypeError: a bytes-like object is required, not 'str'";
        check_call(ctx, "loads", &[ctx.str("N.")], &[], e);
        let e = "builtins.TypeError: loads() takes exactly 1 positional argument (0 given)";
        check_call(ctx, "loads", &[], &[("data", one)], e);
        Ok(())
    });
}

#[test]
fn attributes_of_the_classes() {
    python3(|ctx| {
        let pickler = pickle(ctx, "Pickler", &[file(ctx, b"")?], &[])?;
        let get = |name: &str| pickler.get_attr(ctx, name);
        check(ctx, get("bin"), "1");
        check(ctx, get("fast"), "0");
        let e = "builtins.AttributeError: 'Pickler' object has no attribute 'dispatch_table'";
        check(ctx, get("dispatch_table"), e);
        set(ctx, pickler, "dispatch_table", Value::Int(5))?;
        let object = Value::from(ctx.types().object).call(ctx, ())?;
        let e = "builtins.TypeError: 'int' object is not subscriptable";
        check(ctx, pickler.call_method(ctx, "dump", (object,)), e);
        pickler.del_attr(ctx, "dispatch_table")?;
        let e = "builtins.TypeError: 'memo' attribute must be a PicklerMemoProxy object or dict, not int";
        check(ctx, set(ctx, pickler, "memo", Value::Int(5)), e);
        let dict = Dict::new(ctx);
        dict.insert(ctx, Value::Int(1), Value::Int(2))?;
        let e = "builtins.TypeError: 'memo' values must be 2-item tuples";
        check(ctx, set(ctx, pickler, "memo", dict.into()), e);
        check(ctx, pickler.call_method(ctx, "persistent_id", (3,)), "None");
        let e = "builtins.AttributeError: 'Pickler' object attribute 'persistent_id' is read-only";
        check(ctx, set(ctx, pickler, "persistent_id", Value::None), e);

        let unpickler = pickle(ctx, "Unpickler", &[file(ctx, b"N.")?], &[])?;
        let find = |args: [_; 2]| unpickler.call_method(ctx, "find_class", &args[..]);
        check(
            ctx,
            find([Value::Int(1), Value::Int(2)]),
            "builtins.TypeError: module name must be a string",
        );
        check(ctx, find([ctx.str(""), ctx.str("x")]), "builtins.ValueError: Empty module name");
        let e = "builtins.ModuleNotFoundError: No module named 'spam'";
        check(ctx, find([ctx.str("spam"), ctx.str("x")]), e);
        let e = "_pickle.UnpicklingError: A load persistent id instruction was encountered, \
                 but no persistent_load function was specified.";
        check(ctx, unpickler.call_method(ctx, "persistent_load", (3,)), e);
        check(ctx, unpickler.call_method(ctx, "load", ()), "None");
        let end = unpickler.call_method(ctx, "load", ()).unwrap_err();
        assert!(end.is(ctx, &exc::EOF_ERROR));
        Ok(())
    });
}

#[test]
fn memos_are_copied_cleared_and_replaced() {
    python3(|ctx| {
        let list = vec![1].into_value(ctx);
        let out = file(ctx, b"")?;
        let pickler = pickle(ctx, "Pickler", &[out, Value::Int(2)], &[])?;
        pickler.call_method(ctx, "dump", (list,))?;
        let memo = pickler.get_attr(ctx, "memo")?.call_method(ctx, "copy", ())?;
        let entry = Tuple::new(ctx, &[Value::Int(0), list]);
        assert!(memo.get_item(ctx, list.id(ctx))?.equals(ctx, entry.into())?);
        pickler.get_attr(ctx, "memo")?.call_method(ctx, "clear", ())?;
        check(ctx, pickler.get_attr(ctx, "memo")?.call_method(ctx, "copy", ()), "{}");
        pickler.set_attr(ctx, "memo", memo)?;
        pickler.call_method(ctx, "dump", (list,))?;
        let written = bytes(out.call_method(ctx, "getvalue", ())?);
        assert_eq!(written, b"\x80\x02]q\x00K\x01a.\x80\x02h\x00.");

        let unpickler = pickle(ctx, "Unpickler", &[file(ctx, &written)?], &[])?;
        let first = unpickler.call_method(ctx, "load", ())?;
        assert!(unpickler.call_method(ctx, "load", ())?.is(first));
        check(ctx, unpickler.get_attr(ctx, "memo")?.call_method(ctx, "copy", ()), "{0: [1]}");
        check(
            ctx,
            unpickler.get_attr(ctx, "memo")?.call_method(ctx, "__reduce__", ()),
            "(<class 'dict'>, ({0: [1]},))",
        );
        Ok(())
    });
}

#[test]
fn a_subclass_must_initialise_its_base() {
    python3(|ctx| {
        for (base, method, args, e) in [
            (
                "Pickler",
                "dump",
                &[Value::None][..],
                "_pickle.PicklingError: Pickler.__init__() was not called by Lazy.__init__()",
            ),
            (
                "Unpickler",
                "load",
                &[],
                "_pickle.UnpicklingError: Unpickler.__init__() was not called by Lazy.__init__()",
            ),
        ] {
            let base: Class<'_> = ctx.import_from("pickle", base)?.to(ctx)?;
            let lazy = Class::builder(ctx, "Lazy")
                .base(base)
                .method("__init__", |_, _, _| Ok(Value::None))
                .build()?;
            check(ctx, Value::from(lazy).call(ctx, ())?.call_method(ctx, method, args), e);
        }
        Ok(())
    });
}

#[test]
fn constants_and_names() {
    python3(|ctx| {
        for (name, expected) in [
            ("HIGHEST_PROTOCOL", "5"),
            ("DEFAULT_PROTOCOL", "4"),
            ("format_version", "'4.0'"),
            ("compatible_formats", "['1.0', '1.1', '1.2', '1.3', '2.0', '3.0', '4.0', '5.0']"),
            ("READONLY_BUFFER", r"b'\x98'"),
            ("TRUE", r"b'I01\n'"),
            ("Pickler", "<class '_pickle.Pickler'>"),
            ("PicklingError", "<class '_pickle.PicklingError'>"),
            ("PickleBuffer", "<class 'pickle.PickleBuffer'>"),
            ("dumps", "<built-in function dumps>"),
        ] {
            check(ctx, ctx.import_from("pickle", name), expected);
        }
        let all = ctx.import_from("pickle", "__all__")?.iter(ctx)?.collect_vec(ctx)?;
        assert_eq!(all.len(), 82);
        check(ctx, call(ctx, "pickle", "encode_long", (-129,)), r"b'\x7f\xff'");
        check(ctx, call(ctx, "pickle", "decode_long", (Bytes::new(ctx, b"\x7f\xff"),)), "-129");
        let error = ctx.import_from("pickle", "PickleError")?;
        let written = bytes(pickle(ctx, "dumps", &[error], &[("protocol", Value::Int(0))])?);
        assert_eq!(written, b"cpickle\nPickleError\np0\n.");
        Ok(())
    });
}
