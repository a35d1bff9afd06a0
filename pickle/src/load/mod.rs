//! From a stream to an object graph: the counterpart of `Unpickler.load` and what it calls.
//!
//! A [`Machine`] obeys one opcode after the other. It keeps its objects on a stack of its own, so that depth
//! costs heap and never Rust's stack.

mod account;
mod atoms;
mod buffers;
mod build;
mod containers;
mod fault;
mod globals;
mod guard;
mod hints;
mod memo;
mod noload;
mod objects;
mod opaque;
mod options;
mod persistent;
mod plain;
mod policy;
mod references;
mod stack;
mod text_encoding;

use std::borrow::Cow;
use std::cell::Cell;

use halfsour_runtime::{Context, Error, Location, Result, Tuple, Value, exc};

use self::account::{Account, OPCODES_BETWEEN};
pub(crate) use self::fault::InputError;
pub(crate) use self::globals::attribute_by_path;
use self::guard::Guard;
pub(crate) use self::memo::{Memo, MemoIndex};
use self::opaque::OpaqueGlobals;
pub(crate) use self::options::Options;
use self::plain::Plain;
use self::stack::Stack;
pub(crate) use self::text_encoding::TextEncoding;
use crate::decode::{Arguments, Fault, Malformed};
use crate::flavour::Flavour;
use crate::limits::Limits;
use crate::opaque::Missing;
use crate::opcode::Opcode;
use crate::policy::{Allows, Callables};
use crate::source::Input;

/// What finds a global: `Unpickler.find_class`.
pub(crate) type FindClass<'h, 'gc> = dyn Fn(Context<'gc>, &str, &str) -> Result<'gc> + 'h;

/// What finds an object by its persistent id: `Unpickler.persistent_load`.
pub(crate) type PersistentLoad<'h, 'gc> = dyn Fn(Context<'gc>, Value<'gc>) -> Result<'gc> + 'h;

/// What obeys GLOBAL in the place of the machine, and returns what it pushes: an overridden `Unpickler.load_global`.
pub(crate) type LoadGlobal<'h, 'gc> = dyn Fn(Context<'gc>) -> Result<'gc, Vec<Value<'gc>>> + 'h;
/// What gives out-of-band buffers, by how many were given before; `None` when there are no more.
pub(crate) type Buffers<'h, 'gc> =
    dyn Fn(Context<'gc>, usize) -> Result<'gc, Option<Value<'gc>>> + 'h;

/// What a host puts in the place of the machine's own behaviour.
#[derive(Clone, Copy, Default)]
pub(crate) struct Hooks<'h, 'gc> {
    pub(crate) find_class: Option<&'h FindClass<'h, 'gc>>,
    pub(crate) persistent_load: Option<&'h PersistentLoad<'h, 'gc>>,
    pub(crate) load_global: Option<&'h LoadGlobal<'h, 'gc>>,
    pub(crate) buffers: Option<&'h Buffers<'h, 'gc>>,
    /// What is told the protocol that the stream announces: `find_class` of a Python object asks it.
    pub(crate) announced: Option<&'h Cell<u8>>,
}

/// One load in progress.
pub(crate) struct Machine<'h, 'gc> {
    ctx: Context<'gc>,
    flavour: Flavour,
    limits: Limits,
    callables: Callables,
    guard: Option<Guard<'h>>,
    missing: Missing,
    opaque_globals: OpaqueGlobals<'gc>,
    hooks: Hooks<'h, 'gc>,
    options: Options<'h>,
    stack: Stack<'gc>,
    memo: Memo<'gc>,
    plain: Option<Plain<'gc>>,
    /// The protocol that the stream has announced.
    protocol: u8,
    /// How many out-of-band buffers the stream has asked for.
    buffers_taken: usize,
    account: Account,
}

impl<'h, 'gc> Machine<'h, 'gc> {
    pub(crate) fn new(
        ctx: Context<'gc>,
        flavour: Flavour,
        limits: Limits,
        hooks: Hooks<'h, 'gc>,
        memo: Memo<'gc>,
    ) -> Self {
        let (stack, callables) = (Stack::new(flavour), Callables::default());
        Machine {
            ctx,
            flavour,
            limits,
            callables,
            guard: None,
            missing: Missing::Error,
            opaque_globals: OpaqueGlobals::new(),
            hooks,
            options: Options::default(),
            stack,
            memo,
            plain: None,
            protocol: 0,
            buffers_taken: 0,
            account: Account::default(),
        }
    }

    /// Sets how the stream is read.
    pub(crate) fn options(mut self, options: Options<'h>) -> Self {
        self.options = options;
        self
    }

    /// Sets what the stream may call.
    pub(crate) fn callables(mut self, callables: Callables) -> Self {
        self.callables = callables;
        self
    }

    /// Sets who decides what the stream may do, in the place of [`callables`](Self::callables).
    pub(crate) fn policy(mut self, allows: Option<&'h Allows<'h>>) -> Self {
        self.guard = allows.map(Guard::new);
        self
    }

    /// Sets what to do about globals that are not registered.
    pub(crate) fn missing(mut self, missing: Missing) -> Self {
        self.missing = missing;
        self
    }

    /// Gives back the memo for the next load.
    pub(crate) fn into_memo(self) -> Memo<'gc> {
        self.memo
    }

    /// Reads one pickle, up to its STOP.
    ///
    /// # Errors
    /// What the stream, its source or the code that it calls raises, with offset and opcode.
    pub(crate) fn load<I>(&mut self, input: &mut I) -> Result<'gc>
    where
        I: Input<Error: InputError<'gc>>,
    {
        let loaded = match self.guard {
            Some(_) => self.run(input, Self::obey_guarded),
            None => self.run(input, Self::obey),
        };
        self.close_account(loaded)
    }

    /// Lets one opcode after the other be obeyed, up to STOP.
    #[inline]
    fn run<I>(
        &mut self,
        input: &mut I,
        obey: impl Fn(&mut Self, Opcode, &mut I) -> Result<'gc, ()>,
    ) -> Result<'gc>
    where
        I: Input<Error: InputError<'gc>>,
    {
        self.open_account();
        let (mut steps, mut left) = (0_u64, self.limits.opcodes);
        loop {
            let offset = input.offset();
            self.account.at(offset);
            if steps == 0 || self.account.is_due() {
                self.check_memory(offset).map_err(|error| located(error, offset, None))?;
                left += steps;
                steps = left.min(OPCODES_BETWEEN);
                left -= steps;
            }
            let byte = match input.opcode_byte() {
                Ok(byte) => byte,
                Err(fault) => return Err(located(self.ended(fault, offset), offset, None)),
            };
            let Some(opcode) = Opcode::from_byte(byte) else {
                let hint = hints::no_opcode(byte, offset);
                return Err(located(self.unknown_opcode(byte).with_hint(hint), offset, None));
            };
            if opcode == Opcode::STOP {
                return self
                    .stack
                    .pop()
                    .map_err(|error| located(self.bad_pickle(error), offset, Some(opcode)));
            }
            if steps == 0 {
                return Err(located(self.too_many_opcodes(), offset, Some(opcode)));
            }
            steps -= 1;
            if let Err(error) = obey(self, opcode, input) {
                return Err(located(error, offset, Some(opcode)));
            }
        }
    }

    /// Does what one opcode says.
    // Within the loop, or each opcode would save and restore all registers.
    #[inline(always)]
    fn obey<I>(&mut self, opcode: Opcode, input: &mut I) -> Result<'gc, ()>
    where
        I: Input<Error: InputError<'gc>>,
    {
        match opcode {
            Opcode::BINGET => {
                let number = self.read(input.uint1())?;
                self.fetch(u32::from(number))
            }
            Opcode::BINPUT => {
                let number = self.read(input.uint1())?;
                self.store(u32::from(number))
            }
            Opcode::LONG_BINGET => {
                let number = self.read(input.uint4())?;
                self.fetch(number)
            }
            Opcode::LONG_BINPUT => {
                let number = self.read(input.uint4())?;
                self.store(number)
            }
            Opcode::GET => {
                let key = input.key_line(self.flavour);
                self.fetch_text(key)
            }
            Opcode::PUT => {
                let key = input.text_line();
                self.store_text(key)
            }

            Opcode::NONE => self.push(Value::None),
            Opcode::NEWTRUE => self.push(Value::Bool(true)),
            Opcode::NEWFALSE => self.push(Value::Bool(false)),
            Opcode::BININT => {
                let int = self.read(input.int4())?;
                self.push(Value::Int(i64::from(int)))
            }
            Opcode::BININT1 => {
                let int = self.read(input.uint1())?;
                self.push(Value::Int(i64::from(int)))
            }
            Opcode::BININT2 => {
                let int = self.read(input.uint2())?;
                self.push(Value::Int(i64::from(int)))
            }
            Opcode::BINFLOAT => {
                let float = self.read(input.float8())?;
                self.push(Value::Float(float))
            }
            Opcode::INT => {
                let line = input.text_line();
                self.load_int(line)
            }
            Opcode::LONG => {
                let line = input.text_line();
                self.load_long(line)
            }
            Opcode::FLOAT => {
                let line = input.text_line();
                self.load_float(line)
            }
            Opcode::LONG1 => {
                let length = self.read(input.uint1())?;
                let number = input.bytes(length, self.limits.string_length);
                self.load_binary_long(number)
            }
            Opcode::LONG4 => {
                let length = self.read(input.int4())?;
                let length = self.unsigned(length, opcode)?;
                let number = input.bytes(length, self.limits.string_length);
                self.load_binary_long(number)
            }

            Opcode::STRING => {
                let line = input.text_line();
                self.load_quoted(line)
            }
            Opcode::SHORT_BINSTRING => {
                let length = self.read(input.uint1())?;
                let string = input.bytes(length, self.limits.string_length);
                self.load_string(string)
            }
            Opcode::BINSTRING => {
                let length = self.read(input.int4())?;
                let length = self.unsigned(length, opcode)?;
                let string = input.bytes(length, self.limits.string_length);
                self.load_string(string)
            }
            Opcode::UNICODE => {
                let line = input.text_line();
                self.load_unicode_line(line)
            }
            Opcode::BINUNICODE => {
                let length = self.read(input.uint4())?;
                let length = self.length_of_text(length)?;
                let text = input.bytes(length, self.limits.string_length);
                self.load_text(text)
            }

            Opcode::MARK => self.load_mark(),
            Opcode::POP => self.load_pop(),
            Opcode::POP_MARK => {
                let mark = self.stack.pop_mark()?;
                self.stack.truncate(mark);
                Ok(())
            }
            Opcode::DUP => {
                let top = self.stack.top()?;
                self.push(top)
            }

            Opcode::EMPTY_TUPLE => self.push(Tuple::new(self.ctx, &[]).into()),
            Opcode::TUPLE1 => self.load_tuple_of::<1>(),
            Opcode::TUPLE2 => self.load_tuple_of::<2>(),
            Opcode::TUPLE3 => self.load_tuple_of::<3>(),
            Opcode::TUPLE => self.load_tuple(),
            Opcode::EMPTY_LIST => self.load_empty_list(),
            Opcode::LIST => self.load_list(),
            Opcode::APPEND => self.load_append(),
            Opcode::APPENDS => self.load_appends(),
            Opcode::EMPTY_DICT => self.load_empty_dict(),
            Opcode::DICT => self.load_dict(),
            Opcode::SETITEM => self.load_setitem(),
            Opcode::SETITEMS => self.load_setitems(),

            Opcode::GLOBAL => {
                if let Some(load_global) = self.hooks.load_global {
                    load_global(self.ctx)?.into_iter().for_each(|object| self.stack.push(object));
                    return Ok(());
                }
                let global = self.read_global(input)?;
                let global = self.find_class(&global)?;
                self.push(global)
            }
            Opcode::INST => {
                let mark = self.stack.pop_mark()?;
                let global = self.read_global(input)?;
                self.load_inst(mark, &global)
            }
            Opcode::EXT1 => {
                let code = self.read(input.uint1())?;
                self.load_extension(i64::from(code))
            }
            Opcode::EXT2 => {
                let code = self.read(input.uint2())?;
                self.load_extension(i64::from(code))
            }
            Opcode::EXT4 => {
                let code = self.read(input.int4())?;
                self.load_extension(i64::from(code))
            }
            Opcode::OBJ => self.load_obj(),
            Opcode::REDUCE => self.load_reduce(),
            Opcode::NEWOBJ => self.load_newobj(),
            Opcode::BUILD => self.load_build(),
            Opcode::PERSID => {
                let id = input.text_line();
                self.load_persistent_line(id)
            }
            Opcode::BINPERSID => self.load_persistent(),

            Opcode::PROTO => {
                let protocol = self.read(input.uint1())?;
                self.announce(protocol)
            }
            Opcode::STOP => Ok(()),
            // Most opcodes of protocol 4 are one of these two.
            Opcode::SHORT_BINUNICODE if self.knows(opcode) => {
                let length = self.read(input.uint1())?;
                let text = input.bytes(length, self.limits.string_length);
                self.load_text(text)
            }
            Opcode::MEMOIZE if self.knows(opcode) => self.memoize(),
            newer if self.knows(newer) => self.obey_newer(newer, input),
            newer => Err(self.unknown_opcode(newer.byte()).with_hint(hints::NEWER)),
        }
    }

    /// Does what another opcode of protocol 3 or higher says.
    #[inline]
    fn obey_newer<I>(&mut self, opcode: Opcode, input: &mut I) -> Result<'gc, ()>
    where
        I: Input<Error: InputError<'gc>>,
    {
        let limit = self.limits.string_length;
        match opcode {
            Opcode::SHORT_BINBYTES => {
                let length = self.read(input.uint1())?;
                let bytes = input.bytes(length, limit);
                self.load_bytes(bytes)
            }
            Opcode::BINBYTES => {
                let length = self.read(input.uint4())?;
                let bytes = input.bytes(length, limit);
                self.load_bytes(bytes)
            }
            Opcode::BINBYTES8 => {
                let length = self.read(input.uint8())?;
                self.check_length(length, "BINBYTES")?;
                let bytes = input.bytes(length, limit);
                self.load_bytes(bytes)
            }
            Opcode::BYTEARRAY8 => {
                let length = self.read(input.uint8())?;
                self.check_length(length, "BYTEARRAY8")?;
                let bytes = input.bytes(length, limit);
                self.load_bytearray(bytes)
            }
            Opcode::BINUNICODE8 => {
                let length = self.read(input.uint8())?;
                self.check_length(length, "BINUNICODE")?;
                let text = input.bytes(length, limit);
                self.load_text(text)
            }
            Opcode::EMPTY_SET => self.load_empty_set(),
            Opcode::ADDITEMS => self.load_additems(),
            Opcode::FROZENSET => self.load_frozenset(),
            Opcode::STACK_GLOBAL => self.load_stack_global(),
            Opcode::NEWOBJ_EX => self.load_newobj_ex(),
            Opcode::FRAME => {
                let length = self.read(input.uint8())?;
                self.check_frame(length)?;
                if input.lacks(length) {
                    return Err(self.unpickling_error(fault::TRUNCATED));
                }
                Ok(())
            }
            Opcode::NEXT_BUFFER => self.load_next_buffer(),
            Opcode::READONLY_BUFFER => self.load_readonly_buffer(),
            // Every other opcode was obeyed before.
            other => Err(self.unknown_opcode(other.byte())),
        }
    }

    #[inline(always)]
    fn push(&mut self, object: Value<'gc>) -> Result<'gc, ()> {
        self.stack.push(object);
        Ok(())
    }

    /// Returns what was read, or the exception for why it could not be.
    #[inline]
    fn read<T, E: InputError<'gc>>(
        &self,
        read: std::result::Result<T, Fault<E>>,
    ) -> Result<'gc, T> {
        read.map_err(|fault| self.raise(fault))
    }

    /// Returns a line that was read. The C implementations take an empty one for a stream that was cut.
    #[inline]
    fn filled_line<'a, E: InputError<'gc>>(
        &self,
        read: std::result::Result<&'a [u8], Fault<E>>,
    ) -> Result<'gc, &'a [u8]> {
        let line = self.read(read)?;
        if line.is_empty() && self.flavour != Flavour::Pickle {
            return Err(self.empty_line());
        }
        Ok(line)
    }

    #[cold]
    fn empty_line(&self) -> Error<'gc> {
        self.unpickling_error(fault::TRUNCATED)
    }

    #[cold]
    fn raise<E: InputError<'gc>>(&self, fault: Fault<E>) -> Error<'gc> {
        fault::raise(self.ctx, self.flavour, fault)
    }

    /// The error where an opcode should begin and none comes.
    #[cold]
    fn ended<E: InputError<'gc>>(&self, fault: Fault<E>, offset: u64) -> Error<'gc> {
        let by_stream = matches!(fault, Fault::Stream(_));
        let error = self.raise(fault);
        if by_stream { error.with_hint(hints::ended(offset)) } else { error }
    }

    #[cold]
    fn flaw(&self, malformed: Malformed) -> Error<'gc> {
        fault::raise_malformed(self.ctx, self.flavour, malformed)
    }

    #[cold]
    fn unpickling_error(&self, message: impl Into<Cow<'static, str>>) -> Error<'gc> {
        Error::new(self.flavour.unpickling_error(), message)
    }

    /// The error of cPickle where an object is missing that ends something.
    #[cold]
    fn bad_pickle(&self, underflow: Error<'gc>) -> Error<'gc> {
        match self.flavour {
            Flavour::CPickle => self.unpickling_error("bad pickle data"),
            Flavour::Pickle | Flavour::Python3 => underflow,
        }
    }

    // DIFFERENCE: pickle.py raises KeyError with nothing but the byte.
    #[cold]
    fn unknown_opcode(&self, byte: u8) -> Error<'gc> {
        self.unpickling_error(format!("invalid load key, '{}'.", byte.escape_ascii()))
    }

    /// Checks the length of a frame. It is a hint how much to read ahead, which may be wrong.
    // DIFFERENCE: the C unpickler of Python 3 reads a frame ahead, and so refuses one that is longer than the rest of the
    // stream. Here that is noticed in memory only: nothing is read ahead from a file.
    fn check_frame(&self, length: u64) -> Result<'gc, ()> {
        if i64::try_from(length).is_ok() {
            return Ok(());
        }
        let message = format!("FRAME length exceeds system's maximum of {} bytes", i64::MAX);
        Err(Error::new(&exc::OVERFLOW_ERROR, message))
    }

    /// Checks a length of eight bytes, which no object can have if it is this large.
    fn check_length(&self, length: u64, what: &str) -> Result<'gc, ()> {
        if i64::try_from(length).is_ok() {
            return Ok(());
        }
        let message = format!("{what} exceeds system's maximum size of {} bytes", i64::MAX);
        Err(Error::new(&exc::OVERFLOW_ERROR, message))
    }

    /// The highest protocol that is read.
    #[inline]
    fn highest_protocol(&self) -> u8 {
        let newer = self.options.newer_protocols;
        if newer { Flavour::Python3.highest_protocol() } else { self.flavour.highest_protocol() }
    }

    /// Whether an opcode is one that is read.
    #[inline]
    fn knows(&self, opcode: Opcode) -> bool {
        // Nearly always all are, and no table has to be looked into.
        let highest = self.highest_protocol();
        highest == Flavour::Python3.highest_protocol() || opcode.protocol() <= highest
    }

    fn announce(&mut self, protocol: u8) -> Result<'gc, ()> {
        if protocol > self.highest_protocol() {
            let message = format!("unsupported pickle protocol: {protocol}");
            return Err(Error::new(&exc::VALUE_ERROR, message).with_hint(hints::NEWER));
        }
        self.protocol = protocol;
        if let Some(announced) = self.hooks.announced {
            announced.set(protocol);
        }
        Ok(())
    }
}

/// Adds to an error where in the stream it happened.
#[cold]
fn located<'gc>(error: Error<'gc>, offset: u64, opcode: Option<Opcode>) -> Error<'gc> {
    let opcode = opcode.map(Opcode::name);
    error.at(Location { offset: Some(offset), opcode, ..Location::default() })
}

#[cfg(test)]
mod tests;
