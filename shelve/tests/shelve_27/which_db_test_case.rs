//! `WhichDBTestCase` of `test_whichdb.py`.

use halfsour_runtime::Dialect;

use crate::common::databases::{self, in_dumb};

#[test]
fn test_whichdb_dumbdbm() {
    in_dumb(Dialect::Python2, |ctx, directory| databases::which(ctx, directory));
}
