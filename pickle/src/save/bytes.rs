//! Bytes and bytearrays of Python 3, where the protocol has no opcode for them: they are written as a call that makes
//! them again.

use halfsour_runtime::codecs::{Codec, Errors};
use halfsour_runtime::{ByteArray, Bytes, Result, Tuple, Unicode, Value};

use super::Saver;
use super::frame::{MadeBy, ReduceFrame, Stage};

impl<'gc> Saver<'_, 'gc> {
    /// Bytes below protocol 3: text of the same code points, to be encoded.
    pub(super) fn save_bytes_as_text(&mut self, bytes: Bytes<'gc>) -> Result<'gc, ()> {
        let ctx = self.ctx;
        if bytes.is_empty() {
            return self.save_as_call(bytes.into(), ctx.types().bytes.into(), &[]);
        }
        let text = Unicode::decode(ctx, bytes.as_slice(), Codec::LATIN_1, Errors::Strict)?;
        let encode = ctx.import_from("_codecs", "encode")?;
        self.save_as_call(bytes.into(), encode, &[text.into(), ctx.intern("latin1").value()])
    }

    /// A bytearray: by its opcode from protocol 5 on, below as a call of its class with bytes.
    pub(super) fn save_bytearray(&mut self, array: ByteArray<'gc>) -> Result<'gc, ()> {
        let ctx = self.ctx;
        if self.encoder.protocol() >= 5 {
            array.with(|bytes| self.encoder.bytearray(bytes));
            self.memoize(array.into());
            return Ok(());
        }
        let class = Value::from(ctx.types().bytearray);
        if array.is_empty() {
            return self.save_as_call(array.into(), class, &[]);
        }
        self.save_as_call(array.into(), class, &[Bytes::from_vec(ctx, array.to_vec()).into()])
    }

    /// Writes an object as what a call returns.
    pub(super) fn save_as_call(
        &mut self,
        object: Value<'gc>,
        callable: Value<'gc>,
        args: &[Value<'gc>],
    ) -> Result<'gc, ()> {
        self.save_reduction(ReduceFrame {
            object,
            callable,
            args: Tuple::new(self.ctx, args).into(),
            made_by: MadeBy::Reduce,
            list_items: Value::None,
            dict_items: Value::None,
            state: Value::None,
            setter: Value::None,
            keywords: Value::None,
            stage: Stage::Callable,
        })
    }
}
