//! Special methods of built-in types, bound: they are no functions with a name, so no pickle can hold them. Measured on
//! CPython 2.7.18.

use halfsour::pickle::Pickler;
use halfsour::{List, Runtime, Value};

#[test]
fn method_wrappers_cannot_be_pickled() {
    let mut runtime = Runtime::python2();
    runtime
        .try_enter(|ctx| {
            let length = Value::from(List::new(ctx)).get_attr(ctx, "__len__")?;
            for protocol in 0..3 {
                let refused = Pickler::new().protocol(protocol).dumps(ctx, length).unwrap_err();
                assert_eq!(refused.message(ctx), "can't pickle method-wrapper objects");
            }
            Ok(())
        })
        .unwrap();
}
