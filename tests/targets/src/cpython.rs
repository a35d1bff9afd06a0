//! A real CPython and Halfsour agree which streams load, and to what.

use std::cell::RefCell;

use halfsour_corpus::python::{Described, Question, Session, find_python, find_python27};
use halfsour_corpus::{Options, describe_sorted};
use halfsour_pickle::tools::{self, Target};
use halfsour_pickle::{Callables, Flavour, Opcode, Unpickler};

use crate::{Classes, in_runtime};

/// What streams may reach: a real Python obeys them, so that they must not reach anything else.
const HARMLESS: [&str; 12] = [
    "__builtin__.set",
    "__builtin__.frozenset",
    "__builtin__.bytearray",
    "__builtin__.complex",
    "__builtin__.object",
    "builtins.set",
    "builtins.frozenset",
    "builtins.bytearray",
    "builtins.complex",
    "builtins.object",
    "copy_reg._reconstructor",
    "copyreg._reconstructor",
];

/// The CPythons that were found, started once.
struct Sessions(Vec<(Session, &'static str, Flavour)>);

thread_local! {
    static SESSIONS: RefCell<Option<Sessions>> = const { RefCell::new(None) };
}

/// Loads bytes here and by the CPythons that are installed, if they reach nothing that does harm: what one of ours loads and
/// its model loads too is the same graph. Returns whether any was asked.
///
/// Which malformed streams each implementation lets pass differs, even between those of CPython (COMPATIBILITY.md), so
/// that an error of one alone says nothing.
///
/// # Panics
/// When the graphs differ.
pub fn cpython(bytes: &[u8]) -> bool {
    if !is_harmless(bytes) {
        return false;
    }
    SESSIONS.with_borrow_mut(|sessions| {
        let Sessions(sessions) = sessions.get_or_insert_with(start);
        let options = Options::default();
        for (session, module, flavour) in sessions.iter_mut() {
            let question =
                Question { module, stream: bytes, options: &options, loads: None, buffers: &[] };
            let Ok(Described::Loaded(theirs)) = session.ask(&question) else { continue };
            let unpickler = Unpickler::new().flavour(*flavour).callables(Callables::Any);
            in_runtime(*flavour, Classes::None, |runtime| {
                let ours = runtime.try_enter(|ctx| {
                    unpickler.loads(ctx, bytes).and_then(|it| describe_sorted(ctx, it))
                });
                match ours.ok().and_then(|ours| theirs.difference(&ours)) {
                    Some(difference) => Err(format!("{module}: {difference:?}")),
                    None => Ok(()),
                }
            });
        }
        !sessions.is_empty()
    })
}

fn start() -> Sessions {
    let mut sessions = Vec::new();
    if let Some(python) = find_python27() {
        for (module, flavour) in [("pickle", Flavour::Pickle), ("cPickle", Flavour::CPickle)] {
            sessions.extend(Session::start(&python).ok().map(|it| (it, module, flavour)));
        }
    }
    if let Some(session) = find_python("3.13").and_then(|it| Session::start_python3(&it).ok()) {
        sessions.push((session, "pickle", Flavour::Python3));
    }
    Sessions(sessions)
}

/// Whether a stream is followed to its end, and reaches harmless globals alone.
fn is_harmless(bytes: &[u8]) -> bool {
    // What claims a lot of memory takes it there, as a memo with a large number does.
    let is_short = bytes.len() < 4096;
    let is_modest = tools::genops(bytes).flatten().all(|it| match it.opcode {
        Opcode::PUT => it.argument.len() < 6,
        Opcode::LONG_BINPUT => it.argument.ends_with(&[0, 0]),
        _ => true,
    });
    is_short
        && is_modest
        && has_whole_frames(bytes)
        && tools::globals(bytes).is_ok_and(|globals| {
            globals.reached().all(|it| {
                matches!(it.target(), Target::Global { .. })
                    && HARMLESS.contains(&it.target().to_string().as_str())
            })
        })
}

/// Whether no frame begins in another, and none ends within an opcode: the readers of one and the same CPython make different
/// things of those.
fn has_whole_frames(bytes: &[u8]) -> bool {
    let mut frame_end = 0;
    tools::genops(bytes).flatten().all(|it| {
        let is_inside = it.offset < frame_end;
        let end = it.offset + it.bytes.len();
        match (it.opcode, it.argument.first_chunk()) {
            (Opcode::FRAME, Some(length)) => {
                let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
                frame_end = end.saturating_add(length);
                !is_inside
            }
            _ => !is_inside || end <= frame_end,
        }
    })
}
