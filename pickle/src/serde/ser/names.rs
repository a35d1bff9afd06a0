//! Names: of fields, variants and classes. Each is written once, and fetched from the memo from then on.

use super::{Serializer, too_long};
use crate::compat_names;
use crate::flavour::Flavour;
use crate::opcode::Opcode;
use crate::serde::{Category, Error, Result};

impl Serializer<'_> {
    /// The name of a field or a variant.
    pub(super) fn name(&mut self, name: &'static str) -> Result<()> {
        self.begin()?;
        if let Some(&number) = self.names.get(name) {
            self.encoder.get(number);
            return Ok(());
        }
        let is_native = self.encoder.flavour() != Flavour::Python3 && name.is_ascii();
        let written = match is_native {
            true => self.encoder.byte_string(name.as_bytes()),
            false => self.encoder.unicode(name.as_bytes()),
        };
        written.map_err(too_long)?;
        let number = self.memoize();
        self.names.insert(name, number);
        Ok(())
    }

    /// Begins an instance, if a struct is written as one; returns whether it is.
    pub(super) fn begin_instance(&mut self, name: &'static str) -> Result<bool> {
        let number = match self.classes.get(name) {
            Some(known) => *known,
            None => match self.options.class_of(name) {
                Some((module, class)) => {
                    self.begin_reconstructor()?;
                    self.global(&module, &class)?;
                    let number = self.memoize();
                    self.classes.insert(name, Some(number));
                    self.end_instance_head();
                    return Ok(true);
                }
                None => {
                    self.classes.insert(name, None);
                    None
                }
            },
        };
        let Some(number) = number else { return Ok(false) };
        self.begin_reconstructor()?;
        self.encoder.get(number);
        self.end_instance_head();
        Ok(true)
    }

    /// What stands before the class, where no opcode makes an instance.
    fn begin_reconstructor(&mut self) -> Result<()> {
        self.begin()?;
        if !self.has_protocol_2() {
            self.global("copyreg", "_reconstructor")?;
            self.encoder.op(Opcode::MARK);
        }
        Ok(())
    }

    /// What stands behind the class and makes an instance of it.
    fn end_instance_head(&mut self) {
        if self.has_protocol_2() {
            self.encoder.op(Opcode::EMPTY_TUPLE);
            self.encoder.op(Opcode::NEWOBJ);
            return;
        }
        // The names are sound.
        let _ = self.global("builtins", "object");
        for opcode in [Opcode::NONE, Opcode::TUPLE, Opcode::REDUCE] {
            self.encoder.op(opcode);
        }
    }

    /// Bytes, where the protocol has no opcode for them: as text in Latin-1, of which a function makes bytes.
    pub(super) fn bytes_as_text(&mut self, bytes: &[u8]) -> Result<()> {
        self.begin()?;
        match self.encode {
            Some(number) => self.encoder.get(number),
            None => {
                self.global("_codecs", "encode")?;
                self.encode = Some(self.memoize());
            }
        }
        let text: String = bytes.iter().copied().map(char::from).collect();
        self.begin_tuple(2)?;
        self.text(&text)?;
        self.text("latin1")?;
        self.end_tuple(2);
        self.encoder.op(Opcode::REDUCE);
        Ok(())
    }

    /// A class or function, by its name in Python 3.
    fn global(&mut self, module: &str, name: &str) -> Result<()> {
        let is_by_stack = self.encoder.protocol() >= 4;
        if module.contains('\n') || name.contains('\n') || name.contains('.') && !is_by_stack {
            let message =
                format!("protocol {} cannot name {module}.{name}", self.encoder.protocol());
            return Err(Error::new(Category::Class, message));
        }
        if is_by_stack {
            for part in [module, name] {
                self.encoder.unicode(part.as_bytes()).map_err(too_long)?;
            }
            self.encoder.op(Opcode::STACK_GLOBAL);
            return Ok(());
        }
        let (module, name) = match self.encoder.protocol() {
            0..=2 => compat_names::to_python2((module, name)),
            _ => (module, name),
        };
        self.encoder.two_lines(Opcode::GLOBAL, module.as_bytes(), name.as_bytes());
        Ok(())
    }

    /// Keeps what was written last under the next number.
    fn memoize(&mut self) -> u32 {
        let number = self.memoized;
        self.encoder.put(number);
        self.memoized += 1;
        number
    }
}
