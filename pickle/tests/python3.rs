//! What Python 3's pickler and unpickler have beyond those of Python 2: buffers out of band, hooks, names of the other Python.

use std::cell::Cell;
use std::rc::Rc;

use halfsour_pickle::{PickleBuffer, Pickler, Placement, Unpickler};
use halfsour_runtime::{ByteArray, Bytes, Class, Context, List, Result, Runtime, Tuple, Value};

fn python3<T>(work: impl for<'gc> FnOnce(Context<'gc>) -> Result<'gc, T>) -> T {
    let mut runtime = Runtime::python3();
    let outcome = runtime.try_enter(|ctx| {
        halfsour_copyreg::install(ctx)?;
        work(ctx)
    });
    outcome.expect("no exception is left over")
}

/// The text of the exception that a stream raises.
fn refusal<'gc>(ctx: Context<'gc>, unpickler: &Unpickler<'_>, stream: &[u8]) -> String {
    match unpickler.loads(ctx, stream) {
        Ok(_) => String::new(),
        Err(error) => error.message(ctx),
    }
}

#[test]
fn a_buffer_of_the_host_is_not_copied() {
    python3(|ctx| {
        let pixels: Rc<[u8]> = vec![7; 100_000].into();
        let unpickler = Unpickler::new()
            .buffers(|ctx, _| Ok(Some(ctx.memoryview_of_host(pixels.clone()).into())));
        let loaded = unpickler.loads(ctx, b"\x80\x05\x97\x98.")?;
        assert_eq!(loaded.with_bytes(<[u8]>::as_ptr), Some(pixels.as_ptr()));
        assert_eq!(loaded.has_read_only_bytes(), Some(true));
        Ok(())
    });
}

#[test]
fn read_only_and_writable_buffers_stay_so() {
    python3(|ctx| {
        let array = ByteArray::from_vec(ctx, b"salt".to_vec());
        let bytes = Bytes::new(ctx, b"dill");
        let pickler = Pickler::new().protocol(5).buffer_callback(|_, _| Ok(Placement::OutOfBand));
        let pair = [
            PickleBuffer::new(ctx, array.into())?.into(),
            PickleBuffer::new(ctx, bytes.into())?.into(),
        ];
        let stream = pickler.dumps(ctx, Tuple::new(ctx, &pair).into())?;
        assert_eq!(stream, b"\x80\x05\x95\x06\0\0\0\0\0\0\0\x97\x97\x98\x86\x94.");

        // Writable memory that the writer took from read-only one is seen, and not written.
        let unpickler = Unpickler::new()
            .buffers(|ctx, _| Ok(Some(ByteArray::from_vec(ctx, b"given".to_vec()).into())));
        let loaded = unpickler.loads(ctx, &stream)?;
        let [first, second] = [loaded.get_item(ctx, 0)?, loaded.get_item(ctx, 1)?];
        assert!(matches!(first, Value::ByteArray(_)));
        assert_eq!(second.has_read_only_bytes(), Some(true));
        let written = second.set_item(ctx, 0, 1);
        assert_eq!(written.unwrap_err().message(ctx), "cannot modify read-only memory");
        Ok(())
    });
}

#[test]
fn buffers_in_band_are_bytes_and_bytearrays() {
    python3(|ctx| {
        let asked = Cell::new(0);
        let pickler = Pickler::new().protocol(5).buffer_callback(|_, buffer| {
            asked.set(asked.get() + 1);
            assert!(!buffer.is_read_only()?);
            Ok(Placement::InBand)
        });
        let array = ByteArray::from_vec(ctx, b"ab".to_vec());
        let buffer = Value::from(PickleBuffer::new(ctx, array.into())?);
        let stream = pickler.dumps(ctx, List::from_vec(ctx, vec![buffer, buffer]).into())?;
        // The second time it is in the memo.
        assert_eq!(asked.get(), 1);
        let list = Unpickler::new().loads(ctx, &stream)?;
        assert!(list.get_item(ctx, 0)?.is(list.get_item(ctx, 1)?));
        assert!(matches!(list.get_item(ctx, 0)?, Value::ByteArray(_)));
        Ok(())
    });
}

#[test]
fn what_is_wrong_with_buffers() {
    python3(|ctx| {
        let buffer = PickleBuffer::new(ctx, Bytes::new(ctx, b"ab").into())?;
        let old = Pickler::new().protocol(4).dumps(ctx, buffer.into()).unwrap_err();
        assert_eq!(old.message(ctx), "PickleBuffer can only be pickled with protocol >= 5");
        let pickler = Pickler::new().protocol(4).buffer_callback(|_, _| Ok(Placement::InBand));
        let old = pickler.dumps(ctx, Value::None).unwrap_err();
        assert_eq!(old.message(ctx), "buffer_callback needs protocol >= 5");
        buffer.release(ctx);
        let released = Pickler::new().protocol(5).dumps(ctx, buffer.into()).unwrap_err();
        assert_eq!(released.message(ctx), "operation forbidden on released PickleBuffer object");

        assert_eq!(
            refusal(ctx, &Unpickler::new(), b"\x97."),
            "pickle stream refers to out-of-band data but no *buffers* argument was given"
        );
        let empty = Unpickler::new().buffers(|_, _| Ok(None));
        assert_eq!(refusal(ctx, &empty, b"\x97."), "not enough out-of-band buffers");
        assert_eq!(
            refusal(ctx, &empty, b"K\x01\x98."),
            "memoryview: a bytes-like object is required, not 'int'"
        );
        Ok(())
    });
}

#[test]
fn a_buffer_is_a_python_object_too() {
    python3(|ctx| {
        let class = Value::from(halfsour_pickle::pickle_buffer_class(ctx)?);
        let buffer = class.call(ctx, (Bytes::new(ctx, b"ab"),))?;
        let raw = buffer.call_method(ctx, "raw", ())?;
        assert_eq!(raw.with_bytes(<[u8]>::to_vec).as_deref(), Some(&b"ab"[..]));
        let copy = Value::from(ctx.types().bytes).call(ctx, (buffer,))?;
        assert!(copy.equals(ctx, Bytes::new(ctx, b"ab").into())?);
        let wrapped = class.call(ctx, (buffer,))?;
        assert!(PickleBuffer::from_value(wrapped).is_some());
        assert!(class.call(ctx, (1,)).is_err());
        Ok(())
    });
}

fn jar<'gc>(ctx: Context<'gc>) -> Result<'gc, Value<'gc>> {
    let lid = Class::builder(ctx, "Lid").attr("__qualname__", "Jar.Lid").build()?;
    let jar = Class::builder(ctx, "Jar").attr("Lid", lid).method("open", |_, _, _| Ok(Value::None));
    let jar = jar.build()?;
    ctx.new_module("larder")?.class_named(ctx, jar)?;
    Ok(jar.into())
}

#[test]
fn a_class_in_a_class() {
    python3(|ctx| {
        let lid = jar(ctx)?.get_attr(ctx, "Lid")?;
        let dumps = |protocol| Pickler::new().protocol(protocol).dumps(ctx, lid);
        assert_eq!(
            dumps(2)?,
            b"\x80\x02c__builtin__\ngetattr\nq\x00clarder\nJar\nX\x03\0\0\0Lidq\x01\x86Rq\x02."
        );
        for protocol in 0..=5 {
            assert!(Unpickler::new().loads(ctx, &dumps(protocol)?)?.is(lid));
        }
        Ok(())
    });
}

#[test]
fn methods_have_the_names_of_their_classes() {
    python3(|ctx| {
        let open = jar(ctx)?.get_attr(ctx, "open")?;
        let stream = Pickler::new().protocol(4).dumps(ctx, open)?;
        assert!(Unpickler::new().loads(ctx, &stream)?.is(open));
        assert_eq!(open.get_attr(ctx, "__qualname__")?.to::<String>(ctx)?, "Jar.open");
        Ok(())
    });
}

#[test]
fn a_reducer_override_comes_before_everything_but_the_built_in_containers() {
    python3(|ctx| {
        let jar = jar(ctx)?;
        let made = jar.call(ctx, ())?;
        let asked = Cell::new(0);
        let pickler = Pickler::new().reducer_override(|ctx, object| {
            asked.set(asked.get() + 1);
            let by_name = matches!(object, Value::Class(_));
            Ok((!by_name).then(|| {
                let args = Tuple::new(ctx, &[Value::Int(7)]).into();
                Tuple::new(ctx, &[ctx.types().list.into(), args]).into()
            }))
        });
        let stream = pickler.dumps(ctx, List::from_vec(ctx, vec![made, Value::Int(1)]).into());
        // `list(7)` is for the loader to refuse.
        assert!(Unpickler::new().loads(ctx, &stream?).is_err());
        assert_eq!(asked.get(), 2, "about the instance and about the class list");
        Ok(())
    });
}

#[test]
fn a_dispatch_table_takes_the_place_of_that_of_copyreg() {
    python3(|ctx| {
        let jar = jar(ctx)?;
        let made = jar.call(ctx, ())?;
        let reducer = halfsour_runtime::Function::new(ctx, "reducer", |ctx, _| {
            let args = Tuple::new(ctx, &[]).into();
            Ok(Tuple::new(ctx, &[ctx.types().dict.into(), args]).into())
        });
        ctx.new_module("tools")?.set(ctx, "reducer", reducer)?;
        let pickler = Pickler::new().dispatch_table(|ctx, class| {
            let found = class.name() == "Jar";
            found.then(|| ctx.import_from("tools", "reducer")).transpose()
        });
        let loaded = Unpickler::new().loads(ctx, &pickler.dumps(ctx, made)?)?;
        assert!(matches!(loaded, Value::Dict(_)));
        Ok(())
    });
}

#[test]
fn names_of_the_other_python() {
    python3(|ctx| {
        let text = Value::from(ctx.types().unicode);
        let dumps = |fix| Pickler::new().protocol(2).fix_imports(fix).dumps(ctx, text);
        assert_eq!(dumps(true)?, b"\x80\x02c__builtin__\nunicode\nq\x00.");
        assert_eq!(dumps(false)?, b"\x80\x02cbuiltins\nstr\nq\x00.");
        assert!(Unpickler::new().loads(ctx, &dumps(true)?)?.is(text));
        let strict = Unpickler::new().fix_imports(false);
        assert_eq!(refusal(ctx, &strict, &dumps(true)?), "No module named '__builtin__'");
        // From protocol 3 on a name is what it says.
        let new = b"\x80\x03c__builtin__\nunicode\n.";
        assert_eq!(refusal(ctx, &Unpickler::new(), new), "No module named '__builtin__'");
        Ok(())
    });
}

#[test]
fn a_find_class_hook_gets_the_names_that_are_in_the_stream() {
    python3(|ctx| {
        let hook = Unpickler::new()
            .find_class(|ctx, module, name| Ok(ctx.str(&format!("{module} {name}"))));
        let found = hook.loads(ctx, b"c__builtin__\nunicode\n.")?;
        assert_eq!(found.to::<String>(ctx)?, "__builtin__ unicode");
        Ok(())
    });
}

#[test]
fn strings_of_python_2() {
    python3(|ctx| {
        let stream = b"U\x02\xe9\xff.";
        let load = |encoding, errors| {
            let loaded = Unpickler::new().encoding(encoding).errors(errors).loads(ctx, stream);
            loaded.map(|value| value.repr(ctx).and_then(|it| it.to::<String>(ctx)))
        };
        assert!(load("ASCII", "strict").is_err());
        assert_eq!(load("latin-1", "strict")??, "'éÿ'");
        assert_eq!(load("bytes", "strict")??, "b'\\xe9\\xff'");
        assert_eq!(load("ASCII", "ignore")??, "''");
        assert_eq!(load("utf-8", "replace")??, "'\u{fffd}\u{fffd}'");
        let unknown = load("klingon", "strict").unwrap_err();
        assert_eq!(unknown.message(ctx), "unknown encoding: klingon");
        Ok(())
    });
}
