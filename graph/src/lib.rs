//! Graphs of Python objects, looked at from Rust: what is in them, where, and how two of them differ.
//!
//! [`Walk`] goes through everything that an object consists of, with the path to each part; [`difference`] compares two graphs
//! up to isomorphism; [`Tree`] draws one as text, [`json`] as JSON, [`dot`] as a picture of who refers to whom.
//!
//! All of them keep a stack of their own, so that no depth of nesting is too deep, and take time and space in proportion
//! to the graph, however often its parts are shared. Classes, functions and modules are leaves: they belong to the program,
//! not to the data. Objects that nobody defined ([`Opaque`](halfsour_pickle::Opaque)) are walked as any other.
//!
//! # Examples
//!
//! ```
//! use halfsour_graph::{Tree, Walk, difference};
//! use halfsour_runtime::{Runtime, value};
//!
//! Runtime::python3().try_enter(|ctx| {
//!     let jar = value!(ctx, {"label": "dill", "grams": 500})?;
//!     let shelf = value!(ctx, {"jars": [jar, jar], "open": True})?;
//!     let mut walk = Walk::new(ctx, shelf);
//!     while let Some(visit) = walk.next()? {
//!         if visit.value.is(value!(ctx, 500)?) {
//!             assert_eq!(walk.path(&visit).to_string(), "root['jars'][0]['grams']");
//!         }
//!     }
//!     assert_eq!(
//!         Tree::new().draw(ctx, shelf)?,
//!         "dict of 2\n  \
//!            'jars': list of 2\n    \
//!              [0]: dict of 2 #1\n      \
//!                'label': 'dill'\n      \
//!                'grams': 500\n    \
//!              [1]: -> #1\n  \
//!            'open': True\n"
//!     );
//!     let copies = value!(ctx, {"jars": [jar, {"label": "dill", "grams": 500}], "open": True})?;
//!     let differences = difference(ctx, shelf, copies)?;
//!     assert_eq!(differences[0].to_string(), "root['jars'][1]: shared with root['jars'][0] on the left only");
//!     Ok(())
//! })?;
//! # Ok::<(), halfsour_runtime::Uncaught>(())
//! ```

mod difference;
pub mod dot;
mod edges;
pub mod json;
mod path;
mod shown;
mod tree;
mod walk;

pub use self::difference::{Comparison, Difference, difference};
pub use self::edges::{Edge, edges};
pub use self::path::{Path, Step};
pub use self::tree::Tree;
pub use self::walk::{Visit, Walk, Wanted, instances_of};

/// Runs the example of README.md as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
