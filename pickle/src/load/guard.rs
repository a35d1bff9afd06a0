//! A host's policy: what a stream may do with what it reaches.
//!
//! The policy is asked about names, and opcodes work on objects. So a load under a policy keeps in mind where objects
//! come from: a global that the stream named, or the result of calling one.

use std::collections::HashMap;

use halfsour_runtime::{Error, Result, Value};

use super::{InputError, Machine};
use crate::opcode::Opcode;
use crate::policy::Allows;
use crate::source::Input;
use crate::tools::{Target, Use};

/// A policy, and where the objects of a load come from.
pub(super) struct Guard<'h> {
    allows: &'h Allows<'h>,
    /// The origins of objects, by their addresses: nothing is freed while a load runs.
    origins: HashMap<usize, Origin>,
    /// What the opcode at work has called.
    called: Option<Target>,
}

/// Where an object comes from.
#[derive(Clone, Debug)]
enum Origin {
    /// The stream has named it.
    Named(Target),
    /// It was made by calling what the stream has named.
    MadeBy(Target),
}

impl<'h> Guard<'h> {
    pub(super) fn new(allows: &'h Allows<'h>) -> Self {
        Self { allows, origins: HashMap::new(), called: None }
    }

    /// How many bytes the origins take.
    pub(super) fn size(&self) -> usize {
        2 * size_of::<Origin>() * self.origins.capacity()
    }

    fn origin(&self, object: Value<'_>) -> Option<&Origin> {
        self.origins.get(&object.addr()?)
    }

    /// Asks the policy; returns the refusal if it does not allow a use.
    fn ask(&self, target: &Target, usage: Use) -> std::result::Result<(), String> {
        if (self.allows)(target, usage) {
            return Ok(());
        }
        Err(format!("{target} {usage}, which the policy does not allow"))
    }

    /// Asks whether an object may be called or instantiated, and remembers what it is for what it makes.
    fn ask_call(
        &mut self,
        callable: Value<'_>,
        args: &[Value<'_>],
        usage: Use,
    ) -> std::result::Result<(), String> {
        let (target, usage) = match self.origin(callable) {
            Some(Origin::Named(target)) => (target.clone(), usage),
            Some(Origin::MadeBy(target)) => (target.clone(), Use::ResultCalled),
            None => (UNKNOWN, usage),
        };
        self.ask(&target, usage)?;
        self.called = Some(target);
        match (&self.called, args.first()) {
            // The class that a helper of `copy_reg` makes an object of.
            (Some(helper), Some(&class))
                if usage == Use::Called
                    && helper.makes_objects()
                    && (!is_data(class) || self.origin(class).is_some()) =>
            {
                self.ask_call(class, &[], Use::Instantiated)
            }
            _ => Ok(()),
        }
    }

    /// Asks whether an object may be given state or items. What opcodes make of themselves may.
    fn ask_change(&self, object: Value<'_>, usage: Use) -> std::result::Result<(), String> {
        match (self.origin(object), object) {
            (Some(Origin::Named(target)), _) => self.ask(target, Use::Altered),
            (Some(Origin::MadeBy(target)), _) => self.ask(target, usage),
            (None, object) if is_data(object) => Ok(()),
            (None, _) => self.ask(&UNKNOWN, usage),
        }
    }

    /// Notes that the stream has named an object.
    fn name(&mut self, object: Value<'_>, target: Target) {
        if let Some(address) = object.addr() {
            self.origins.insert(address, Origin::Named(target));
        }
    }

    /// Notes that an object was made by what was called last. What has a name keeps it.
    fn made(&mut self, object: Value<'_>) {
        if let (Some(address), Some(target)) = (object.addr(), self.called.take()) {
            self.origins.entry(address).or_insert(Origin::MadeBy(target));
        }
    }
}

/// What came to the stream in another way than by its own opcodes, such as the memo of an earlier load.
const UNKNOWN: Target = Target::Unresolved { module: None, name: None };

/// Whether an object is of a type whose objects opcodes make themselves.
fn is_data(object: Value<'_>) -> bool {
    matches!(
        object,
        Value::None
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Long(_)
            | Value::Bytes(_)
            | Value::Unicode(_)
            | Value::ByteArray(_)
            | Value::Tuple(_)
            | Value::List(_)
            | Value::Dict(_)
            | Value::Set(_)
            | Value::FrozenSet(_)
    )
}

impl<'gc> Machine<'_, 'gc> {
    /// Does what one opcode says, if the policy allows that.
    pub(super) fn obey_guarded<I>(&mut self, opcode: Opcode, input: &mut I) -> Result<'gc, ()>
    where
        I: Input<Error: InputError<'gc>>,
    {
        match opcode {
            Opcode::BUILD | Opcode::APPEND => self.guard_change(self.stack.topmost(1), opcode)?,
            Opcode::SETITEM => self.guard_change(self.stack.topmost(2), opcode)?,
            Opcode::APPENDS | Opcode::SETITEMS | Opcode::ADDITEMS => {
                self.guard_change(self.stack.below_mark(), opcode)?;
            }
            _ => {}
        }
        self.obey(opcode, input)?;
        match opcode {
            Opcode::REDUCE | Opcode::NEWOBJ | Opcode::NEWOBJ_EX | Opcode::OBJ | Opcode::INST => {
                let made = self.stack.top()?;
                if let Some(guard) = &mut self.guard {
                    guard.made(made);
                }
            }
            Opcode::PERSID | Opcode::BINPERSID => {
                let found = self.stack.top()?;
                if let Some(guard) = &mut self.guard {
                    guard.name(found, Target::Persistent);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn guard_change(&self, object: Option<Value<'gc>>, opcode: Opcode) -> Result<'gc, ()> {
        let usage = if opcode == Opcode::BUILD { Use::GivenState } else { Use::GivenItems };
        match (&self.guard, object) {
            (Some(guard), Some(object)) => self.allowed(guard.ask_change(object, usage)),
            // Too few objects are what the opcode itself complains of.
            _ => Ok(()),
        }
    }

    /// Asks the policy, if there is one, whether an object may be called.
    pub(super) fn guard_call(
        &mut self,
        callable: Value<'gc>,
        args: &[Value<'gc>],
        usage: Use,
    ) -> Result<'gc, bool> {
        let Some(guard) = &mut self.guard else { return Ok(false) };
        let answer = guard.ask_call(callable, args, usage);
        self.allowed(answer)?;
        Ok(true)
    }

    /// Asks the policy, if there is one, whether something may be named.
    pub(super) fn guard_reference(&self, target: impl FnOnce() -> Target) -> Result<'gc, ()> {
        match &self.guard {
            Some(guard) => self.allowed(guard.ask(&target(), Use::Referenced)),
            None => Ok(()),
        }
    }

    /// Notes the name of an object, if there is a policy.
    pub(super) fn guard_name(&mut self, object: Value<'gc>, target: impl FnOnce() -> Target) {
        if let Some(guard) = &mut self.guard {
            guard.name(object, target());
        }
    }

    fn allowed(&self, answer: std::result::Result<(), String>) -> Result<'gc, ()> {
        answer.map_err(|refusal| self.refused(refusal))
    }

    #[cold]
    fn refused(&self, refusal: String) -> Error<'gc> {
        self.unpickling_error(refusal).with_hint("the host decides that, by Unpickler::policy")
    }
}
