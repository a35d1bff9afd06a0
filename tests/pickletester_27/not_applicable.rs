//! The tests of CPython's suite that have no counterpart here.

/// A test in an abstract class.
pub(crate) struct NotApplicable {
    /// The abstract class.
    pub(crate) group: &'static str,
    /// The method.
    pub(crate) test: &'static str,
    /// Why there is no counterpart.
    pub(crate) reason: &'static str,
}

pub(crate) const NOT_APPLICABLE: &[NotApplicable] = &[
    NotApplicable { group: "AbstractPickleTests", test: "test_reduce", reason: "it has no body" },
    NotApplicable {
        group: "AbstractPickleTests",
        test: "test_getinitargs",
        reason: "it has no body",
    },
    NotApplicable {
        group: "AbstractPickleTests",
        test: "test_structseq",
        reason: "the modules `time` and `os` are not here",
    },
    NotApplicable {
        group: "AbstractPickleModuleTests",
        test: "test_restricted",
        reason: "it executes Python code",
    },
    NotApplicable {
        group: "BigmemPickleTests",
        test: "test_huge_strlist",
        reason: "it needs more than 10 GiB of memory",
    },
];

/// The classes of `test_xpickle` that are left out, with their number of tests: they repeat what is done with 2.7 for
/// Pythons that are hardly installed anywhere.
pub(crate) const WHOLE_CLASSES: [(&str, usize, &str); 6] = [
    ("CPicklePython24Compat", 47, "it needs that Python"),
    ("CPicklePython25Compat", 49, "it needs that Python"),
    ("CPicklePython26Compat", 49, "it needs that Python"),
    ("PicklePython24Compat", 47, "it needs that Python"),
    ("PicklePython25Compat", 49, "it needs that Python"),
    ("PicklePython26Compat", 49, "it needs that Python"),
];
