//! Code that runs in the middle of a dump or a load and changes what is being worked on: a Python exception or a whole
//! result, and a runtime that stays usable.

use std::cell::RefCell;
use std::rc::Rc;

use halfsour_pickle::{Flavour, Pickler, Unpickler};
use halfsour_runtime::{
    Class, ClassicClass, Context, Dict, Error, List, Result, Runtime, Set, Stashed, Tuple, Value,
    exc,
};

const FLAVOURS: [Flavour; 3] = [Flavour::Pickle, Flavour::CPickle, Flavour::Python3];

/// A runtime that speaks the Python of a flavour, with `copy_reg`.
fn runtime(flavour: Flavour) -> Runtime {
    let mut runtime = match flavour {
        Flavour::Python3 => Runtime::python3(),
        _ => Runtime::python2(),
    };
    runtime.try_enter(|ctx| halfsour_copyreg::install(ctx)).expect("copy_reg is installed");
    runtime
}

/// A container that the hooks of a test reach.
type Shared = Rc<RefCell<Option<Stashed<Value<'static>>>>>;

/// A class whose `__reduce__` does something to the shared container, and then reduces to `int`.
fn meddler<'gc>(
    ctx: Context<'gc>,
    shared: &Shared,
    meddle: impl for<'a> Fn(Context<'a>, Value<'a>) -> Result<'a, ()> + 'static,
) -> Result<'gc> {
    let shared = Rc::clone(shared);
    let class = Class::builder(ctx, "Meddler")
        .method("__reduce__", move |ctx, _, _| {
            let container = shared.borrow().as_ref().map(|it| ctx.fetch(it));
            meddle(ctx, container.unwrap_or(Value::None))?;
            let int = Value::from(ctx.types().int);
            Ok(Tuple::new(ctx, &[int, Tuple::new(ctx, &[]).into()]).into())
        })
        .build()?;
    Value::from(class).call(ctx, ())
}

/// Dumps a container that its own content changes, at every protocol, and checks that pickler and runtime go on.
fn dump_while_changing(
    fill: impl for<'a> Fn(Context<'a>, Value<'a>) -> Result<'a>,
    meddle: impl for<'a> Fn(Context<'a>, Value<'a>) -> Result<'a, ()> + Copy + 'static,
) {
    for flavour in FLAVOURS {
        let mut runtime = runtime(flavour);
        for protocol in 0..=if flavour == Flavour::Python3 { 5 } else { 2 } {
            let shared = Shared::default();
            let outcome = runtime.try_enter(|ctx| {
                let meddler = meddler(ctx, &shared, meddle)?;
                let container = fill(ctx, meddler)?;
                *shared.borrow_mut() = Some(ctx.stash(container));
                let pickler = Pickler::new().flavour(flavour).protocol(protocol);
                let session = pickler.session(ctx)?;
                let mut bytes = Vec::new();
                let dumped = session.dump(ctx, &pickler, container, &mut bytes);
                // Whatever became of it, the pickler goes on.
                session.dump(ctx, &pickler, Value::Int(7), &mut bytes)?;
                let is_python = match &dumped {
                    Ok(()) => true,
                    Err(error) => error.is(ctx, &exc::RUNTIME_ERROR),
                };
                if dumped.is_ok() {
                    Unpickler::new().flavour(flavour).loads(ctx, &bytes)?;
                }
                assert!(is_python, "{flavour:?} {protocol}: {dumped:?}");
                Ok(())
            });
            shared.borrow_mut().take();
            outcome.unwrap_or_else(|error| panic!("{flavour:?} {protocol}: {error}"));
        }
    }
}

fn list_of<'gc>(ctx: Context<'gc>, meddler: Value<'gc>) -> Result<'gc> {
    let items = [Value::Int(1), meddler, Value::Int(2), Value::Int(3)];
    Ok(List::from_vec(ctx, items.to_vec()).into())
}

fn dict_of<'gc>(ctx: Context<'gc>, meddler: Value<'gc>) -> Result<'gc> {
    let dict = Dict::new(ctx);
    for (key, value) in [(1, Value::None), (2, meddler), (3, Value::None)] {
        dict.insert(ctx, Value::Int(key), value)?;
    }
    Ok(dict.into())
}

fn set_of<'gc>(ctx: Context<'gc>, meddler: Value<'gc>) -> Result<'gc> {
    let set = Set::new(ctx);
    for item in [Value::Int(1), meddler, Value::Int(2)] {
        set.add(ctx, item)?;
    }
    Ok(set.into())
}

#[test]
fn a_list_that_shrinks_while_it_is_written() {
    dump_while_changing(list_of, |ctx, list| {
        list.call_method(ctx, "__delitem__", (1,))?;
        list.call_method(ctx, "__delitem__", (1,)).map(drop)
    });
}

#[test]
fn a_list_that_grows_while_it_is_written() {
    dump_while_changing(list_of, |ctx, list| list.call_method(ctx, "append", (9,)).map(drop));
}

#[test]
fn a_dict_that_is_cleared_while_it_is_written() {
    dump_while_changing(dict_of, |ctx, dict| dict.call_method(ctx, "clear", ()).map(drop));
}

#[test]
fn a_dict_that_grows_while_it_is_written() {
    dump_while_changing(dict_of, |ctx, dict| dict.set_item(ctx, Value::Int(99), Value::None));
}

#[test]
fn a_set_that_changes_while_it_is_written() {
    dump_while_changing(set_of, |ctx, set| set.call_method(ctx, "clear", ()).map(drop));
}

/// Loads a stream of a container that holds an object whose class meddles with it.
fn load_with(method: &'static str, stream: impl Fn(Flavour) -> Vec<u8>) {
    for flavour in FLAVOURS {
        let shared = Shared::default();
        let mut runtime = runtime(flavour);
        let outcome = runtime.try_enter(|ctx| {
            let found = Rc::clone(&shared);
            let clear = move |ctx: Context<'_>| {
                if let Some(container) = found.borrow().as_ref().map(|it| ctx.fetch(it)) {
                    match container {
                        Value::Dict(dict) => dict.clear(ctx),
                        other => drop(other.call_method(ctx, "clear", ()).is_ok()),
                    }
                }
            };
            let class = Class::builder(ctx, "Meddler")
                .method("__hash__", |_, _, _| Ok(Value::Int(5)))
                .method("__eq__", |_, _, _| Ok(Value::Bool(false)))
                .method("__ne__", |_, _, _| Ok(Value::Bool(true)))
                .method(method, move |ctx, _, _| {
                    clear(ctx);
                    Ok(match method {
                        "__hash__" => Value::Int(5),
                        _ => Value::Bool(false),
                    })
                })
                .build()?;
            ctx.new_module("m")?.class_named(ctx, class)?;
            let unpickler = Unpickler::new().flavour(flavour).persistent_load(|ctx, _| {
                // The container that the rest of the stream fills.
                let container = Value::from(Dict::new(ctx));
                *shared.borrow_mut() = Some(ctx.stash(container));
                Ok(container)
            });
            let loaded = unpickler.loads(ctx, &stream(flavour));
            if let Err(error) = &loaded {
                let python = [&exc::RUNTIME_ERROR, &exc::KEY_ERROR, &exc::TYPE_ERROR];
                assert!(python.iter().any(|class| error.is(ctx, class)), "{error:?}");
            }
            if let Ok(Value::Dict(dict)) = loaded {
                // What is left in it is found by a walk, and can be removed.
                assert_eq!(dict.entries().len(), dict.len());
                dict.clear(ctx);
            }
            assert!(Unpickler::new().flavour(flavour).loads(ctx, b"I7\n.")?.is(Value::Int(7)));
            Ok(())
        });
        shared.borrow_mut().take();
        outcome.unwrap_or_else(|error| panic!("{flavour:?}: {error}"));
    }
}

/// `{m: 1, m: 2, m: 3}` of different objects of one class, put into the shared dict.
fn keys(_: Flavour) -> Vec<u8> {
    let mut stream = b"Px\n(".to_vec();
    for number in 1..=40 {
        stream.extend_from_slice(format!("cm\nMeddler\n)\x10I{number}\n").as_bytes());
    }
    stream.extend_from_slice(b"u.");
    // NEWOBJ is no text.
    stream.iter().map(|&byte| if byte == 0x10 { 0x81 } else { byte }).collect()
}

#[test]
fn a_key_whose_eq_clears_the_dict_that_gets_it() {
    load_with("__eq__", keys);
}

#[test]
fn a_key_whose_hash_clears_the_dict_that_gets_it() {
    load_with("__hash__", keys);
}

#[test]
fn a_state_that_clears_the_dict_that_holds_the_object() {
    load_with("__setstate__", |_| b"Px\nI1\ncm\nMeddler\n)\x81p1\nsI2\ng1\nNb0I3\n0.".to_vec());
}

#[test]
fn hooks_that_return_nonsense() {
    let nonsense: [fn(Context<'_>) -> Value<'_>; 4] = [
        |_| Value::Int(3),
        |ctx| List::new(ctx).into(),
        |ctx| Tuple::new(ctx, &[Value::None]).into(),
        |ctx| Tuple::new(ctx, &[Value::None, Value::None]).into(),
    ];
    for flavour in FLAVOURS {
        for reduced in nonsense {
            let outcome = runtime(flavour).try_enter(|ctx| {
                let class = Class::builder(ctx, "Nonsense")
                    .method("__reduce_ex__", move |ctx, _, _| Ok(reduced(ctx)))
                    .build()?;
                let object = Value::from(class).call(ctx, ())?;
                let pickler = Pickler::new().flavour(flavour);
                let session = pickler.session(ctx)?;
                let mut bytes = Vec::new();
                session.dump(ctx, &pickler, object, &mut bytes).unwrap_err();
                session.dump(ctx, &pickler, Value::None, &mut bytes)
            });
            outcome.unwrap_or_else(|error| panic!("{flavour:?}: {error}"));
        }
    }
}

#[test]
fn a_classic_instance_that_raises_while_it_is_asked() {
    for flavour in [Flavour::Pickle, Flavour::CPickle] {
        for method in ["__getstate__", "__getinitargs__"] {
            let outcome = runtime(flavour).try_enter(|ctx| {
                let class = ClassicClass::builder(ctx, "Raises")
                    .method(method, |_, _, _| Err(Error::new(&exc::KEY_ERROR, "no")))
                    .build()?;
                ctx.new_module("m")?.class_named(ctx, class)?;
                let object = Value::from(class).call(ctx, ())?;
                let pickler = Pickler::new().flavour(flavour);
                let dumped = pickler.dumps(ctx, vec_of(ctx, object));
                // `hasattr` of Python 2 lets only a look-up fail unseen, not a call.
                assert!(dumped.unwrap_err().is(ctx, &exc::KEY_ERROR), "{method}");
                pickler.dumps(ctx, Value::None).map(drop)
            });
            outcome.unwrap_or_else(|error| panic!("{flavour:?}: {error}"));
        }
    }
}

fn vec_of<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Value<'gc> {
    List::from_vec(ctx, vec![object]).into()
}
