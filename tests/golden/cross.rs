//! What one Python makes of the pickles of the other: 3.13 of those of 2.7, with every encoding, and 2.7 of those of 3.13.

use std::collections::HashMap;

use halfsour_corpus::pickling::{Runtimes, Setup};
use halfsour_corpus::{
    CrossLine, Descriptions, Failures, GoldenLine, Listed, Refusal, describe, folder, listed,
};
use halfsour_pickle::Flavour;
use halfsour_runtime::Dialect;

use crate::manifest::buffers;

/// A cross manifest with the pickles that it is about.
pub(crate) struct Cross {
    pub(crate) name: String,
    lines: Vec<CrossLine>,
    /// By manifest, case, implementation and protocol.
    pickles: HashMap<(String, String, String, i32), GoldenLine>,
    descriptions: Descriptions,
    listed: Vec<Listed>,
}

/// Somebody who reads: a flavour with its name in the manifests, and an encoding.
#[derive(Clone, Copy)]
struct Reader {
    name: &'static str,
    flavour: Flavour,
    encoding: Option<&'static str>,
}

const fn reader(name: &'static str, flavour: Flavour, encoding: Option<&'static str>) -> Reader {
    Reader { name, flavour, encoding }
}

const READERS: [Reader; 5] = [
    reader("pickle.py", Flavour::Pickle, None),
    reader("cPickle", Flavour::CPickle, None),
    reader("Pickler/ASCII", Flavour::Python3, Some("ASCII")),
    reader("Pickler/latin1", Flavour::Python3, Some("latin1")),
    reader("Pickler/bytes", Flavour::Python3, Some("bytes")),
];

/// The cross manifests of every corpus.
pub(crate) fn all() -> halfsour_corpus::Result<Vec<Cross>> {
    let mut all = Vec::new();
    for corpus in folder::corpora() {
        let golden = corpus.join("golden");
        let mut pickles = HashMap::new();
        for path in folder::golden_manifests(&corpus)? {
            let name = folder::name(&path).trim_end_matches(".jsonl").to_owned();
            for line in GoldenLine::read_manifest(&path)? {
                let (case, by) = (line.case.clone(), line.implementation.clone());
                pickles.insert((name.clone(), case, by, line.protocol), line);
            }
        }
        for (name, lines) in CrossLine::read_corpus(&corpus)? {
            let descriptions = Descriptions::read_folder(&golden)?;
            let listed = listed(&golden)?;
            all.push(Cross { name, lines, pickles: pickles.clone(), descriptions, listed });
        }
    }
    Ok(all)
}

impl Cross {
    /// Checks every line and prints the totals.
    pub(crate) fn check(&self) -> Result<(), String> {
        let (mut all, mut same, mut others, mut listed) = (0, 0, 0, 0);
        let mut runtimes = Runtimes::default();
        let mut wrong = Failures::default();
        for line in &self.lines {
            all += 1;
            let readers = READERS.iter().filter(|reader| {
                let by_python3 = reader.flavour == Flavour::Python3;
                by_python3 == line.python.starts_with("3.") && line.is_by(reader.name)
            });
            let mut outcome = Ok(false);
            for reader in readers {
                outcome =
                    outcome.and_then(|_| self.read(line, *reader, &mut runtimes).map(|()| true));
            }
            let is_listed = self.listed.iter().any(|it| it.is_about_cross(&self.name, line));
            match outcome {
                Ok(_) if is_listed => {
                    wrong.add(line.label(), "is exact, but listed as not".to_owned());
                }
                Ok(true) => same += 1,
                // What the pure unpickler alone does, which is not followed.
                Ok(false) => others += 1,
                Err(_) if is_listed => listed += 1,
                Err(error) => wrong.add(line.label(), error),
            }
        }
        let name = &self.name;
        println!(
            "golden {name}: {same} of {all}, {others} by an implementation that is not followed, {listed} listed with \
             the rule"
        );
        wrong.into_result("lines")
    }

    fn read(
        &self,
        line: &CrossLine,
        reader: Reader,
        runtimes: &mut Runtimes,
    ) -> Result<(), String> {
        let CrossLine { from, case, implementation, protocol, .. } = line;
        let key = (from.clone(), case.clone(), implementation.clone(), *protocol);
        let pickle = self.pickles.get(&key).ok_or("there is no such pickle")?;
        let stream = pickle.stream().map_err(|error| error.to_string())?.unwrap_or_default();
        let buffers = buffers(pickle).map_err(|error| error.to_string())?;
        let setup = Setup {
            flavour: reader.flavour,
            protocol: *protocol,
            options: &pickle.options,
            loads: pickle.loads,
            buffers: &buffers,
            encoding: reader.encoding,
        };
        let runtime =
            runtimes.with(reader.flavour, &pickle.options).map_err(|error| error.to_string())?;
        let loaded = runtime.try_enter(|ctx| {
            let value = setup.load(ctx, &stream)?;
            Ok((describe(ctx, value)?, ctx.dialect()))
        });
        match (&line.error, loaded) {
            (Some(Refusal(class, text)), Ok(_)) => {
                Err(format!("loads, but should raise {class}: {text}"))
            }
            (Some(Refusal(class, text)), Err(error)) => {
                // 3.13 has its exceptions from the C module.
                let class = class.strip_prefix('_').unwrap_or(class);
                let found = error.class();
                let known = format!("expected {class}: {text}, found {found}: {}", error.message());
                if found == class { Ok(()) } else { Err(known) }
            }
            (None, Err(error)) => Err(format!("load: {error}")),
            (None, Ok((found, dialect))) => {
                let expected = self.descriptions.get(line.desc.as_deref().unwrap_or_default());
                let mut graphs = [expected.map_err(|error| error.to_string())?.clone(), found];
                if dialect == Dialect::Python2 {
                    // 2.7 orders dicts by hash.
                    graphs = graphs.map(|graph| graph.with_sorted_dicts());
                }
                let [expected, found] = graphs;
                match expected.difference(&found) {
                    Some(difference) => Err(format!("graph: {difference}")),
                    None => Ok(()),
                }
            }
        }
    }
}
