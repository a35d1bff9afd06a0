//! Stand-ins, written as what they stand for.

use halfsour_runtime::{Result, Tuple, Value};

use super::frame::{Frame, ItemKind, MadeBy, OpaqueFrame, OpaqueStage, ReduceFrame, Stage, Step};
use super::{Next, Saver, hints};
use crate::flavour::Flavour;
use crate::opaque::{self, Opaque, OpaqueGlobal};
use crate::opcode::Opcode;

impl<'gc> Saver<'_, 'gc> {
    /// Writes an object if it is a stand-in; returns whether it was one.
    pub(super) fn save_stand_in(&mut self, object: Value<'gc>) -> Result<'gc, bool> {
        if let Some(opaque) = Opaque::of(object) {
            self.save_opaque(opaque)?;
        } else if let Some(global) = OpaqueGlobal::of(object) {
            self.save_opaque_global(global)?;
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    fn save_opaque_global(&mut self, global: OpaqueGlobal<'gc>) -> Result<'gc, ()> {
        match global.extension() {
            Some(code) if self.encoder.protocol() >= 2 => {
                self.encoder.extension(code);
                Ok(())
            }
            _ => {
                self.check_name(global)?;
                let (module, name) = (global.module_value(), global.qualname_value());
                self.save_name(global.into(), module, name)
            }
        }
    }

    /// Checks that a stand-in can be written by its name: that it has one, and that its parts are lines, where they are
    /// written as such. A stream chose them, and what follows a newline would be opcodes of its choice.
    fn check_name(&self, global: OpaqueGlobal<'gc>) -> Result<'gc, ()> {
        if let Some(code) = global.extension() {
            return Err(self.pickling_error(format!(
                "extension code {code} is not registered, and only protocol 2 and higher can write it"
            )));
        }
        if self.encoder.protocol() >= 4 {
            return Ok(());
        }
        let mut name = self.text(global.qualname_value())?;
        if self.encoder.flavour() == Flavour::Python3 {
            // The other parts are arguments.
            name = name.split(|&byte| byte == b'.').next().unwrap_or_default();
        }
        if [self.text(global.module_value())?, name].into_iter().all(|it| self.is_line(it)) {
            return Ok(());
        }
        let problem = "its name is no line of text, and only protocol 4 and higher can write it";
        Err(self.cannot_pickle(global.into(), problem)?)
    }

    /// Whether a text is read again where it is written as a line.
    fn is_line(&self, text: &[u8]) -> bool {
        let is_seen = !text.is_empty() || self.encoder.flavour() == Flavour::Pickle;
        is_seen && !text.contains(&b'\n') && !text.ends_with(b"\r")
    }

    fn save_opaque(&mut self, opaque: Opaque<'gc>) -> Result<'gc, ()> {
        let (callable, args) = (opaque.callable(), opaque.args());
        match opaque.made_by() {
            opaque::MadeBy::Persistent => {
                let id = args.as_slice().first().copied().unwrap_or(Value::None);
                self.write_id(id)
            }
            opaque::MadeBy::Inst | opaque::MadeBy::Obj => self.save_opaque_instance(opaque),
            opaque::MadeBy::Reduce => self.save_call(opaque, MadeBy::Reduce, callable, args),
            opaque::MadeBy::NewObj => self.save_new(opaque),
            opaque::MadeBy::NewObjEx => match opaque.keywords() {
                Some(keywords) if !keywords.is_empty() => self.save_new_with_keywords(opaque),
                _ if self.encoder.protocol() >= 4 => self.save_new_with_keywords(opaque),
                _ => self.save_new(opaque),
            },
        }
    }

    /// What NEWOBJ makes; below protocol 2 a function of `copy_reg` makes it.
    fn save_new(&mut self, opaque: Opaque<'gc>) -> Result<'gc, ()> {
        let (class, args) = (opaque.callable(), opaque.args());
        if self.encoder.protocol() >= 2 {
            return self.save_call(opaque, MadeBy::NewObj, class, args);
        }
        let call = [&[class], args.as_slice()].concat();
        self.save_helper_call(opaque, "__newobj__", Tuple::from_vec(self.ctx, call))
    }

    /// What NEWOBJ_EX makes; below protocol 4 a function of `copyreg` makes it.
    fn save_new_with_keywords(&mut self, opaque: Opaque<'gc>) -> Result<'gc, ()> {
        let (class, args) = (opaque.callable(), opaque.args());
        if self.encoder.protocol() >= 4 {
            return self.save_call(opaque, MadeBy::NewObjEx, class, args);
        }
        let keywords = opaque.keywords().map_or(Value::None, Value::from);
        let call = Tuple::new(self.ctx, &[class, args.into(), keywords]);
        self.save_helper_call(opaque, "__newobj_ex__", call)
    }

    /// A call of a helper of `copy_reg`, which need not be here: it is written, not called.
    fn save_helper_call(
        &mut self,
        opaque: Opaque<'gc>,
        helper: &str,
        args: Tuple<'gc>,
    ) -> Result<'gc, ()> {
        let module = self.ctx.dialect().copyreg_module();
        let helper = match self.ctx.import_from(module, helper) {
            Ok(helper) => helper,
            Err(_) => OpaqueGlobal::new(self.ctx, module, helper)?.into(),
        };
        self.save_call(opaque, MadeBy::Reduce, helper, args)
    }

    fn save_call(
        &mut self,
        opaque: Opaque<'gc>,
        made_by: MadeBy,
        callable: Value<'gc>,
        args: Tuple<'gc>,
    ) -> Result<'gc, ()> {
        let [list_items, dict_items] = self.item_iterators(opaque)?;
        self.save_reduction(ReduceFrame {
            object: opaque.into(),
            callable,
            args: args.into(),
            made_by,
            list_items,
            dict_items,
            state: opaque.state().unwrap_or(Value::None),
            setter: opaque.state_setter().unwrap_or(Value::None),
            keywords: opaque.keywords().map_or(Value::None, Value::from),
            stage: Stage::Callable,
        })
    }

    /// Iterators over the items of an object, `None` where it has none.
    fn item_iterators(&self, opaque: Opaque<'gc>) -> Result<'gc, [Value<'gc>; 2]> {
        let mut iterators = [Value::None; 2];
        for (iterator, items) in iterators.iter_mut().zip(opaque.added_items()) {
            if let Some(items) = items {
                *iterator = Value::from(items).call_method(self.ctx, "__iter__", ())?;
            }
        }
        Ok(iterators)
    }

    /// What INST and OBJ make.
    fn save_opaque_instance(&mut self, opaque: Opaque<'gc>) -> Result<'gc, ()> {
        self.encoder.op(Opcode::MARK);
        let binary = self.encoder.is_binary() || OpaqueGlobal::of(opaque.callable()).is_none();
        let stage = if binary { OpaqueStage::Class } else { OpaqueStage::Arg(0) };
        self.begin(Frame::Opaque(OpaqueFrame { object: opaque.into(), binary, stage }))
    }

    pub(super) fn opaque_parts(&mut self, frame: &mut OpaqueFrame<'gc>) -> Result<'gc, Step<'gc>> {
        let Some(opaque) = Opaque::of(frame.object) else { return Ok(Step::Done) };
        loop {
            let stage = frame.stage;
            let part = match stage {
                OpaqueStage::Class => {
                    frame.stage = OpaqueStage::Arg(0);
                    opaque.callable()
                }
                OpaqueStage::Arg(index) => match opaque.args().as_slice().get(index) {
                    Some(&arg) => {
                        frame.stage = OpaqueStage::Arg(index + 1);
                        arg
                    }
                    None => {
                        self.make_opaque_instance(opaque, frame.binary)?;
                        frame.stage = OpaqueStage::ListItems;
                        continue;
                    }
                },
                OpaqueStage::ListItems | OpaqueStage::DictItems => {
                    let is_list = stage == OpaqueStage::ListItems;
                    frame.stage = if is_list { OpaqueStage::DictItems } else { OpaqueStage::State };
                    let [list_items, dict_items] = self.item_iterators(opaque)?;
                    let (items, kind) = if is_list {
                        (list_items, ItemKind::List)
                    } else {
                        (dict_items, ItemKind::Dict)
                    };
                    if items.is_none() {
                        continue;
                    }
                    let items = self.begin_items(items, kind)?;
                    return Ok(Step::Items(items));
                }
                OpaqueStage::State => match opaque.state() {
                    Some(state) => {
                        frame.stage = OpaqueStage::Build;
                        state
                    }
                    None => return Ok(Step::Done),
                },
                OpaqueStage::Build => {
                    self.encoder.op(Opcode::BUILD);
                    return Ok(Step::Done);
                }
            };
            if !self.save_leaf(part)? {
                return Ok(Step::Part(part));
            }
        }
    }

    /// Writes INST or OBJ.
    fn make_opaque_instance(&mut self, opaque: Opaque<'gc>, binary: bool) -> Result<'gc, ()> {
        match OpaqueGlobal::of(opaque.callable()) {
            Some(class) if !binary => {
                self.check_name(class)?;
                let (module, name) =
                    (self.text(class.module_value())?, self.text(class.qualname_value())?);
                self.encoder.two_lines(Opcode::INST, module, name);
            }
            _ => self.encoder.op(Opcode::OBJ),
        }
        self.memoize(opaque.into());
        Ok(())
    }

    /// Writes a persistent id that the stream had.
    fn write_id(&mut self, id: Value<'gc>) -> Result<'gc, ()> {
        if !self.encoder.is_binary() {
            let line = self.id_line(id)?;
            if !self.is_line(line) {
                let message = "a persistent id in protocol 0 must be a line of text";
                return Err(self.pickling_error(message).with_hint(hints::ID_LINE));
            }
            self.encoder.persistent_line(line);
            return Ok(());
        }
        self.push(Frame::PersistentId)?;
        self.next = Some(Next::Unnamed(id));
        Ok(())
    }
}
