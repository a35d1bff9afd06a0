//! [`Writer`]: how values are written.

use std::fmt;
use std::io;

use ::serde::ser::Serialize;
use halfsour_runtime::{Context, Value};

use super::ser::Serializer;
use super::{Category, Error, Result};
use crate::encode::Encoder;
use crate::flavour::Flavour;
use crate::unpickler::Unpickler;

/// A host's answer to which class a struct is written as.
type ClassOf<'p> = Box<dyn Fn(&str) -> Option<(String, String)> + 'p>;

/// How to write values: a configuration, good for any number of writes.
///
/// # Examples
/// ```
/// use halfsour_pickle::serde::Writer;
///
/// // For Python 2.
/// assert_eq!(Writer::new().protocol(2).to_vec(&[1, 2])?, b"\x80\x02K\x01K\x02\x86.");
/// # Ok::<(), halfsour_pickle::serde::Error>(())
/// ```
#[must_use]
pub struct Writer<'p> {
    protocol: i32,
    flavour: Flavour,
    pub(super) enums: Enums,
    classes: Option<ClassOf<'p>>,
}

/// What the variants of an enum are written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Enums {
    /// As `serde_json` writes them: `'Name'`, `{'Name': content}`.
    #[default]
    Dicts,
    /// As `serde-pickle` before 1.0 wrote them: `('Name',)`, `('Name', content)`.
    Tuples,
}

impl Default for Writer<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'p> Writer<'p> {
    /// Returns the default configuration.
    pub const fn new() -> Self {
        Self { protocol: 4, flavour: Flavour::Python3, enums: Enums::Dicts, classes: None }
    }

    /// Sets the protocol; a negative number is the highest. By default 4, which Python 3.4 and later read.
    pub const fn protocol(mut self, protocol: i32) -> Self {
        self.protocol = protocol;
        self
    }

    /// Sets whose opcodes to write; by default those of [`Flavour::Python3`].
    ///
    /// Those of Python 2 have its `str` for bytes, and for the names of fields and variants as far as they are ASCII. At the
    /// protocols that both have, what is written by default is read by Python 2 as well: as `unicode`, and bytes as `str`.
    pub const fn flavour(mut self, flavour: Flavour) -> Self {
        self.flavour = flavour;
        self
    }

    /// Sets what variants of enums are written as; by default [`Enums::Dicts`].
    pub const fn enums(mut self, enums: Enums) -> Self {
        self.enums = enums;
        self
    }

    /// Sets which structs are written as instances of a class, by the name that serde has of the struct: the answer is the
    /// module and the name of the class, or `None` for a dict. By default all are dicts.
    ///
    /// Python makes such an instance without calling `__init__`, and sets its attributes.
    ///
    /// # Examples
    /// ```
    /// use halfsour_pickle::serde::Writer;
    ///
    /// #[derive(serde::Serialize)]
    /// struct Jar {
    ///     grams: u8,
    /// }
    /// let writer =
    ///     Writer::new().protocol(2).classes(|name| Some(("kitchen".to_owned(), name.to_owned())));
    /// assert_eq!(
    ///     writer.to_vec(&Jar { grams: 7 })?,
    ///     b"\x80\x02ckitchen\nJar\nq\0)\x81}(X\x05\0\0\0gramsq\x01K\x07ub."
    /// );
    /// # Ok::<(), halfsour_pickle::serde::Error>(())
    /// ```
    pub fn classes(mut self, class_of: impl Fn(&str) -> Option<(String, String)> + 'p) -> Self {
        self.classes = Some(Box::new(class_of));
        self
    }

    /// Writes every struct as an instance of the class of its name in a module; by default all are dicts.
    pub fn classes_in(self, module: &'p str) -> Self {
        self.classes(move |name| Some((module.to_owned(), name.to_owned())))
    }

    /// Returns a value's pickle, as [`to_vec`](super::to_vec).
    ///
    /// # Errors
    /// When Python has no counterpart for the value, or there is no such protocol.
    pub fn to_vec<T: Serialize + ?Sized>(&self, value: &T) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.to_writer(&mut bytes, value)?;
        Ok(bytes)
    }

    /// Writes a value's pickle, as [`to_writer`](super::to_writer).
    ///
    /// # Errors
    /// As [`to_vec`](Self::to_vec); [`Category::Io`] when the writer fails.
    pub fn to_writer<T: Serialize + ?Sized>(
        &self,
        mut writer: impl io::Write,
        value: &T,
    ) -> Result<()> {
        self.write(&mut writer, self.encoder()?, value)
    }

    /// Makes an object of a runtime, as [`to_value`](super::to_value). Protocol and flavour do not matter here.
    ///
    /// # Errors
    /// As [`to_vec`](Self::to_vec); [`Category::Python`] when a class is not there, or raises.
    pub fn to_value<'gc, T: Serialize + ?Sized>(
        &self,
        ctx: Context<'gc>,
        value: &T,
    ) -> Result<Value<'gc>> {
        let (flavour, protocol) = ctx.dialect().pick((Flavour::Pickle, 2), (Flavour::Python3, 5));
        let mut bytes = Vec::new();
        self.write(&mut bytes, Encoder::new(flavour, protocol), value)?;
        let loaded = Unpickler::new().loads(ctx, &bytes);
        loaded.map_err(|raised| Error::python(raised.into_uncaught(ctx)))
    }

    fn write<T: Serialize + ?Sized>(
        &self,
        writer: &mut dyn io::Write,
        encoder: Encoder,
        value: &T,
    ) -> Result<()> {
        let mut serializer = Serializer::new(writer, encoder, self);
        value.serialize(&mut serializer)?;
        serializer.finish()
    }

    fn encoder(&self) -> Result<Encoder> {
        let highest = self.flavour.highest_protocol();
        match u8::try_from(self.protocol) {
            Err(_) if self.protocol < 0 => Ok(Encoder::new(self.flavour, highest)),
            Ok(protocol) if protocol <= highest => Ok(Encoder::new(self.flavour, protocol)),
            _ => {
                let message = format!("pickle protocol must be <= {highest}");
                Err(Error::new(Category::Unsupported, message))
            }
        }
    }

    /// The class that a struct is written as an instance of.
    pub(super) fn class_of(&self, name: &str) -> Option<(String, String)> {
        self.classes.as_ref().and_then(|class_of| class_of(name))
    }
}

impl fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer")
            .field("protocol", &self.protocol)
            .field("flavour", &self.flavour)
            .field("enums", &self.enums)
            .finish_non_exhaustive()
    }
}
