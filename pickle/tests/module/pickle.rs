//! `pickle`: its functions, and its classes, from which programs derive.

use halfsour_runtime::{ClassicClass, Context, Dict, Function, IntoValue, List, Result, Value};

use crate::support::{bytes, call, file, outcome, python2, written};

fn pickle<'gc>(
    ctx: Context<'gc>,
    name: &str,
    args: impl halfsour_runtime::IntoArgs<'gc>,
) -> Result<'gc> {
    call(ctx, "pickle", name, args)
}

fn base<'gc>(ctx: Context<'gc>, name: &str) -> Result<'gc, ClassicClass<'gc>> {
    ctx.import_from("pickle", name)?.to(ctx)
}

#[track_caller]
fn check<'gc>(ctx: Context<'gc>, result: Result<'gc>, expected: &str) {
    assert_eq!(outcome(ctx, result), expected);
}

#[test]
fn the_functions_write_and_read() {
    python2(|ctx| {
        let list = vec![1, 2].into_value(ctx);
        let text = pickle(ctx, "dumps", (list, 2))?;
        assert_eq!(bytes(text), b"\x80\x02]q\x00(K\x01K\x02e.");
        check(ctx, pickle(ctx, "loads", (text,)), "[1, 2]");
        let out = file(ctx, b"")?;
        check(ctx, pickle(ctx, "dump", (list, out)), "None");
        assert_eq!(written(ctx, out)?, b"(lp0\nI1\naI2\na.");
        check(ctx, pickle(ctx, "load", (file(ctx, b"(lp1\nI1\na.")?,)), "[1]");
        check(
            ctx,
            pickle(ctx, "load", (3,)),
            "exceptions.AttributeError: 'int' object has no attribute 'readline'",
        );
        check(
            ctx,
            pickle(ctx, "dump", (1, 3)),
            "exceptions.AttributeError: 'int' object has no attribute 'write'",
        );
        Ok(())
    });
}

#[test]
fn protocols_are_compared_as_numbers() {
    python2(|ctx| {
        let too_high = "exceptions.ValueError: pickle protocol must be <= 2";
        let highest = r"'\x80\x02K\x01.'";
        for (protocol, expected) in [
            (Value::None, r"'I1\n.'"),
            (Value::Bool(true), r"'K\x01.'"),
            (Value::Float(1.0), r"'K\x01.'"),
            (Value::Float(-0.5), highest),
            (Value::Float(2.5), too_high),
            (Value::Int(-1 << 40), highest),
            (Value::Int(1 << 40), too_high),
            (ctx.str("x"), too_high),
        ] {
            check(ctx, pickle(ctx, "dumps", (1, protocol)), expected);
        }
        // 1.7 is no more than 2, and then cut to 1.
        check(ctx, pickle(ctx, "dumps", (1, 1.7)), r"'K\x01.'");
        Ok(())
    });
}

#[test]
fn constants() {
    python2(|ctx| {
        let module = ctx.import("pickle")?;
        for (name, expected) in [
            ("MARK", "'('"),
            ("PROTO", r"'\x80'"),
            ("TRUE", r"'I01\n'"),
            ("HIGHEST_PROTOCOL", "2"),
            ("format_version", "'2.0'"),
            ("compatible_formats", "['1.0', '1.1', '1.2', '1.3', '2.0']"),
        ] {
            check(ctx, module.get_attr(ctx, name), expected);
        }
        let table = ctx.import_from("copy_reg", "dispatch_table")?;
        assert!(module.get_attr(ctx, "dispatch_table")?.is(table));
        let all: Vec<String> = module.get_attr(ctx, "__all__")?.to(ctx)?;
        assert_eq!(
            all[..10].join(" "),
            "PickleError PicklingError UnpicklingError Pickler Unpickler dump dumps load loads APPEND"
        );
        for name in all {
            module.get_attr(ctx, &name)?;
        }
        Ok(())
    });
}

#[test]
fn longs_as_bytes() {
    python2(|ctx| {
        for (number, expected) in [
            (0, r"''"),
            (255, r"'\xff\x00'"),
            (32767, r"'\xff\x7f'"),
            (-256, r"'\x00\xff'"),
            (-32768, r"'\x00\x80'"),
            (-128, r"'\x80'"),
            (127, r"'\x7f'"),
        ] {
            let encoded = pickle(ctx, "encode_long", (number,))?;
            check(ctx, Ok(encoded), expected);
            check(ctx, pickle(ctx, "decode_long", (encoded,)), &format!("{number}L"));
        }
        check(
            ctx,
            pickle(ctx, "encode_long", (2.0,)),
            "exceptions.TypeError: hex() argument can't be converted to hex",
        );
        Ok(())
    });
}

#[test]
fn the_memo_of_a_pickler_is_its_attribute() {
    python2(|ctx| {
        let out = file(ctx, b"")?;
        let pickler = pickle(ctx, "Pickler", (out,))?;
        let list = vec![1].into_value(ctx);
        pickler.call_method(ctx, "dump", (list,))?;
        pickler.call_method(ctx, "dump", (list,))?;
        let memo = pickler.get_attr(ctx, "memo")?;
        check(ctx, memo.get_item(ctx, list.id(ctx)), "(0, [1])");
        memo.call_method(ctx, "clear", ())?;
        pickler.call_method(ctx, "dump", (list,))?;
        pickler.call_method(ctx, "clear_memo", ())?;
        pickler.call_method(ctx, "dump", (list,))?;
        pickler.set_attr(ctx, "memo", Dict::new(ctx))?;
        pickler.call_method(ctx, "dump", (list,))?;
        assert_eq!(written(ctx, out)?, b"(lp0\nI1\na.g0\n.(lp0\nI1\na.(lp0\nI1\na.(lp0\nI1\na.");
        pickler.set_attr(ctx, "memo", 3)?;
        check(
            ctx,
            pickler.call_method(ctx, "dump", (list,)),
            "exceptions.TypeError: Pickler.memo must be a dict, not int",
        );
        Ok(())
    });
}

#[test]
fn fast_leaves_out_the_memo() {
    python2(|ctx| {
        let out = file(ctx, b"")?;
        let pickler = pickle(ctx, "Pickler", (out, 2))?;
        pickler.set_attr(ctx, "fast", 1)?;
        let inner = List::new(ctx);
        pickler.call_method(ctx, "dump", (vec![inner, inner],))?;
        assert_eq!(written(ctx, out)?, b"\x80\x02](]]e.");
        Ok(())
    });
}

#[test]
fn a_subclass_names_objects_and_finds_them() {
    python2(|ctx| {
        let by_name = ClassicClass::builder(ctx, "ByName")
            .base(base(ctx, "Pickler")?)
            .method("persistent_id", |ctx, _, args| {
                let (object,): (Value<'_>,) = args.parse(ctx, "persistent_id")?;
                Ok(if let Value::Module(module) = object {
                    ctx.str(&module.name(ctx))
                } else {
                    Value::None
                })
            })
            .build()?;
        let out = file(ctx, b"")?;
        let pickler = Value::from(by_name).call(ctx, (out,))?;
        let module = ctx.import("copy_reg")?;
        pickler.call_method(ctx, "dump", (vec![module, Value::Int(1)],))?;
        assert_eq!(written(ctx, out)?, b"(lp0\nPcopy_reg\naI1\na.");

        let finder = ClassicClass::builder(ctx, "Finder")
            .base(base(ctx, "Unpickler")?)
            .method("persistent_load", |ctx, _, args| {
                let (id,): (String,) = args.parse(ctx, "persistent_load")?;
                ctx.import(&id)
            })
            .build()?;
        let source = file(ctx, &written(ctx, out)?)?;
        let list = Value::from(finder).call(ctx, (source,))?.call_method(ctx, "load", ())?;
        assert!(list.get_item(ctx, 0)?.is(module));

        let plain = pickle(ctx, "Unpickler", (file(ctx, b"Pcopy_reg\n.")?,))?;
        check(
            ctx,
            plain.call_method(ctx, "load", ()),
            "exceptions.AttributeError: Unpickler instance has no attribute 'persistent_load'",
        );
        Ok(())
    });
}

#[test]
fn a_hook_may_be_an_attribute_of_the_object() {
    python2(|ctx| {
        let out = file(ctx, b"")?;
        let pickler = pickle(ctx, "Pickler", (out,))?;
        let hook = Function::new(ctx, "hook", |ctx, _| Ok(ctx.str("x")));
        pickler.set_attr(ctx, "persistent_id", hook)?;
        pickler.call_method(ctx, "dump", (1,))?;
        assert_eq!(written(ctx, out)?, b"Px\n.");
        Ok(())
    });
}

#[test]
fn a_subclass_overrides_find_class() {
    python2(|ctx| {
        let class = ClassicClass::builder(ctx, "Restricted")
            .base(base(ctx, "Unpickler")?)
            .method("find_class", |ctx, this, args| {
                let (module, name): (String, Value<'_>) = args.parse(ctx, "find_class")?;
                if module == "copy" {
                    let own =
                        ctx.import_from("pickle", "Unpickler")?.get_attr(ctx, "find_class")?;
                    return own.call(ctx, (this, module, name));
                }
                Ok(ctx.str("refused"))
            })
            .build()?;
        let load = |stream: &[u8]| {
            Value::from(class).call(ctx, (file(ctx, stream)?,))?.call_method(ctx, "load", ())
        };
        check(ctx, load(b"cos\nsystem\n."), "'refused'");
        assert!(load(b"ccopy\nError\n.")?.is(ctx.import_from("copy", "Error")?));
        Ok(())
    });
}

#[test]
fn one_unpickler_reads_pickle_after_pickle() {
    python2(|ctx| {
        let unpickler = pickle(ctx, "Unpickler", (file(ctx, b"(lp0\n.g0\n.I7\n.")?,))?;
        let first = unpickler.call_method(ctx, "load", ())?;
        assert!(unpickler.call_method(ctx, "load", ())?.is(first));
        check(ctx, unpickler.get_attr(ctx, "memo"), "{'0': []}");
        check(ctx, unpickler.call_method(ctx, "load", ()), "7");
        check(
            ctx,
            unpickler.call_method(ctx, "load", ()),
            "exceptions.EOFError: the stream ends without STOP",
        );
        Ok(())
    });
}

#[test]
fn a_memo_that_is_replaced_while_it_is_read_is_shown_whole() {
    python2(|ctx| {
        let unpickler = pickle(ctx, "Unpickler", (file(ctx, b"(lp0\n.(dp0\n(lp1\n0.g0\n.")?,))?;
        for expected in ["[]", "{}", "{}"] {
            check(ctx, unpickler.call_method(ctx, "load", ()), expected);
        }
        check(ctx, unpickler.get_attr(ctx, "memo"), "{'0': {}, '1': []}");
        Ok(())
    });
}
