//! The concrete classes of the suite: which tests each runs, and by what.

use crate::implementation::{Dump, Implementation, Load};
use crate::not_applicable::NotApplicable;
use crate::row::{Group, Row};
use crate::{
    abstract_dispatch_table_tests, abstract_hook_tests, abstract_persistent_pickler_tests,
    abstract_pickle_module_tests, abstract_pickle_tests, abstract_pickler_unpickler_object_tests,
    abstract_pickling_error_tests, abstract_unpickle_tests,
};

/// A concrete class.
pub(crate) struct Suite {
    /// The file that it is in.
    pub(crate) file: &'static str,
    /// Its name.
    pub(crate) class: &'static str,
    /// What dumps and loads.
    pub(crate) implementation: Option<Implementation>,
    /// The abstract classes that it inherits.
    pub(crate) groups: Vec<Group>,
}

/// A test of a class.
pub(crate) struct Case {
    pub(crate) name: String,
    row: Row,
}

impl Case {
    /// Runs the test, and says how it failed.
    pub(crate) fn run(&self, implementation: &Implementation) -> Result<(), String> {
        self.row.run(implementation).map_err(|error| format!("raised {error}"))
    }
}

impl Suite {
    /// The tests of the class.
    pub(crate) fn cases(&self) -> Vec<Case> {
        let rows =
            self.groups.iter().flat_map(|group| group.rows.iter().map(|&row| (group.name, row)));
        rows.filter(|(_, row)| !self.lacks(row))
            .map(|(group, row)| {
                let name = format!("{}::{}::{group}::{}", self.file, self.class, row.name);
                Case { name, row }
            })
            .collect()
    }

    /// Whether CPython's class has a test besides, for which there is no counterpart.
    pub(crate) fn misses(&self, test: &NotApplicable) -> bool {
        self.groups.iter().any(|group| group.name == test.group)
    }

    /// Whether the class has switched off a test that it inherits: optimizing is not to change these bytes.
    fn lacks(&self, row: &Row) -> bool {
        let optimized = self.implementation.as_ref().is_some_and(|it| it.dump == Dump::Optimized);
        optimized
            && ["test_pickle_to_2x", "test_framed_write_sizes_with_delayed_writer"]
                .contains(&row.name)
    }
}

/// A group of tests that can not run here, which are listed as not applicable.
const fn empty(name: &'static str) -> Group {
    Group { name, rows: &[] }
}

/// All of them, in CPython's order.
pub(crate) fn all() -> Vec<Suite> {
    let functions = &Implementation { dump: Dump::Function, load: Load::Function };
    let objects = &Implementation { dump: Dump::Pickler, load: Load::Unpickler };
    let suite = |class, implementation: &Implementation, groups: &[Group]| Suite {
        file: "test_pickle",
        class,
        implementation: Some(implementation.clone()),
        groups: groups.to_vec(),
    };
    let pickle = [abstract_pickle_tests::GROUP];
    vec![
        suite(
            "InMemoryPickleTests",
            functions,
            &[
                abstract_pickle_tests::GROUP,
                abstract_unpickle_tests::GROUP,
                empty("BigmemPickleTests"),
            ],
        ),
        suite("CPickleTests", functions, &[abstract_pickle_module_tests::GROUP]),
        suite(
            "CUnpicklerTests",
            objects,
            &[abstract_unpickle_tests::GROUP, abstract_unpickle_tests::OBJECTS],
        ),
        suite("CPicklingErrorTests", objects, &[abstract_pickling_error_tests::GROUP]),
        suite("CPicklerTests", objects, &pickle),
        suite("CPersPicklerTests", objects, &[abstract_persistent_pickler_tests::GROUP]),
        suite(
            "CIdPersPicklerTests",
            objects,
            &[
                abstract_persistent_pickler_tests::IDENTITY,
                abstract_persistent_pickler_tests::SUPER,
            ],
        ),
        // CPython crosses the classes in C with those in Python; here the classes and the functions cross.
        suite(
            "CDumpPickle_LoadPickle",
            &Implementation { dump: Dump::Pickler, load: Load::Function },
            &pickle,
        ),
        suite(
            "DumpPickle_CLoadPickle",
            &Implementation { dump: Dump::Function, load: Load::Unpickler },
            &pickle,
        ),
        suite(
            "CPicklerUnpicklerObjectTests",
            objects,
            &[
                abstract_pickler_unpickler_object_tests::GROUP,
                abstract_pickler_unpickler_object_tests::OWN,
            ],
        ),
        suite("CDispatchTableTests", objects, &[abstract_dispatch_table_tests::GROUP]),
        suite("CChainDispatchTableTests", objects, &[abstract_dispatch_table_tests::CHAINED]),
        suite("CPicklerHookTests", objects, &[abstract_hook_tests::GROUP]),
        suite("HeapTypesTests", objects, &[empty("HeapTypesTests")]),
        suite("SizeofTests", objects, &[empty("SizeofTests")]),
        Suite {
            file: "test_pickletools",
            class: "OptimizedPickleTests",
            implementation: Some(Implementation { dump: Dump::Optimized, load: Load::Function }),
            groups: pickle.to_vec(),
        },
    ]
}
