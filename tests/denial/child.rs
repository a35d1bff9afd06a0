//! The child: reads the files that it is given in one way, and goes on.

use std::io::{self, Read};
use std::process::ExitCode;

use halfsour_corpus::Options;
use halfsour_corpus::pickling::prepare;
use halfsour_pickle::tools::{self, Disassembler};
use halfsour_pickle::{Flavour, Missing, Pickler, Unpickler};
use halfsour_runtime::{Bytes, Context, Dialect, Result, Runtime};

/// The environment variable that makes this program the child.
pub(crate) const VARIABLE: &str = "HALFSOUR_DENIAL_CHILD";

/// The ways to read.
const READINGS: [&str; 7] =
    ["loads", "load", "stand-ins", "modules", "noload", "policy", "what follows"];

/// Reads every file that standard input holds, each behind its length, in every way; an error is as good as a result. Says how
/// many there were, how many milliseconds the longest reading took, how many KiB of memory were held, and which reading
/// that was. Behind each reading of the last file everything is collected, so that the next is measured alone.
pub(crate) fn serve() -> ExitCode {
    let mut input = Vec::new();
    if io::stdin().lock().read_to_end(&mut input).is_err() {
        return ExitCode::FAILURE;
    }
    let flavours = [Flavour::Pickle, Flavour::CPickle, Flavour::Python3];
    let mut runtimes = flavours.map(|flavour| (flavour, runtime(flavour)));
    let (mut rest, mut files, mut longest) = (&input[..], 0, (0, "none"));
    let mut timed = |reading, read: &mut dyn FnMut()| {
        let before = processor_time();
        read();
        longest = longest.max((processor_time() - before, reading));
    };
    while let Some((length, file)) = rest.split_first_chunk::<8>() {
        let length = u64::from_le_bytes(*length) as usize;
        let Some((bytes, behind)) = file.split_at_checked(length) else { break };
        (rest, files) = (behind, files + 1);
        timed("tools", &mut || use_tools(bytes));
        for (flavour, runtime) in &mut runtimes {
            for reading in READINGS {
                let mut one = || drop(runtime.try_enter(|ctx| read(ctx, reading, *flavour, bytes)));
                timed(reading, &mut one);
                if rest.is_empty() {
                    runtime.collect();
                }
            }
        }
    }
    print!("{files} {} {} {}", longest.0, most_memory(), longest.1);
    ExitCode::SUCCESS
}

/// How many milliseconds the processor has worked for this process, as far as Linux tells.
fn processor_time() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the name, which stands in brackets, in hundredths of a second: for the program, and for the system.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    10 * fields.skip(11).take(2).filter_map(|it| it.parse::<u64>().ok()).sum::<u64>()
}

/// How many KiB of memory this process has held at most, as far as Linux tells.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or_default()
}

fn runtime(flavour: Flavour) -> Runtime {
    let mut runtime = match flavour {
        Flavour::Python3 => Runtime::python3(),
        Flavour::Pickle | Flavour::CPickle => Runtime::python2(),
    };
    let prepared = runtime.try_enter(|ctx| {
        prepare(ctx, &Options::default())?;
        halfsour_pickle::install(ctx)
    });
    assert!(prepared.is_ok(), "{prepared:?}");
    runtime
}

fn read<'gc>(ctx: Context<'gc>, reading: &str, flavour: Flavour, bytes: &[u8]) -> Result<'gc, ()> {
    let unpickler = Unpickler::new().flavour(flavour);
    let string = || Bytes::new(ctx, bytes);
    match reading {
        "loads" => unpickler.loads(ctx, bytes).map(drop),
        "load" => unpickler.load(ctx, bytes).map(drop),
        "stand-ins" => {
            unpickler.missing(Missing::Opaque).newer_protocols(true).loads(ctx, bytes).map(drop)
        }
        "policy" => {
            unpickler.missing(Missing::Opaque).policy(|_, _| true).loads(ctx, bytes).map(drop)
        }
        "noload" => unpickler.noload(ctx, bytes).map(drop),
        "modules" => {
            let module = if flavour == Flavour::CPickle { "cPickle" } else { "pickle" };
            let _ = ctx.import(module)?.call_method(ctx, "loads", (string(),));
            let file = match flavour {
                Flavour::Python3 => ctx.import_from("io", "BytesIO")?.call(ctx, (string(),))?,
                _ => ctx.import_from("StringIO", "StringIO")?.call(ctx, (string(),))?,
            };
            ctx.import(module)?.call_method(ctx, "load", (file,)).map(drop)
        }
        // What a program may do with what it has loaded.
        _ => {
            let loaded = unpickler.loads(ctx, bytes)?;
            let again = unpickler.loads(ctx, bytes)?;
            let _ = loaded.equals(ctx, again);
            let _ = loaded.hash(ctx);
            // The longest text is a limit of its own, of more than these tests allow.
            let _ = ctx.within_allowance(16 << 20, || loaded.repr(ctx).map(drop));
            let _ = Pickler::new().flavour(flavour).dumps(ctx, loaded);
            ctx.import_from("copy", "deepcopy")?.call(ctx, (loaded,)).map(drop)
        }
    }
}

fn use_tools(bytes: &[u8]) {
    tools::genops(bytes).for_each(drop);
    for dialect in [Dialect::Python2, Dialect::Python3] {
        Disassembler::new(dialect).lines(bytes).for_each(drop);
        let _ = tools::dis(bytes, dialect);
        let _ = tools::optimize(bytes, dialect);
    }
    let _ = tools::normalize(bytes);
    let _ = tools::globals_of_all(bytes);
}
