//! Globals of Python 3: names with dots lead through classes, and old protocols name what Python 2 has.

use halfsour_runtime::{Error, Result, Tuple, Unicode, Value, exc};

use super::Saver;
use super::frame::{Frame, QualifiedFrame, Step};
use super::global::Global;
use crate::compat_names;
use crate::opcode::Opcode;

/// What an object is found by, and how many steps it is away from the module.
struct Found<'gc> {
    global: Global<'gc>,
    path: Vec<Value<'gc>>,
}

impl<'gc> Saver<'_, 'gc> {
    /// Writes an object as a global, under its own qualified name or the one that its `__reduce__` gave.
    pub(super) fn save_qualified(
        &mut self,
        object: Value<'gc>,
        name: Option<Value<'gc>>,
    ) -> Result<'gc, ()> {
        let name = match name {
            Some(name) => name,
            None => self.own_name(object)?,
        };
        let path = self.dotted_path(name)?;
        let module = self.module_with(object, &path)?;
        let found = Found { global: Global { module, name }, path };
        let parent_is_module = self.check_path(object, &found)?;
        self.write_found(object, found, parent_is_module)
    }

    /// Writes an object as a global that need not be there.
    pub(super) fn save_qualified_name(
        &mut self,
        object: Value<'gc>,
        global: Global<'gc>,
    ) -> Result<'gc, ()> {
        let path = self.dotted_path(global.name)?;
        self.write_found(object, Found { global, path }, false)
    }

    fn write_found(
        &mut self,
        object: Value<'gc>,
        mut found: Found<'gc>,
        parent_is_module: bool,
    ) -> Result<'gc, ()> {
        if self.encoder.protocol() >= 2
            && let Some(code) = self.extension_code_of_python3(found.global)?
        {
            self.encoder.extension(code);
            return Ok(());
        }
        if parent_is_module
            && found.path.len() > 1
            && let Some(&last) = found.path.last()
        {
            // The path leads back to the module on its way.
            found.global.name = last;
            found.path = vec![last];
        }
        let Global { module, name } = found.global;
        if self.encoder.protocol() >= 4 {
            return self.save_stack_global(object, module, name);
        }
        let path = Tuple::from_vec(self.ctx, found.path);
        self.begin(Frame::Qualified(Box::new(QualifiedFrame { object, module, path, saved: 0 })))
    }

    /// The parts of a name between its dots.
    fn dotted_path(&self, name: Value<'gc>) -> Result<'gc, Vec<Value<'gc>>> {
        let text = String::from_utf8_lossy(self.text(name)?);
        if !text.contains('.') {
            return Ok(vec![name]);
        }
        if text.split('.').any(|part| part == "<locals>") {
            let shown = self.shown_repr(name)?;
            let message = format!("Can't get local object {shown}");
            return Err(Error::new(&exc::ATTRIBUTE_ERROR, message));
        }
        Ok(text.split('.').map(|part| Unicode::new(self.ctx, part).into()).collect())
    }

    /// The name of the module where an object is to be found: its `__module__`, or any that has it.
    fn module_with(&self, object: Value<'gc>, path: &[Value<'gc>]) -> Result<'gc, Value<'gc>> {
        let ctx = self.ctx;
        if let Some(module) = object.find_attr(ctx, ctx.names().module)?
            && !module.is_none()
        {
            return Ok(module);
        }
        for (name, module) in ctx.modules().entries() {
            if module.is_none() || self.text(name).is_ok_and(|text| text == b"__main__") {
                continue;
            }
            match self.follow_path(module, path) {
                Ok((found, _)) if found.is(object) => return Ok(name),
                Ok(_) => {}
                Err(error) if error.is(ctx, &exc::ATTRIBUTE_ERROR) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(ctx.intern("__main__").value())
    }

    /// Follows a path of attributes; returns what it leads to and the object that has it.
    fn follow_path(
        &self,
        start: Value<'gc>,
        path: &[Value<'gc>],
    ) -> Result<'gc, (Value<'gc>, Value<'gc>)> {
        path.iter().try_fold((start, start), |(object, _), name| {
            Ok((self.attribute_of(object, *name)?, object))
        })
    }

    /// Checks that a loader that asks for the global will get this object; returns whether the module itself has it.
    fn check_path(&self, object: Value<'gc>, found: &Found<'gc>) -> Result<'gc, bool> {
        let Global { module, name } = found.global;
        let module_text = String::from_utf8_lossy(self.text(module)?);
        let Ok(imported) = self.ctx.import(&module_text) else {
            let shown = self.shown_repr(module)?;
            return Err(self.cannot_pickle(object, &format!("import of module {shown} failed"))?);
        };
        let name_text = String::from_utf8_lossy(self.text(name)?);
        match self.follow_path(imported, &found.path) {
            Ok((it, parent)) if it.is(object) => Ok(parent.is(imported)),
            Ok(_) => {
                let problem = format!("it's not the same object as {module_text}.{name_text}");
                Err(self.cannot_pickle(object, &problem)?)
            }
            Err(_) => {
                let problem = format!("attribute lookup {name_text} on {module_text} failed");
                Err(self.cannot_pickle(object, &problem)?)
            }
        }
    }

    /// The code of a global in the extension registry.
    fn extension_code_of_python3(&mut self, global: Global<'gc>) -> Result<'gc, Option<u32>> {
        match self.registry.extension_code(global.module, global.name)? {
            None => Ok(None),
            Some(Value::Int(code)) => match u32::try_from(code) {
                Ok(code @ 1..=0x7fff_ffff) => Ok(Some(code)),
                _ => {
                    let message = format!("extension code {code} is out of range");
                    Err(Error::new(&exc::RUNTIME_ERROR, message))
                }
            },
            Some(Value::Long(_)) => {
                let message = "Python int too large to convert to C long";
                Err(Error::new(&exc::OVERFLOW_ERROR, message))
            }
            Some(other) => {
                let found = other.type_name(self.ctx);
                let message = format!("'{found}' object cannot be interpreted as an integer");
                Err(Error::new(&exc::TYPE_ERROR, message))
            }
        }
    }

    /// Below protocol 4 a path is written as calls of `getattr`, around the GLOBAL that it starts from. Neither that nor
    /// what comes between is kept in the memo.
    pub(super) fn qualified_parts(
        &mut self,
        frame: &mut QualifiedFrame<'gc>,
    ) -> Result<'gc, Step<'gc>> {
        let path = frame.path.as_slice();
        let calls = path.len().saturating_sub(1);
        loop {
            let binary = self.encoder.protocol() >= 2;
            match frame.saved.checked_sub(1) {
                Some(last) if last >= calls => {
                    self.encoder.op(if binary { Opcode::TUPLE2 } else { Opcode::TUPLE });
                    self.encoder.op(Opcode::REDUCE);
                }
                Some(_) if !binary => self.encoder.op(Opcode::MARK),
                _ => {}
            }
            if frame.saved == calls {
                self.write_global(frame.module, path.first().copied().unwrap_or(Value::None))?;
            }
            if frame.saved == 2 * calls {
                self.memoize(frame.object);
                return Ok(Step::Done);
            }
            let part = if frame.saved < calls {
                self.ctx.import_from(self.ctx.dialect().builtins_module(), "getattr")?
            } else {
                path.get(frame.saved - calls + 1).copied().unwrap_or(Value::None)
            };
            frame.saved += 1;
            if !self.save_leaf(part)? {
                return Ok(Step::Part(part));
            }
        }
    }

    /// Writes GLOBAL, below protocol 3 with the names of Python 2.
    fn write_global(&mut self, module: Value<'gc>, name: Value<'gc>) -> Result<'gc, ()> {
        let (module_text, name_text) = (self.text(module)?, self.text(name)?);
        let (mut module, mut name) = (
            String::from_utf8_lossy(module_text).into_owned(),
            String::from_utf8_lossy(name_text).into_owned(),
        );
        let old = self.encoder.protocol() < 3;
        if old && self.fix_imports {
            let (old_module, old_name) = compat_names::to_python2((&module, &name));
            (module, name) = (old_module.to_owned(), old_name.to_owned());
        }
        for (kind, text, bytes) in [("module", &module, module_text), ("global", &name, name_text)]
        {
            // Half of a surrogate pair is no character that UTF-8 could write.
            if old && !text.is_ascii() || std::str::from_utf8(bytes).is_err() {
                let protocol = self.encoder.protocol();
                return Err(self.pickling_error(format!(
                    "can't pickle {kind} identifier '{text}' using pickle protocol {protocol}"
                )));
            }
        }
        self.encoder.two_lines(Opcode::GLOBAL, module.as_bytes(), name.as_bytes());
        Ok(())
    }

    /// The `repr` of an object, for a message.
    fn shown_repr(&self, object: Value<'gc>) -> Result<'gc, String> {
        let shown = object.repr(self.ctx)?;
        Ok(String::from_utf8_lossy(self.text(shown)?).into_owned())
    }
}
