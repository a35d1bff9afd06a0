//! `id(x)`.

use num_bigint::BigInt;

use crate::context::Context;
use crate::value::Value;

impl<'gc> Value<'gc> {
    /// Returns the object's identity (Python's `id(x)`): equal for two values just if they are the same object
    /// ([`is`](Self::is)), as long as both live.
    ///
    /// An object has its address. Inline values have none: theirs are numbers beyond 64 bits, made from the value.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::{List, Runtime, Value};
    ///
    /// let mut runtime = Runtime::python2();
    /// runtime.try_enter(|ctx| {
    ///     let list = Value::from(List::new(ctx));
    ///     assert!(list.id(ctx).equals(ctx, list.id(ctx))?);
    ///     assert!(!list.id(ctx).equals(ctx, Value::from(List::new(ctx)).id(ctx))?);
    ///     assert!(!Value::Int(1).id(ctx).equals(ctx, Value::Bool(true).id(ctx))?);
    ///     Ok(())
    /// })?;
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    #[must_use]
    pub fn id(self, ctx: Context<'gc>) -> Value<'gc> {
        if let Some(address) = self.addr() {
            return Value::int(ctx, BigInt::from(address));
        }
        let (kind, bits) = match self {
            Value::Bool(it) => (2_u8, u64::from(it)),
            Value::Int(it) => (3, it.cast_unsigned()),
            Value::Float(it) => (4, it.to_bits()),
            Value::Ellipsis => (5, 0),
            Value::NotImplemented => (6, 0),
            // Everything else has an address.
            _ => (1, 0),
        };
        Value::int(ctx, (BigInt::from(kind) << u64::BITS) + bits)
    }
}
