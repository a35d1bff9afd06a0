//! The same mistakes in a real CPython 2.7, where one is installed.

use std::io::Write;
use std::process::{Command, Stdio};

use halfsour::Uncaught;
use halfsour::pickle::Flavour;
use halfsour_corpus::python::find_python27;

use crate::{Mistake, dumping, loading, without_addresses};

/// Reads programs, makes each the code of a module `larder`, once with each pickle, and writes the classes of the
/// exceptions that end them.
const DRIVER: &str = r"
import copy_reg, cPickle, json, os, pickle, sys, types, weakref
from StringIO import StringIO

def ending(program, module):
    for registry in copy_reg._extension_registry, copy_reg._inverted_registry, copy_reg._extension_cache:
        registry.clear()
    larder = sys.modules['larder'] = types.ModuleType('larder')
    vars(larder).update(pickle=module, copy_reg=copy_reg, os=os, weakref=weakref, StringIO=StringIO)
    try:
        exec program in vars(larder)
    except Exception as error:
        kind = type(error)
        name = kind.__name__ if kind.__module__ == 'exceptions' else kind.__module__ + '.' + kind.__name__
        return name, str(error).decode('latin-1')

programs = json.load(sys.stdin)
json.dump([[ending(program, module) for module in (pickle, cPickle)] for program in programs], sys.stdout)
";

type Endings = Vec<[Option<(String, String)>; 2]>;

#[test]
fn cpython_raises_the_same_exceptions() {
    let Some(python) = find_python27() else {
        println!("skipped: no CPython 2.7 found");
        return;
    };
    let mistakes: Vec<&Mistake> = dumping::MISTAKES
        .iter()
        .chain(loading::MISTAKES)
        .filter(|mistake| mistake.python.is_some())
        .collect();
    let programs: Vec<&str> = mistakes.iter().filter_map(|mistake| mistake.python).collect();
    let mut child = Command::new(python)
        .args(["-c", DRIVER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let input = serde_json::to_vec(&programs).unwrap();
    child.stdin.take().unwrap().write_all(&input).unwrap();
    let output = child.wait_with_output().unwrap();
    let endings: Endings = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(endings.len(), mistakes.len());

    let mut wrong = Vec::new();
    for (mistake, endings) in mistakes.into_iter().zip(endings) {
        for (flavour, ending) in [Flavour::Pickle, Flavour::CPickle].into_iter().zip(endings) {
            let (class, message) = ending.unwrap_or_default();
            let ours = mistake.error(flavour);
            if !agree(&ours, &class, &without_addresses(&message)) {
                wrong.push(format!(
                    "{}: {class}: {message}\nbut by {flavour:?} here: {ours}",
                    mistake.title
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether an exception is CPython's, of this class and with this message.
fn agree(ours: &Uncaught, class: &str, message: &str) -> bool {
    if ours.message().starts_with("invalid load key") {
        // `pickle.py` looks the byte up in a dict; cPickle shows it as it is.
        return class == ours.class() || class == "KeyError";
    }
    // CPython's EOFError says nothing more.
    class == ours.class() && (class == "EOFError" || message == without_addresses(ours.message()))
}
