//! What the documentation of Python 2.7 promises of pickler and unpickler objects.

use halfsour_runtime::{Class, ClassicClass, Error, Function, List, Value, exc};

use crate::support::{call, file, outcome, python2, written};

/// "Subclassing Unpicklers": `load_global` reads two lines and appends what it finds to the stack.
#[test]
fn load_global_can_be_overridden() {
    python2(|ctx| {
        let base: ClassicClass<'_> = ctx.import_from("pickle", "Unpickler")?.to(ctx)?;
        let safe = Class::builder(ctx, "Safe").build()?;
        let restricted = ClassicClass::builder(ctx, "Restricted")
            .base(base)
            .attr("safe", safe)
            .method("load_global", |ctx, this, _| {
                let module = this.call_method(ctx, "readline", ())?;
                let name = this.call_method(ctx, "readline", ())?;
                if module.equals(ctx, ctx.str("os\n"))? && name.equals(ctx, ctx.str("system\n"))? {
                    let safe = this.get_attr(ctx, "safe")?;
                    return this.call_method(ctx, "append", (safe,));
                }
                Err(Error::new(&exc::KEY_ERROR, "not on the list"))
            })
            .build()?;
        let source = file(ctx, b"(cos\nsystem\ncos\nsystem\nt.")?;
        let unpickler = Value::from(restricted).call(ctx, (source,))?;
        let pair = unpickler.call_method(ctx, "load", ())?;
        assert!(pair.get_item(ctx, 0)?.is(safe.into()));
        assert!(pair.get_item(ctx, 1)?.is(safe.into()));
        let source = file(ctx, b"ccopy\nError\n.")?;
        let refused = Value::from(restricted).call(ctx, (source,))?.call_method(ctx, "load", ());
        assert!(refused.unwrap_err().is(ctx, &exc::KEY_ERROR));
        // The class's own method, from an override that leaves the reading to it.
        let transparent = ClassicClass::builder(ctx, "Transparent")
            .base(base)
            .method("load_global", |ctx, this, _| {
                let own = ctx.import_from("pickle", "Unpickler")?;
                own.get_attr(ctx, "load_global")?.call(ctx, (this,))
            })
            .build()?;
        let source = file(ctx, b"ccopy\nError\n.")?;
        let found = Value::from(transparent).call(ctx, (source,))?.call_method(ctx, "load", ())?;
        assert!(found.is(ctx.import_from("copy", "Error")?));
        Ok(())
    });
}

/// Footnote 3: an object that is changed between two dumps of one Pickler comes back with its old value.
#[test]
fn an_object_changed_between_two_dumps_comes_back_as_it_was() {
    for module in ["pickle", "cPickle"] {
        python2(|ctx| {
            let out = file(ctx, b"")?;
            let pickler = call(ctx, module, "Pickler", (out,))?;
            let list = List::new(ctx);
            pickler.call_method(ctx, "dump", (list,))?;
            list.push(ctx, Value::Int(1));
            pickler.call_method(ctx, "dump", (list,))?;
            let unpickler = call(ctx, module, "Unpickler", (file(ctx, &written(ctx, out)?)?,))?;
            unpickler.call_method(ctx, "load", ())?;
            let again = unpickler.call_method(ctx, "load", ());
            assert_eq!(outcome(ctx, again), "[]");
            Ok(())
        });
    }
}

/// "an unspecified number of bytes may have already been written to the underlying file", and the memo stays usable.
#[test]
fn a_dump_that_fails_leaves_what_was_written() {
    for (module, first) in [("pickle", 0), ("cPickle", 1)] {
        python2(|ctx| {
            let out = file(ctx, b"")?;
            let pickler = call(ctx, module, "Pickler", (out,))?;
            let inner = List::new(ctx);
            let lambda = Function::new(ctx, "<lambda>", |_, _| Ok(Value::None));
            let outer = List::from_vec(ctx, vec![inner.into(), lambda.into()]);
            pickler.call_method(ctx, "dump", (outer,)).unwrap_err();
            let partial = written(ctx, out)?;
            assert_eq!(partial, format!("(lp{first}\n(lp{}\na", first + 1).into_bytes());
            pickler.call_method(ctx, "dump", (inner,))?;
            let more = written(ctx, out)?[partial.len()..].to_vec();
            assert_eq!(more, format!("g{}\n.", first + 1).into_bytes());
            pickler.get_attr(ctx, "memo")?.call_method(ctx, "clear", ())?;
            pickler.call_method(ctx, "dump", (inner,))?;
            Ok(())
        });
    }
}
