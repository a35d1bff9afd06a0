//! What `globals` lists is what a load does: in the same order, no more when the load succeeds, and never less.
//!
//! The loads find a class of their own making for every global, which takes any arguments and any state and keeps a log.

use std::cell::RefCell;
use std::rc::Rc;

use halfsour_corpus::Result;
use halfsour_pickle::tools::{self, Globals, Target, Use};
use halfsour_pickle::{Callables, Flavour, Opcode, Unpickler};
use halfsour_runtime::{Class, Context, Instance, Runtime, Value};

use crate::replay::is_read_differently;
use crate::streams::{Stream, streams};

/// What happened, in words.
type Log = Rc<RefCell<Vec<String>>>;

#[test]
fn pickle_does_what_globals_lists() -> Result<()> {
    compare(Runtime::python2, Flavour::Pickle)
}

#[test]
fn cpickle_does_what_globals_lists() -> Result<()> {
    compare(Runtime::python2, Flavour::CPickle)
}

#[test]
fn python3_does_what_globals_lists() -> Result<()> {
    compare(Runtime::python3, Flavour::Python3)
}

fn compare(runtime: fn() -> Runtime, flavour: Flavour) -> Result<()> {
    let mut runtime = runtime();
    let (mut loaded, mut all) = (0, 0);
    for stream in streams()? {
        all += 1;
        loaded += usize::from(check(&mut runtime, flavour, &stream));
    }
    println!("globals and {flavour:?}: the same for {all} streams, of which {loaded} load");
    Ok(())
}

/// Checks one stream, and returns whether it loaded.
pub(crate) fn check(runtime: &mut Runtime, flavour: Flavour, stream: &Stream) -> bool {
    let (listed, fault) = match tools::globals(&stream.bytes) {
        Ok(found) => (expected(&found), None),
        Err(incomplete) => (expected(incomplete.found()), Some(incomplete)),
    };
    let (done, loaded) = load(runtime, flavour, &stream.bytes);
    let compared = match &fault {
        // The load may go on where the scan did not.
        Some(fault) if is_read_differently(fault.error()) => done.len().min(listed.events.len()),
        _ => done.len(),
    };
    let compared = if listed.is_cut { compared.min(listed.events.len()) } else { compared };
    assert_eq!(
        done.get(..compared),
        listed.events.get(..compared),
        "{} by {flavour:?}",
        stream.name
    );
    if let Some(fault) = fault.as_ref().filter(|fault| !is_read_differently(fault.error())) {
        assert!(!loaded, "{} loads in {flavour:?}: {fault}", stream.name);
    }
    if loaded && fault.is_none() && !listed.is_cut {
        assert_eq!(done.len(), listed.events.len(), "{} by {flavour:?}", stream.name);
    }
    check_policy(runtime, flavour, stream);
    loaded
}

/// Checks that a policy is asked about what `globals` lists, each use before it happens.
fn check_policy(runtime: &mut Runtime, flavour: Flavour, stream: &Stream) {
    let (found, is_whole) = match tools::globals(&stream.bytes) {
        Ok(found) => (found, true),
        Err(incomplete) => (incomplete.found().clone(), false),
    };
    let listed: Vec<_> =
        found.events().map(|it| format!("{}: {:?}", it.target, it.usage)).collect();
    let asked = RefCell::new(Vec::new());
    let log = Log::default();
    let unpickler = Unpickler::new()
        .flavour(flavour)
        .policy(|target, usage| {
            asked.borrow_mut().push(format!("{target}: {usage:?}"));
            true
        })
        .find_class(|ctx, module, name| {
            let target = Target::Global { module: module.into(), name: name.into() };
            named(ctx, &target, &log)
        })
        .persistent_load(|ctx, _| named(ctx, &Target::Persistent, &log));
    let loaded = runtime.try_enter(|ctx| unpickler.loads(ctx, &stream.bytes).map(|_| ()));
    drop(unpickler);
    let asked = asked.take();
    // From here on the load may do something else than what the scan has seen.
    let cut = found.events().position(|event| {
        matches!(event.target, Target::Extension(_) | Target::Unresolved { .. })
            || event.usage == Use::Altered
            || event.usage == Use::Instantiated
                && event.opcode != Opcode::REDUCE
                && is_helper(event.target)
    });
    let compared = asked.len().min(cut.unwrap_or(listed.len()));
    assert_eq!(asked[..compared], listed[..compared], "{} by {flavour:?}", stream.name);
    if loaded.is_ok() && is_whole && cut.is_none() {
        assert_eq!(asked.len(), listed.len(), "{} by {flavour:?}", stream.name);
    }
}

struct Listed {
    events: Vec<String>,
    /// What comes behind is not compared: the stream changes a class, or names one by an extension code.
    is_cut: bool,
}

/// The uses that a load can notice, in the words of the log.
fn expected(found: &Globals) -> Listed {
    let mut events = Vec::new();
    let mut helper_at = None;
    for event in found.events() {
        let what = match event.usage {
            Use::Altered => return Listed { events, is_cut: true },
            _ if matches!(event.target, Target::Extension(_)) => {
                return Listed { events, is_cut: true };
            }
            Use::Referenced if matches!(event.target, Target::Unresolved { .. }) => {
                return Listed { events, is_cut: true };
            }
            // NEWOBJ of a function is an error, but not of what stands in for one here.
            Use::Instantiated if event.opcode != Opcode::REDUCE && is_helper(event.target) => {
                return Listed { events, is_cut: true };
            }
            // The class is an argument, and is not called itself.
            Use::Instantiated if event.opcode == Opcode::REDUCE => continue,
            Use::ResultCalled if helper_at == Some(event.offset) => continue,
            Use::GivenItems => continue,
            Use::Referenced => "named",
            Use::Called | Use::Instantiated => "called",
            Use::GivenState => "given state",
            Use::ResultCalled => "result called",
        };
        helper_at = is_helper(event.target).then_some(event.offset);
        events.push(format!("{}: {what}", event.target));
    }
    Listed { events, is_cut: false }
}

fn load(runtime: &mut Runtime, flavour: Flavour, stream: &[u8]) -> (Vec<String>, bool) {
    let log = Log::default();
    let unpickler = Unpickler::new()
        .flavour(flavour)
        .callables(Callables::Any)
        .find_class(|ctx, module, name| {
            let target = Target::Global { module: module.into(), name: name.into() };
            named(ctx, &target, &log)
        })
        .persistent_load(|ctx, _| named(ctx, &Target::Persistent, &log));
    let loaded = runtime.try_enter(|ctx| unpickler.loads(ctx, stream).map(|_| ()));
    drop(unpickler);
    let done = log.take();
    (done, loaded.is_ok())
}

/// Notes that a global is named, and returns a class in its place.
fn named<'gc>(
    ctx: Context<'gc>,
    target: &Target,
    log: &Log,
) -> halfsour_runtime::Result<'gc, Value<'gc>> {
    let text = target.to_string();
    log.borrow_mut().push(format!("{text}: named"));
    let note = |what: &str| {
        let (log, line) = (log.clone(), format!("{text}: {what}"));
        move || log.borrow_mut().push(line.clone())
    };
    let (called, given_state) = (note("called"), note("given state"));
    let (made_called, result_called) = (note("result called"), note("result called"));
    let helper = is_helper(target);
    let class = Class::builder(ctx, "Stand-in")
        .method("__new__", move |ctx, class, args| {
            match class {
                Value::Class(_) => called(),
                // pickle.py takes `__new__` from an object as well as from a class.
                _ => made_called(),
            }
            let of = match args.positional().first() {
                Some(first @ Value::Class(_)) if helper => *first,
                Some(Value::Instance(made)) if helper => made.class().into(),
                _ => class,
            };
            match of {
                Value::Class(class) => Ok(Instance::bare(ctx, class).into()),
                object => Ok(object),
            }
        })
        .method("__init__", |_, _, _| Ok(Value::None))
        .method("__setstate__", move |_, _, _| {
            given_state();
            Ok(Value::None)
        })
        .method("__call__", move |_, this, _| {
            result_called();
            Ok(this)
        })
        .method("append", |_, _, _| Ok(Value::None))
        .method("extend", |_, _, _| Ok(Value::None))
        .method("add", |_, _, _| Ok(Value::None))
        .method("update", |_, _, _| Ok(Value::None))
        .method("__setitem__", |_, _, _| Ok(Value::None))
        .method("__hash__", |_, _, _| Ok(Value::Int(1)))
        .build()?;
    Ok(class.into())
}

/// Whether a global makes objects of the class that is its first argument.
fn is_helper(target: &Target) -> bool {
    let Target::Global { module, name } = target else { return false };
    matches!(&**module, "copy_reg" | "copyreg")
        && matches!(&**name, "_reconstructor" | "__newobj__" | "__newobj_ex__")
}
