//! [`Meter`]: how much memory the readings of streams take at once.

use std::fmt;

use halfsour::pickle::{Flavour, Missing, Unpickler, tools};
use halfsour::{Context, Runtime};
use halfsour_corpus::Options;
use halfsour_corpus::pickling::prepare;
use halfsour_runtime::Dialect;

use crate::ALLOCATED;

/// What each byte of a stream may take, and what any stream may.
const FOR_EACH_BYTE: usize = 64;
const AT_LEAST: usize = 16 << 20;

/// A stream is large whose length says more about what it may take than the constant does.
const LARGE: usize = AT_LEAST / FOR_EACH_BYTE;

/// In which ways a stream is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readings {
    /// As the tools and every kind of load do.
    All,
    /// Loaded with and without stand-ins, as `pickle` of either Python does.
    Loads,
    /// Loaded as `pickle` of either Python does.
    PlainLoads,
}

impl Readings {
    fn loads(self) -> &'static [Load] {
        match self {
            Self::All => &[Load::Plain, Load::Reader, Load::StandIns, Load::Policy, Load::No],
            Self::Loads => &[Load::Plain, Load::StandIns],
            Self::PlainLoads => &[Load::Plain],
        }
    }

    fn has(self, flavour: Flavour) -> bool {
        self == Self::All || flavour != Flavour::CPickle
    }
}

/// A reading, and what it took.
#[derive(Clone, Default)]
struct Measured {
    reading: String,
    /// The beginning of the stream.
    stream: String,
    length: usize,
    bytes: usize,
}

impl Measured {
    /// Which part it is of what it may take.
    fn part(&self) -> f64 {
        self.bytes as f64 / (self.length * FOR_EACH_BYTE + AT_LEAST) as f64
    }

    /// How many bytes it took for each of the stream's.
    fn ratio(&self) -> f64 {
        self.bytes as f64 / self.length.max(1) as f64
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { reading, stream, length, bytes } = self;
        write!(f, "{bytes} bytes for {length} by {reading} ({stream})")
    }
}

/// Reads streams, and keeps the worst.
pub(crate) struct Meter {
    readings: Readings,
    runtimes: [(Flavour, Runtime); 3],
    streams: usize,
    /// The one that came closest to what it may take, or took more.
    worst: Measured,
    /// The one of all large ones that took most for each byte.
    worst_of_large: Measured,
}

impl Meter {
    pub(crate) fn new(readings: Readings) -> Self {
        let runtimes = [Flavour::Pickle, Flavour::CPickle, Flavour::Python3];
        Self {
            readings,
            runtimes: runtimes.map(|flavour| (flavour, runtime(flavour))),
            streams: 0,
            worst: Measured::default(),
            worst_of_large: Measured::default(),
        }
    }

    /// Whether a stream took more than it may.
    pub(crate) fn is_exceeded(&self) -> bool {
        self.worst.part() > 1.0
    }

    /// Measures a stream.
    pub(crate) fn measure(&mut self, stream: &[u8]) {
        self.streams += 1;
        let mut measured = Vec::new();
        for (flavour, runtime) in &mut self.runtimes {
            if !self.readings.has(*flavour) {
                continue;
            }
            for load in self.readings.loads() {
                let bytes =
                    taken(|| drop(runtime.try_enter(|ctx| load.run(ctx, *flavour, stream))));
                measured.push((format!("{load:?} as {flavour:?}"), bytes));
                if stream.len() >= LARGE {
                    runtime.collect();
                }
            }
        }
        if self.readings == Readings::All {
            measured.push(("the tools".to_owned(), taken(|| use_tools(stream))));
        }
        for (reading, bytes) in measured {
            let begin = stream.get(..40).unwrap_or(stream).escape_ascii().to_string();
            let measured = Measured { reading, stream: begin, length: stream.len(), bytes };
            if measured.length >= LARGE && measured.ratio() > self.worst_of_large.ratio() {
                self.worst_of_large = measured.clone();
            }
            if measured.part() > 1.0 {
                println!("{:.2}: {measured}", measured.part());
            }
            if measured.part() > self.worst.part() {
                self.worst = measured;
            }
        }
    }
}

impl fmt::Display for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { streams, worst, worst_of_large, .. } = self;
        write!(f, "{streams} streams, at most {:.0} % of what is allowed: ", 100.0 * worst.part())?;
        write!(f, "{worst}; of large ones at most {:.1} bytes for each: ", worst_of_large.ratio())?;
        write!(f, "{worst_of_large}")
    }
}

/// Returns how much more was allocated at once than there was before.
fn taken(work: impl FnOnce()) -> usize {
    ALLOCATED.reset_peak_usage();
    let before = ALLOCATED.peak_usage();
    work();
    ALLOCATED.peak_usage().saturating_sub(before)
}

fn runtime(flavour: Flavour) -> Runtime {
    let mut runtime = match flavour {
        Flavour::Python3 => Runtime::python3(),
        Flavour::Pickle | Flavour::CPickle => Runtime::python2(),
    };
    let prepared = runtime.try_enter(|ctx| prepare(ctx, &Options::default()));
    assert!(prepared.is_ok(), "{prepared:?}");
    runtime
}

/// A way to load.
#[derive(Clone, Copy, Debug)]
enum Load {
    Plain,
    Reader,
    StandIns,
    Policy,
    /// `noload`.
    No,
}

impl Load {
    fn run<'gc>(
        self,
        ctx: Context<'gc>,
        flavour: Flavour,
        stream: &[u8],
    ) -> halfsour::Result<'gc, ()> {
        let unpickler = Unpickler::new().flavour(flavour).newer_protocols(true);
        match self {
            Load::Plain => unpickler.loads(ctx, stream).map(drop),
            Load::Reader => unpickler.load(ctx, stream).map(drop),
            Load::StandIns => unpickler.missing(Missing::Opaque).loads(ctx, stream).map(drop),
            Load::Policy => {
                unpickler.missing(Missing::Opaque).policy(|_, _| true).loads(ctx, stream).map(drop)
            }
            Load::No => unpickler.noload(ctx, stream).map(drop),
        }
    }
}

fn use_tools(stream: &[u8]) {
    for dialect in [Dialect::Python2, Dialect::Python3] {
        let _ = tools::optimize(stream, dialect);
    }
    let _ = tools::normalize(stream);
    let _ = tools::globals_of_all(stream);
}
