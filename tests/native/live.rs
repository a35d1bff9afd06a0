//! Pickles of native classes, in a CPython where there is one.

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use halfsour::pickle::{self, Pickler};
use halfsour::{NativeClass, Runtime};

use super::states::Recipe;

/// Reads pickles of a class of its own with the same attributes, and writes one for each.
const PROGRAM: &str = r#"
import pickle, sys, types
larder = types.ModuleType('larder')
class Recipe(object):
    pass
Recipe.__module__ = 'larder'
larder.Recipe = Recipe
sys.modules['larder'] = larder
source = getattr(sys.stdin, 'buffer', sys.stdin)
target = getattr(sys.stdout, 'buffer', sys.stdout)
for protocol in range(int(sys.argv[1]) + 1):
    recipe = pickle.load(source)
    assert type(recipe) is Recipe, recipe
    assert sorted(vars(recipe)) == ['portions', 'steps', 'title'], vars(recipe)
    assert (recipe.title, recipe.portions, recipe.steps) == ('Rye bread', 4, ['Wait']), vars(recipe)
    recipe.portions = 5
    pickle.dump(recipe, target, protocol)
"#;

fn exchange(python: &str, version: &str, mut runtime: Runtime, highest: i32) {
    let child = Command::new(python)
        .env("PYENV_VERSION", version)
        .args(["-c", PROGRAM, &highest.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        println!("skipped: there is no {python}");
        return;
    };
    let recipe =
        Recipe { title: "Rye bread".into(), portions: 4, steps: vec!["Wait".into()], cooked: 9 };
    let written = runtime
        .try_enter(|ctx| {
            let object = recipe.clone().into_object(ctx)?;
            let mut all = Vec::new();
            for protocol in 0..=highest {
                all.extend(Pickler::new().protocol(protocol).dumps(ctx, object)?);
            }
            Ok(all)
        })
        .expect("it can be pickled");
    // A program that is only a stub of a version manager does not read.
    let _ = child.stdin.take().expect("it is piped").write_all(&written);
    let output = child.wait_with_output().expect("it ends");
    if output.stdout.is_empty() && !String::from_utf8_lossy(&output.stderr).contains("Traceback") {
        println!("skipped: {python} does not run");
        return;
    }
    assert!(output.status.success(), "{python}: {}", String::from_utf8_lossy(&output.stderr));
    runtime
        .try_enter(|ctx| {
            let mut rest = output.stdout.as_slice();
            for _ in 0..=highest {
                let object = pickle::load(ctx, rest.by_ref())?;
                assert_eq!(
                    *object.native::<Recipe>(ctx)?,
                    Recipe { portions: 5, cooked: 0, ..recipe.clone() }
                );
            }
            Ok(())
        })
        .expect("what it wrote can be read");
}

#[test]
fn a_derived_class_and_one_of_cpython_2_read_each_other() {
    exchange("python2.7", "2.7.18", Runtime::python2(), 2);
}

#[test]
fn a_derived_class_and_one_of_cpython_3_read_each_other() {
    exchange("python3.13", "3.13.0", Runtime::python3(), 5);
}
