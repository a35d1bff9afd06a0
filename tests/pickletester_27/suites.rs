//! The concrete classes of the suite: which tests each runs, and by what.

use halfsour::exc;
use halfsour::pickle::Flavour;

use crate::bounce::Worker;
use crate::ends::Ends;
use crate::implementation::{Dump, Implementation, Load};
use crate::medium::Medium;
use crate::modules::Module;
use crate::not_applicable::NotApplicable;
use crate::row::{Group, Row, rows};
use crate::{
    abstract_compat_tests, abstract_persistent_pickler_tests, abstract_pickle_module_tests,
    abstract_pickle_tests, abstract_pickler_unpickler_object_tests, abstract_unpickle_tests,
    cpickle_deep_recursive, doctests,
};

/// A concrete class.
pub(crate) struct Suite {
    /// The file that it is in.
    pub(crate) file: &'static str,
    /// Its name.
    pub(crate) class: &'static str,
    /// What dumps and loads; nothing if this machine has not what it needs.
    pub(crate) implementation: Option<Implementation>,
    /// The abstract classes that it inherits.
    pub(crate) groups: Vec<Group>,
}

/// A test of a class.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) row: Row,
    pub(crate) ends: Ends,
}

impl Case {
    /// Runs the test, and says how it failed.
    pub(crate) fn run(&self, implementation: &Implementation) -> Result<(), String> {
        self.ends.judge(self.row.run(implementation))
    }
}

impl Suite {
    fn new(
        file: &'static str,
        class: &'static str,
        (dump, load): (Dump, Load),
        groups: &[Group],
    ) -> Self {
        let implementation = Some(Implementation { dump, load });
        Self { file, class, implementation, groups: groups.to_vec() }
    }

    /// The tests of the class.
    pub(crate) fn cases(&self) -> Vec<Case> {
        let rows = self.groups.iter().flat_map(|group| {
            group.rows.iter().filter(|row| !self.lacks(group, row)).map(|&row| (group.name, row))
        });
        rows.map(|(group, row)| {
            let ends = self.ends(row);
            // Where a class expects another end, it overrides the test.
            let group = if let Ends::Passes = ends { group } else { FAST.name };
            let name = format!("{}::{}::{group}::{}", self.file, self.class, row.name);
            Case { name, row, ends }
        })
        .collect()
    }

    /// Whether CPython's class has a test besides, for which there is no counterpart.
    pub(crate) fn misses(&self, test: &NotApplicable) -> bool {
        self.groups.iter().any(|group| group.name == test.group)
    }

    /// Whether the class has switched off a test that it inherits.
    fn lacks(&self, group: &Group, row: &Row) -> bool {
        group.name == abstract_pickle_tests::GROUP.name
            && self.groups.iter().any(|group| group.name == abstract_compat_tests::GROUP.name)
            && abstract_compat_tests::SWITCHED_OFF.contains(&row.name)
    }

    fn ends(&self, row: Row) -> Ends {
        let fast = matches!(
            self.implementation,
            Some(Implementation { dump: Dump::Pickler { fast: true, .. }, .. })
        );
        if !fast || !row.name.starts_with("test_recursive_") {
            return Ends::Passes;
        }
        // Without a memo nothing notices the cycle in a reduce value.
        if row.name.contains("_subclass") && !row.name.contains("_and_inst") {
            Ends::Raises(&exc::RUNTIME_ERROR, "maximum recursion depth exceeded")
        } else {
            Ends::Raises(&exc::VALUE_ERROR, "can't pickle cyclic objects")
        }
    }
}

/// All of them, in CPython's order.
pub(crate) fn all() -> Vec<Suite> {
    [test_pickle(), test_cpickle(), test_xpickle(), test_pickletools()]
        .into_iter()
        .flatten()
        .collect()
}

fn functions(module: Module) -> (Dump, Load) {
    (Dump::Function(module), Load::Function(module))
}

fn objects(module: Module, file: Medium) -> (Dump, Load) {
    (Dump::Pickler { module, file, fast: false }, Load::Unpickler(module, file))
}

fn test_pickle() -> Vec<Suite> {
    use Module::Pickle;
    let suite = |class, by, groups: &[Group]| Suite::new("test_pickle", class, by, groups);
    let whole = [
        abstract_unpickle_tests::GROUP,
        abstract_pickle_tests::GROUP,
        abstract_pickle_module_tests::GROUP,
    ];
    let through_file = || objects(Pickle, Medium::CStringIO);
    vec![
        suite("PickleTests", functions(Pickle), &whole),
        suite("UnpicklerTests", through_file(), &[abstract_unpickle_tests::GROUP]),
        suite("PicklerTests", through_file(), &[abstract_pickle_tests::GROUP]),
        suite("PersPicklerTests", through_file(), &[abstract_persistent_pickler_tests::GROUP]),
        suite(
            "PicklerUnpicklerObjectTests",
            through_file(),
            &[abstract_pickler_unpickler_object_tests::GROUP],
        ),
        suite("PickleBigmemPickleTests", functions(Pickle), &[BIGMEM]),
        suite("doctest", functions(Pickle), &[doctests::GROUP]),
    ]
}

/// What the classes add that set `fast`.
const FAST: Group = Group {
    name: "cPickleFastPicklerTests",
    rows: rows![abstract_pickle_tests::recursive::test_nonrecursive_deep],
};

/// It has no test that can run here.
const BIGMEM: Group = Group { name: "BigmemPickleTests", rows: &[] };

fn test_cpickle() -> Vec<Suite> {
    use Module::CPickle;
    let suite = |class, by, groups: &[Group]| Suite::new("test_cpickle", class, by, groups);
    let whole = [
        abstract_unpickle_tests::GROUP,
        abstract_pickle_tests::GROUP,
        abstract_pickle_module_tests::GROUP,
    ];
    let unpickle = [abstract_unpickle_tests::GROUP];
    let pickle = [abstract_pickle_tests::GROUP];
    let fast_pickle = [abstract_pickle_tests::GROUP, FAST];
    let (c_string_io, bytes_io, file) = (Medium::CStringIO, Medium::BytesIO, Medium::File);
    let through = |file| objects(CPickle, file);
    let collecting = |file| (Dump::Collecting, Load::Unpickler(CPickle, file));
    let fast = |file| {
        let dump = Dump::Pickler { module: CPickle, file, fast: true };
        (dump, Load::Unpickler(CPickle, file))
    };
    vec![
        suite("cPickleTests", functions(CPickle), &whole),
        suite("cStringIOCUnpicklerTests", through(c_string_io), &unpickle),
        suite("BytesIOCUnpicklerTests", through(bytes_io), &unpickle),
        suite("FileIOCUnpicklerTests", through(file), &unpickle),
        suite("cStringIOCPicklerTests", through(c_string_io), &pickle),
        suite("BytesIOCPicklerTests", through(bytes_io), &pickle),
        suite("FileIOCPicklerTests", through(file), &pickle),
        suite("cStringIOCPicklerListTests", collecting(c_string_io), &pickle),
        suite("BytesIOCPicklerListTests", collecting(bytes_io), &pickle),
        suite("FileIOCPicklerListTests", collecting(file), &pickle),
        suite("cStringIOCPicklerFastTests", fast(c_string_io), &fast_pickle),
        suite("BytesIOCPicklerFastTests", fast(bytes_io), &fast_pickle),
        suite("FileIOCPicklerFastTests", fast(file), &fast_pickle),
        suite("cPickleDeepRecursive", functions(CPickle), &[cpickle_deep_recursive::GROUP]),
        suite(
            "cPicklePicklerUnpicklerObjectTests",
            through(c_string_io),
            &[abstract_pickler_unpickler_object_tests::GROUP],
        ),
        suite("cPickleBigmemPickleTests", functions(CPickle), &[BIGMEM]),
    ]
}

/// These, and those of `test_pickletools`, go by the Rust API: what the modules do with a call is tested above.
fn test_xpickle() -> Vec<Suite> {
    let pickle = [abstract_pickle_tests::GROUP];
    let compat = [abstract_pickle_tests::GROUP, abstract_compat_tests::GROUP];
    let cross = |class, dump, load| {
        let by = (Dump::Rust(dump), Load::Rust(load));
        Suite::new("test_xpickle", class, by, &pickle)
    };
    let worker = Worker::find();
    let bouncing = |class, module: Module| Suite {
        file: "test_xpickle",
        class,
        implementation: worker.clone().map(|worker| Implementation {
            dump: Dump::Bounced(module, worker),
            load: Load::Rust(module.flavour()),
        }),
        groups: compat.to_vec(),
    };
    vec![
        cross("DumpCPickle_LoadPickle", Flavour::CPickle, Flavour::Pickle),
        cross("DumpPickle_LoadCPickle", Flavour::Pickle, Flavour::CPickle),
        bouncing("CPicklePython27Compat", Module::CPickle),
        bouncing("PicklePython27Compat", Module::Pickle),
    ]
}

fn test_pickletools() -> Vec<Suite> {
    let by = (Dump::Optimized(Flavour::Pickle), Load::Rust(Flavour::Pickle));
    let groups = [abstract_pickle_tests::GROUP, abstract_pickle_module_tests::GROUP];
    vec![Suite::new("test_pickletools", "OptimizedPickleTests", by, &groups)]
}
