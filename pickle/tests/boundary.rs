//! The policy as a boundary: whatever a stream is made of, all that it names, calls, makes and alters has been asked about
//! and allowed before it happens.
//!
//! The streams are random sequences of opcodes that reach for a module of traps, and golden and malformed pickles with random
//! edits. Everything in the module notes its use; the policy notes what it allowed.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use halfsour_corpus::{BadInput, GoldenLine, folder};
use halfsour_pickle::tools::{Target, Use};
use halfsour_pickle::{Flavour, Missing, Opaque, Opcode, Unpickler};
use halfsour_runtime::{Class, Context, Result, Runtime, Value};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};

/// What was done with the traps: the name of each, and how it was used.
type Log = Rc<RefCell<BTreeSet<(&'static str, &'static str)>>>;

/// Defines a module of two classes and a function that note every use.
fn install<'gc>(ctx: Context<'gc>, log: &Log) -> Result<'gc, ()> {
    halfsour_copyreg::install(ctx)?;
    let module = ctx.new_module("trap")?;
    let note = |name: &'static str, usage: &'static str| {
        let log = Rc::clone(log);
        move || {
            log.borrow_mut().insert((name, usage));
        }
    };
    let spring = note("spring", "called");
    module.function(ctx, "spring", move |_, _| {
        spring();
        Ok(Value::None)
    })?;
    for name in ["Trap", "Other"] {
        let (made, state, items) =
            (note(name, "called"), note(name, "given state"), note(name, "given items"));
        let (set, called) = (items.clone(), note(name, "result called"));
        let class = Class::builder(ctx, name)
            .method("__init__", move |_, _, _| {
                made();
                Ok(Value::None)
            })
            .method("__setstate__", move |_, _, _| {
                state();
                Ok(Value::None)
            })
            .method("append", move |_, _, _| {
                items();
                Ok(Value::None)
            })
            .method("__setitem__", move |_, _, _| {
                set();
                Ok(Value::None)
            })
            .method("__call__", move |_, _, _| {
                called();
                Ok(Value::None)
            })
            .build()?;
        module.class_named(ctx, class)?;
    }
    halfsour_copyreg::add_extension(ctx, "trap", "Other", 7)
}

/// Loads a stream under a policy that allows some uses of some names, and checks that nothing else happened.
fn check(flavour: Flavour, stream: &[u8], allowed: u8) -> std::result::Result<(), String> {
    let log = Log::default();
    let asked = RefCell::new(BTreeSet::new());
    let persistent = Cell::new(0_usize);
    let unpickler = Unpickler::new()
        .flavour(flavour)
        .newer_protocols(true)
        .persistent_load(|_, _| {
            persistent.set(persistent.get() + 1);
            Ok(Value::None)
        })
        .policy(|target, usage| {
            let allows = match target {
                Target::Global { module, name } => match (&**module, &**name) {
                    ("trap", "spring") => allowed & 1 != 0,
                    ("trap", "Trap") => usage == Use::Referenced || allowed & 2 != 0,
                    ("trap", "Other") => allowed & 4 != 0,
                    _ => false,
                },
                Target::Extension(_) => allowed & 8 != 0,
                Target::Persistent => allowed & 16 != 0,
                _ => false,
            };
            if allows {
                asked.borrow_mut().insert((target.to_string(), usage));
            }
            allows
        });
    let mut runtime = match flavour {
        Flavour::Python3 => Runtime::python3(),
        Flavour::Pickle | Flavour::CPickle => Runtime::python2(),
    };
    let defined = runtime.try_enter(|ctx| install(ctx, &log));
    defined.map_err(|error| error.to_string())?;
    let _ = runtime.try_enter(|ctx| unpickler.loads(ctx, stream).map(drop));
    if persistent.get() > 0 && allowed & 16 == 0 {
        return Err("a persistent id was loaded".to_owned());
    }
    drop(unpickler);
    let asked = asked.into_inner();
    let was_asked = |name: &str, uses: &[Use]| {
        let by_name = format!("trap.{name}");
        uses.iter().any(|usage| asked.contains(&(by_name.clone(), *usage)))
    };
    for &(name, usage) in log.borrow().iter() {
        let uses: &[Use] = match usage {
            "called" => &[Use::Called, Use::Instantiated],
            "given state" => &[Use::GivenState, Use::Altered],
            "given items" => &[Use::GivenItems, Use::Altered],
            _ => &[Use::ResultCalled],
        };
        if !was_asked(name, uses) {
            return Err(format!("{name} was {usage}; allowed was {asked:?}"));
        }
    }
    Ok(())
}

/// Parts of streams that reach for something, and opcodes that do something with it.
fn parts() -> impl Strategy<Value = Vec<u8>> {
    let reach: Vec<&'static [u8]> = vec![
        b"ctrap\nTrap\n",
        b"ctrap\nOther\n",
        b"ctrap\nspring\n",
        b"ctrap\nTrap.__class__\n",
        b"\x8c\x04trap\x8c\x04Trap\x93",
        b"\x8c\x04trap\x8c\x0eTrap.__class__\x93",
        b"\x8c\x04trap\x8c\x0dTrap.__init__\x93",
        b"\x82\x07",
        b"(itrap\nTrap\n",
        b"(itrap\nOther\n",
        b"ccopy_reg\n_reconstructor\n",
        b"ccopy_reg\n__newobj__\n",
        b"ccopyreg\n__newobj__\n",
        b"c__builtin__\ngetattr\n",
        b"c__builtin__\nmap\n",
        b"cbuiltins\ngetattr\n",
        b"Pid\n",
        b"NQ",
    ];
    let act: Vec<&'static [u8]> = vec![
        b"(tR",
        b"R",
        b")\x81",
        b"\x81",
        b"o",
        b"}b",
        b"b",
        b"Na",
        b"a",
        b"NNs",
        b"s",
        b")}\x92",
        b"\x92",
        b"(",
        b")",
        b"}",
        b"]",
        b"N",
        b"0",
        b"1",
        b"2",
        b"q\0",
        b"h\0",
        b"q\x01",
        b"h\x01",
        b"\x85",
        b"\x86",
        b"\x87",
        b"t",
        b"l",
        b"e",
        b"u",
        b"\x90",
        b"(NNu",
        b"(NNe",
        b"U\x08__call__",
        b"U\x0c__setstate__",
        b"X\x09\0\0\0__class__",
        b"X\x08\0\0\0__dict__",
        b"\x80\x02",
        b"\x80\x04",
    ];
    let part = prop_oneof![2 => select(reach), 5 => select(act)];
    vec(part, 1..24).prop_map(|parts| [&parts.concat()[..], b"."].concat())
}

fn flavour() -> impl Strategy<Value = Flavour> {
    select(vec![Flavour::Pickle, Flavour::CPickle, Flavour::Python3])
}

fn run(strategy: impl Strategy<Value = Vec<u8>>, cases: u32) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let checked = TestRunner::new(config).run(
        &(flavour(), strategy, any::<u8>()),
        |(flavour, stream, allowed)| {
            let checked = check(flavour, &stream, allowed);
            prop_assert!(checked.is_ok(), "{} {checked:?}", stream.escape_ascii());
            Ok(())
        },
    );
    if let Err(failure) = checked {
        panic!("{failure}");
    }
}

#[test]
fn no_sequence_of_opcodes_does_what_was_not_allowed() {
    run(parts(), 1500);
}

#[test]
fn no_edited_pickle_does_what_was_not_allowed() -> halfsour_corpus::Result<()> {
    let mut streams = Vec::new();
    let corpus = folder::data();
    for path in folder::golden_manifests(&corpus)? {
        for line in GoldenLine::read_manifest(&path)? {
            streams.extend(line.stream()?);
        }
    }
    for path in folder::bad_manifests(&corpus)? {
        for input in BadInput::read_manifest(&path)? {
            streams.push(input.stream()?);
        }
    }
    streams.retain(|stream| stream.len() < 300);
    let opcodes: Vec<u8> = Opcode::ALL.iter().map(|it| it.byte()).collect();
    // Parts that reach for the traps stand in the place of some bytes.
    let edited = (
        select(streams),
        vec((any::<Index>(), parts()), 1..4),
        vec((any::<Index>(), select(opcodes)), 0..4),
    )
        .prop_map(|(mut stream, parts, opcodes)| {
            for (at, part) in parts {
                let at = at.index(stream.len() + 1);
                stream.splice(at..at, part[..part.len() - 1].iter().copied());
            }
            for (at, opcode) in opcodes {
                let at = at.index(stream.len());
                stream[at] = opcode;
            }
            stream
        });
    run(edited, 600);
    Ok(())
}

/// The check itself must not be satisfied with anything.
#[test]
fn the_traps_spring() {
    let log = Log::default();
    let mut runtime = Runtime::python2();
    let stream = b"(ctrap\nspring\n(tRctrap\nTrap\n(tR}bNa(tRt.";
    runtime
        .try_enter(|ctx| {
            install(ctx, &log)?;
            Unpickler::new().policy(|_, _| true).loads(ctx, stream).map(drop)
        })
        .expect("all is allowed");
    let uses: Vec<_> = log.borrow().iter().map(|it| it.1).collect();
    assert_eq!(uses, ["called", "given items", "given state", "result called", "called"]);
}

/// A function that nobody has declared safe is not called, but what calling it would make is kept as a stand-in; and what
/// is not registered is data, whatever is done with it.
#[test]
fn stand_ins_run_nothing() {
    let kept = Cell::new(0);
    let config = Config { cases: 600, failure_persistence: None, ..Config::default() };
    // Half of the streams end by calling a trap, so that what is loaded is a stand-in if nothing went wrong before.
    let streams = (parts(), any::<bool>()).prop_map(|(mut stream, ends_in_call)| {
        if ends_in_call {
            stream.pop();
            stream.extend_from_slice(b"ctrap\nspring\n(tR.");
        }
        stream
    });
    let checked = TestRunner::new(config).run(&(flavour(), streams), |(flavour, stream)| {
        let log = Log::default();
        let mut runtime = match flavour {
            Flavour::Python3 => Runtime::python3(),
            Flavour::Pickle | Flavour::CPickle => Runtime::python2(),
        };
        let loaded = runtime.try_enter(|ctx| {
            install(ctx, &log)?;
            let unpickler = Unpickler::new().flavour(flavour).missing(Missing::Opaque);
            Ok(Opaque::of(unpickler.loads(ctx, &stream)?).is_some())
        });
        kept.set(kept.get() + usize::from(loaded.is_ok_and(|is_stand_in| is_stand_in)));
        prop_assert!(!log.borrow().contains(&("spring", "called")), "{}", stream.escape_ascii());
        Ok(())
    });
    if let Err(failure) = checked {
        panic!("{failure}");
    }
    assert!(kept.get() > 0, "no stream makes a stand-in");
}
