//! How long the collector stops a program that has a million objects.
//!
//! Every `enter` makes a thousand lists and drops them; what is measured is how long it takes to leave. The million
//! are lists in a thousand lists, or in one, which the collector looks through in one step.

use std::env;
use std::io;
use std::process::Command;
use std::time::{Duration, Instant};

use halfsour_runtime::{Context, IntoValue, List, Runtime, Value};

use crate::measure::median;
use crate::options::Options;

/// The argument that makes this program the one that is measured; a heap and a bound follow.
pub(crate) const ARGUMENT: &str = "--pause";

const OBJECTS: usize = 1_000_000;
const ENTERS: usize = 6_000;
const GARBAGE: usize = 1_000;

/// The longest and the usual pause of a heap.
#[derive(Clone, Debug)]
pub(crate) struct Pause {
    pub(crate) heap: String,
    pub(crate) bound: String,
    /// Milliseconds.
    pub(crate) longest: f64,
    pub(crate) usual: f64,
    /// How long it took to leave the `enter` that made the million.
    pub(crate) first: f64,
}

const HEAPS: [(&str, usize); 2] =
    [("a million lists in a thousand", 1_000), ("a million lists in one", OBJECTS)];
const BOUNDS: [Option<usize>; 3] = [None, Some(10_000), Some(1_000)];

/// Measures what the options want, each in a process of its own.
///
/// # Errors
/// How a child ended.
pub(crate) fn measure(options: &Options) -> io::Result<Vec<Pause>> {
    let mut pauses = Vec::new();
    for (heap, width) in HEAPS {
        for bound in BOUNDS {
            if !options.wants("pause") {
                continue;
            }
            let arguments =
                [ARGUMENT.to_owned(), width.to_string(), bound.unwrap_or(0).to_string()];
            let output = Command::new(env::current_exe()?).args(arguments).output()?;
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let mut numbers = text.split_whitespace().filter_map(|number| number.parse().ok());
            let mut next = || numbers.next().ok_or_else(|| io::Error::other(text.clone()));
            let bound = bound.map_or("none".to_owned(), |bound| bound.to_string());
            let (first, longest, usual) = (next()?, next()?, next()?);
            println!(
                "pause with {heap}, bound {bound}: longest {longest:.3} ms, usual {usual:.3} ms, first {first:.3} ms"
            );
            pauses.push(Pause { heap: heap.to_owned(), bound, longest, usual, first });
        }
    }
    Ok(pauses)
}

/// The child: prints the first, the longest and the usual pause in milliseconds.
pub(crate) fn serve(arguments: &[String]) -> io::Result<()> {
    let numbers: Vec<usize> = arguments
        .iter()
        .map(|it| it.parse().map_err(io::Error::other))
        .collect::<Result<_, _>>()?;
    let &[width, bound] = numbers.as_slice() else {
        return Err(io::Error::other("a width and a bound are needed"));
    };
    let mut runtime = Runtime::python3();
    runtime.set_collection_step((bound > 0).then_some(bound));
    let mut kept = None;
    let first = leaving(&mut runtime, |ctx| {
        let lists = (0..OBJECTS / width).map(|_| lists(ctx, width)).collect::<Vec<_>>();
        kept = Some(ctx.stash(lists.into_value(ctx)));
    });
    let mut pauses = Vec::with_capacity(ENTERS);
    for _ in 0..ENTERS {
        pauses.push(leaving(&mut runtime, |ctx| {
            lists(ctx, GARBAGE);
        }));
    }
    let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
    let longest = pauses.iter().copied().max().unwrap_or_default();
    println!("{} {} {}", milliseconds(first), milliseconds(longest), milliseconds(median(pauses)));
    drop(kept);
    Ok(())
}

fn lists(ctx: Context<'_>, count: usize) -> Value<'_> {
    (0..count).map(|_| Value::from(List::new(ctx))).collect::<Vec<_>>().into_value(ctx)
}

/// How long it takes to leave, when the work is done.
fn leaving(runtime: &mut Runtime, work: impl for<'gc> FnOnce(Context<'gc>)) -> Duration {
    let end = runtime.enter(|ctx| {
        work(ctx);
        Instant::now()
    });
    end.elapsed()
}
