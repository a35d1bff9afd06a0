//! `WhichDBTestCase` of `test_dbm.py`.

use halfsour_runtime::Dialect;

use crate::common::databases::{self, in_dumb};

#[test]
fn test_whichdb() {
    in_dumb(Dialect::Python3, |ctx, directory| databases::which(ctx, directory));
}
