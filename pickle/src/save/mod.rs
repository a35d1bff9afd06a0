//! From an object graph to a stream: the counterpart of `Pickler.save` and what it calls.
//!
//! A [`Saver`] walks the graph with a stack of its own, one [`Frame`] for each object whose parts are being
//! written, so that depth costs heap and never Rust's stack. Objects without parts are written where they
//! are met.

mod buffers;
mod bytes;
mod classic;
mod containers;
mod fast;
mod frame;
mod global;
mod hints;
mod hooks;
mod items;
mod memo;
mod new_object;
mod object;
mod opaque;
mod path;
mod persistent;
mod python3;
mod qualified;
mod reduce;
mod reduce_checks;
mod registry;
mod sets;
mod stack_global;
#[cfg(test)]
mod tests;

use halfsour_runtime::{Bytes, Class, Context, Error, Location, Long, Result, Unicode, Value, exc};

use self::fast::FastCycles;
use self::frame::{Frame, Step};
pub(crate) use self::hooks::Hooks;
pub(crate) use self::memo::{Memo, MemoIndex};
use self::object::ClassKind;
use self::registry::Registry;
use crate::encode::{Encoder, TooLong};
use crate::flavour::Flavour;
use crate::limits::Limits;
use crate::opcode::Opcode;
use crate::pickle_buffer::PickleBuffer;
use crate::sink::Sink;

/// How many bytes are gathered before they go to the sink.
const FLUSH_AT: usize = 1 << 16;

/// One dump in progress.
pub(crate) struct Saver<'p, 'gc> {
    ctx: Context<'gc>,
    encoder: Encoder,
    memo: Memo<'gc>,
    /// `Pickler.fast`: nothing is memoized.
    fast: bool,
    /// Fast mode's own care for cycles, in the C picklers.
    fast_cycles: Option<FastCycles>,
    hooks: Hooks<'p, 'gc>,
    /// Below protocol 3, globals go by the names that they have in Python 2.
    fix_imports: bool,
    limits: Limits,
    registry: Registry<'gc>,
    /// The class examined last, at which version of all classes, and what it leaves to `object`.
    known_class: Option<(Class<'gc>, u64, ClassKind)>,
    /// At how many bytes the sink takes what was written.
    flush_at: usize,
    frames: Vec<Frame<'gc>>,
    /// The part to write before the top frame goes on.
    next: Option<Next<'gc>>,
    /// What iterators have given and was not written yet, for all frames together.
    pending: Vec<Value<'gc>>,
}

impl<'p, 'gc> Saver<'p, 'gc> {
    pub(crate) fn new(
        ctx: Context<'gc>,
        encoder: Encoder,
        memo: Memo<'gc>,
        hooks: Hooks<'p, 'gc>,
    ) -> Self {
        let registry = Registry::new(ctx);
        let (frames, pending) = (Vec::new(), Vec::new());
        Self {
            ctx,
            encoder,
            memo,
            fast: false,
            fast_cycles: None,
            hooks,
            fix_imports: true,
            limits: Limits::new(),
            registry,
            known_class: None,
            flush_at: FLUSH_AT,
            frames,
            next: None,
            pending,
        }
    }

    /// Leaves out the memo, as `Pickler.fast` does.
    pub(crate) fn fast(mut self, fast: bool) -> Self {
        self.fast = fast;
        let by_c = self.encoder.flavour() != Flavour::Pickle;
        self.fast_cycles = (fast && by_c).then(FastCycles::default);
        self
    }

    /// Sets whether globals go by their names in Python 2.
    pub(crate) fn fix_imports(mut self, fix_imports: bool) -> Self {
        self.fix_imports = fix_imports;
        self
    }

    /// Sets what the dump may cost.
    pub(crate) fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Writes one object as a pickle of its own. What was written stays written when it fails.
    pub(crate) fn dump(&mut self, object: Value<'gc>, sink: &mut dyn Sink<'gc>) -> Result<'gc, ()> {
        let outcome = self.dump_without_flush(object, sink);
        outcome.and(self.flush(sink))
    }

    fn dump_without_flush(
        &mut self,
        object: Value<'gc>,
        sink: &mut dyn Sink<'gc>,
    ) -> Result<'gc, ()> {
        self.encoder.begin();
        let outcome = self.walk(object, sink).map_err(|error| {
            let path = Some(path::path(&self.frames));
            error.at(Location { path, ..Location::default() })
        });
        self.next = None;
        self.frames.clear();
        self.pending.clear();
        if outcome.is_ok() {
            self.encoder.end();
        }
        outcome
    }

    /// Returns one object as a pickle of its own.
    pub(crate) fn dump_to_bytes(mut self, object: Value<'gc>) -> Result<'gc, Vec<u8>> {
        // Nobody takes anything before the end.
        self.flush_at = usize::MAX;
        let mut rest = Vec::new();
        self.dump_without_flush(object, &mut rest)?;
        Ok(self.encoder.into_bytes())
    }

    /// Gives back the memo for the next dump.
    pub(crate) fn into_memo(self) -> Memo<'gc> {
        self.memo
    }

    /// Writes an object and its parts, until none has any left.
    fn walk(&mut self, object: Value<'gc>, sink: &mut dyn Sink<'gc>) -> Result<'gc, ()> {
        self.save(object)?;
        loop {
            match self.next.take() {
                Some(Next::Part(part)) => self.save_part(part)?,
                Some(Next::Any(part)) => self.save(part)?,
                Some(Next::Unnamed(part)) => self.save_object(part)?,
                None => {
                    let Some(frame) = self.frames.pop() else { return Ok(()) };
                    self.resume(frame)?;
                }
            }
            if self.is_full() {
                self.flush(sink)?;
            }
        }
    }

    /// Whether it is time for the sink to take what was written.
    fn is_full(&self) -> bool {
        self.encoder.ready().len() >= self.flush_at
    }

    fn flush(&mut self, sink: &mut dyn Sink<'gc>) -> Result<'gc, ()> {
        let accepted = sink.accept(self.ctx, self.encoder.ready());
        self.encoder.discard_ready();
        accepted
    }

    /// Begins with an object that has parts: only one that is not done at once gets its place among the frames.
    fn begin(&mut self, mut frame: Frame<'gc>) -> Result<'gc, ()> {
        let step = self.step(&mut frame);
        self.begun(step, || frame)
    }

    /// Goes on after the first parts of an object were written, with the frame that waits for the next.
    #[inline]
    fn begun(
        &mut self,
        step: Result<'gc, Step<'gc>>,
        frame: impl FnOnce() -> Frame<'gc>,
    ) -> Result<'gc, ()> {
        match step {
            Ok(Step::Done) => Ok(()),
            Ok(Step::Part(part)) => {
                self.push(frame())?;
                // Not written from here, or depth would use Rust's stack.
                self.next = Some(Next::Part(part));
                Ok(())
            }
            Ok(Step::Pause) => self.push(frame()),
            Ok(Step::Items(items)) => {
                self.push(frame())?;
                self.push(Frame::Items(items))
            }
            Err(error) => Err(self.failed(frame(), error)),
        }
    }

    /// Goes on with an object that was on top of the frames, and puts it back unless it is done.
    fn resume(&mut self, mut frame: Frame<'gc>) -> Result<'gc, ()> {
        match self.step(&mut frame) {
            Ok(Step::Part(part)) => {
                self.frames.push(frame);
                self.save_part(part)
            }
            Ok(Step::Pause) => {
                self.frames.push(frame);
                Ok(())
            }
            Ok(Step::Items(items)) => {
                self.frames.push(frame);
                self.push(Frame::Items(items))
            }
            Ok(Step::Done) => {
                if let Some(cycles) = &mut self.fast_cycles {
                    cycles.leave(&frame);
                }
                Ok(())
            }
            Err(error) => Err(self.failed(frame, error)),
        }
    }

    /// Puts a frame back whose object cannot be written: the path in the error leads through it.
    #[cold]
    fn failed(&mut self, frame: Frame<'gc>, error: Error<'gc>) -> Error<'gc> {
        self.frames.push(frame);
        error
    }

    /// Writes parts of an object until it needs something else.
    fn step(&mut self, frame: &mut Frame<'gc>) -> Result<'gc, Step<'gc>> {
        match frame {
            Frame::List(frame) => self.list_parts(frame),
            Frame::Dict(frame) => self.dict_parts(frame),
            Frame::Tuple(frame) => self.tuple_parts(frame),
            Frame::Set(frame) => self.set_parts(frame),
            Frame::FrozenSet(frame) => self.frozenset_parts(frame),
            Frame::Global(frame) => self.global_parts(frame),
            Frame::Qualified(frame) => self.qualified_parts(frame),
            Frame::Reduce(frame) => self.reduce_parts(frame),
            Frame::Build => {
                self.encoder.op(Opcode::BUILD);
                Ok(Step::Done)
            }
            Frame::Classic(frame) => self.classic_parts(frame),
            Frame::Items(frame) => self.item_parts(frame),
            Frame::Opaque(frame) => self.opaque_parts(frame),
            Frame::PersistentId => {
                self.encoder.op(Opcode::BINPERSID);
                Ok(Step::Done)
            }
        }
    }

    /// Writes an object, or begins to and pushes a frame that goes on.
    fn save(&mut self, object: Value<'gc>) -> Result<'gc, ()> {
        self.encoder.begin_object();
        if self.hooks.asks() && self.save_persistent(object)? {
            return Ok(());
        }
        self.save_object(object)
    }

    /// As [`save`](Self::save), of an object that has no persistent id.
    fn save_object(&mut self, object: Value<'gc>) -> Result<'gc, ()> {
        if self.save_atom(object)? || self.save_again(object) {
            return Ok(());
        }
        self.save_composite(object)
    }

    /// As [`save`](Self::save), of a part that [`save_leaf`](Self::save_leaf) did not write.
    fn save_part(&mut self, part: Value<'gc>) -> Result<'gc, ()> {
        if self.hooks.asks() { self.save(part) } else { self.save_composite(part) }
    }

    /// Writes an object that is met for the first time and is no atom.
    fn save_composite(&mut self, object: Value<'gc>) -> Result<'gc, ()> {
        match object {
            Value::Tuple(tuple) => self.save_tuple(tuple),
            Value::List(list) => self.save_list(list),
            Value::Dict(dict) => self.save_dict(dict),
            Value::Set(set) if self.encoder.protocol() >= 4 => self.save_set(set),
            Value::FrozenSet(set) if self.encoder.protocol() >= 4 => self.save_frozenset(set),
            Value::ClassicInstance(instance) => self.save_classic(instance),
            Value::Bytes(bytes) => self.save_bytes_as_text(bytes),
            _ if self.encoder.flavour() == Flavour::Python3 => match object {
                Value::ByteArray(array) => self.save_bytearray(array),
                Value::Instance(_) => match PickleBuffer::from_value(object) {
                    Some(buffer) => self.save_picklebuffer(buffer),
                    None => self.save_by_hook_or_type(object),
                },
                _ => self.save_by_hook_or_type(object),
            },
            // A special method of a built-in type, bound, is no function with a name.
            Value::Builtin(function) if function.wrapped_class().is_some() => {
                self.save_reduced(object)
            }
            Value::ClassicClass(_) | Value::Builtin(_) => self.save_global(object, None),
            Value::Function(_) => self.save_function(object),
            Value::Class(class) if class.metaclass().is(self.ctx.types().type_) => {
                self.save_global(object, None)
            }
            _ => self.save_reduced(object),
        }
    }

    /// Writes an object that has no parts and no name; returns whether it was one.
    ///
    /// With a persistent id hook nothing is an atom until the hook was asked, which [`save`](Self::save) does.
    #[inline(always)]
    fn save_atom(&mut self, object: Value<'gc>) -> Result<'gc, bool> {
        match object {
            Value::None => self.encoder.op(Opcode::NONE),
            Value::Bool(value) => self.encoder.bool(value),
            Value::Int(value) => self.encoder.int(value),
            Value::Float(value) => self.encoder.float(value),
            Value::Long(value) => self.save_long(value)?,
            Value::Bytes(value) if self.encoder.has_byte_strings() => self.save_bytes(value)?,
            Value::Unicode(value) => self.save_unicode(value)?,
            Value::Tuple(tuple) if tuple.is_empty() => self.save_empty_tuple(),
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn save_long(&mut self, number: Long<'gc>) -> Result<'gc, ()> {
        self.check_digits(number)?;
        match number.to_i64() {
            Some(small) => self.encoder.small_long(small),
            None => self.encoder.long(number.as_bigint()),
        }
        Ok(())
    }

    #[inline(never)]
    fn save_bytes(&mut self, bytes: Bytes<'gc>) -> Result<'gc, ()> {
        self.save_text(bytes.into(), |encoder| encoder.byte_string(bytes.as_slice()))
    }

    #[inline(never)]
    fn save_unicode(&mut self, text: Unicode<'gc>) -> Result<'gc, ()> {
        self.save_text(text.into(), |encoder| encoder.unicode(text.as_generalised_utf8()))
    }

    /// Refuses to write a number in text that Python 3 would not read.
    fn check_digits(&self, number: Long<'gc>) -> Result<'gc, ()> {
        if self.encoder.flavour() != Flavour::Python3 || self.encoder.protocol() >= 2 {
            return Ok(());
        }
        let (number, most) = (number.as_bigint(), self.limits.digits_for(Flavour::Python3));
        // A digit has about 3.32 bits, a number has perhaps one digit more than that gives.
        let is_short = number.bits() * 30_103 / 100_000 < most as u64;
        if is_short || number.magnitude().to_string().len() <= most {
            return Ok(());
        }
        let message = format!(
            "Exceeds the limit ({most} digits) for integer string conversion; use \
             sys.set_int_max_str_digits() to increase the limit"
        );
        Err(Error::new(&exc::VALUE_ERROR, message))
    }

    /// Writes a string, or a reference to it. `cPickle` neither keeps nor looks up strings shorter than two.
    #[inline]
    fn save_text(
        &mut self,
        object: Value<'gc>,
        write: impl FnOnce(&mut Encoder) -> std::result::Result<(), TooLong>,
    ) -> Result<'gc, ()> {
        let known = self.memo.entry(object);
        if let Some(number) = known.number() {
            self.encoder.get(number);
            return Ok(());
        }
        if let Err(TooLong) = write(&mut self.encoder) {
            return Err(self.too_long());
        }
        let is_kept = self.encoder.flavour() != Flavour::CPickle || is_longer_than_one(object);
        if is_kept && !self.fast {
            self.encoder.put(known.insert());
        }
        Ok(())
    }

    /// Writes a reference to an object that was written before; returns whether it was.
    #[inline(always)]
    fn save_again(&mut self, object: Value<'gc>) -> bool {
        let Some(number) = self.memo.get(object) else { return false };
        self.encoder.get(number);
        true
    }

    /// Writes a part at once, if it is one that can be; returns whether it was.
    #[inline(always)]
    fn save_leaf(&mut self, part: Value<'gc>) -> Result<'gc, bool> {
        self.encoder.begin_object();
        if self.hooks.asks() {
            return Ok(false);
        }
        if self.save_atom(part)? || self.save_again(part) {
            return Ok(true);
        }
        match part {
            Value::Tuple(_) | Value::List(_) | Value::Dict(_) => self.save_flat(part),
            _ => Ok(false),
        }
    }

    /// Pushes the frame of an object with parts.
    ///
    /// Python's recursion limit bounds the nesting of what is pickled. Raising it costs memory only.
    fn push(&mut self, frame: Frame<'gc>) -> Result<'gc, ()> {
        if self.ctx.depth() + self.frames.len() >= self.ctx.recursion_limit() {
            return Err(self.too_deep());
        }
        if let Some(cycles) = &mut self.fast_cycles {
            cycles.enter(self.ctx, &frame)?;
        }
        self.frames.push(frame);
        Ok(())
    }

    #[cold]
    fn too_deep(&self) -> Error<'gc> {
        let place = match self.encoder.flavour() {
            Flavour::Pickle => "",
            Flavour::CPickle | Flavour::Python3 => " while pickling an object",
        };
        let hint = if self.fast { hints::FAST } else { hints::TOO_DEEP };
        self.ctx.too_deep_at(place).with_hint(hint)
    }

    /// Numbers what is on top of the reader's stack.
    #[inline(always)]
    fn memoize(&mut self, object: Value<'gc>) {
        if !self.fast {
            let number = self.memo.insert(object);
            self.encoder.put(number);
        }
    }

    /// The PicklingError of the flavour.
    #[cold]
    fn pickling_error(&self, message: impl Into<std::borrow::Cow<'static, str>>) -> Error<'gc> {
        Error::new(self.encoder.flavour().pickling_error(), message)
    }

    #[cold]
    fn too_long(&self) -> Error<'gc> {
        let message = match self.encoder.flavour() {
            Flavour::CPickle => "cannot serialize a string larger than 2 GiB",
            Flavour::Pickle | Flavour::Python3 => {
                "serializing a string larger than 4 GiB requires pickle protocol 4 or higher"
            }
        };
        Error::new(&exc::OVERFLOW_ERROR, message)
    }
}

/// A part that is to be written next.
#[derive(Clone, Copy, Debug)]
enum Next<'gc> {
    /// One that is no leaf.
    Part(Value<'gc>),
    Any(Value<'gc>),
    /// One that the persistent id hook is not asked about.
    Unnamed(Value<'gc>),
}

/// Whether a string has at least two bytes, or two characters.
fn is_longer_than_one(object: Value<'_>) -> bool {
    match object {
        Value::Bytes(text) => text.len() > 1,
        Value::Unicode(text) => text.len() > 1,
        _ => true,
    }
}
