//! [`Args`]: the arguments of a call.

use smallvec::SmallVec;

use crate::context::Context;
use crate::convert::{FromValue, IntoValue};
use crate::error::{Error, Result};
use crate::exception_type::exc;
use crate::name::{IntoName, Name};
use crate::types::{Dict, Tuple};
use crate::value::Value;

/// The arguments of a call: positional ones, and keywords in the order given.
#[derive(Debug, Default)]
pub struct Args<'gc> {
    /// The positional arguments, behind places that are kept for receivers: a call goes from a class to its `__new__`, from
    /// a method to its function and from there to its code, and each puts an argument before the others or takes it off.
    places: Places<'gc>,
    /// Where the positional arguments begin.
    start: usize,
    keywords: Vec<(Name<'gc>, Value<'gc>)>,
}

/// Few arguments need no allocation.
type Places<'gc> = SmallVec<[Value<'gc>; FEW]>;

const FEW: usize = KEPT + 3;

/// How many places are kept: for a class, and for what its `__new__` is bound to.
const KEPT: usize = 2;

/// Returns places for values, behind so many that are kept.
#[inline]
fn places<'gc>(kept: usize, values: &[Value<'gc>]) -> Places<'gc> {
    let length = kept + values.len();
    let mut few = [Value::None; FEW];
    match few.get_mut(kept..length) {
        Some(places) => {
            // One by one: a call that copies memory takes longer.
            for (place, value) in places.iter_mut().zip(values) {
                *place = *value;
            }
            SmallVec::from_buf_and_len(few, length)
        }
        None => {
            let mut places = SmallVec::with_capacity(length);
            places.resize(kept, Value::None);
            places.extend_from_slice(values);
            places
        }
    }
}

impl Clone for Args<'_> {
    #[inline]
    fn clone(&self) -> Self {
        let places = places(0, &self.places);
        Self { places, start: self.start, keywords: self.keywords.clone() }
    }
}

impl<'gc> Args<'gc> {
    /// Returns positional arguments.
    #[must_use]
    #[inline]
    pub fn new(positional: &[Value<'gc>]) -> Self {
        Self { places: places(KEPT, positional), start: KEPT, keywords: Vec::new() }
    }

    /// Adds a keyword argument.
    #[must_use]
    pub fn keyword(
        mut self,
        ctx: Context<'gc>,
        name: impl IntoName<'gc>,
        value: impl IntoValue<'gc>,
    ) -> Self {
        self.keywords.push((name.into_name(ctx), value.into_value(ctx)));
        self
    }

    /// Adds the entries of a dict as keywords (Python's `**kwargs`).
    ///
    /// # Errors
    ///
    /// `TypeError` if a key is not a string.
    pub fn with_keywords(mut self, ctx: Context<'gc>, keywords: Dict<'gc>) -> Result<'gc, Self> {
        for (key, value) in keywords.entries() {
            let Some(name) = ctx.name_of(key) else {
                return Err(Error::new(&exc::TYPE_ERROR, "keywords must be strings"));
            };
            self.keywords.push((name, value));
        }
        Ok(self)
    }

    /// Puts an argument before the others, as binding a method does.
    #[must_use]
    #[inline]
    pub fn prepend(mut self, first: Value<'gc>) -> Self {
        match self.start.checked_sub(1) {
            Some(place) => {
                self.start = place;
                self.places[place] = first;
            }
            None => self.places.insert(0, first),
        }
        self
    }

    /// Takes the first positional argument off.
    #[inline]
    pub fn take_first(&mut self) -> Option<Value<'gc>> {
        let first = self.positional().first().copied()?;
        self.start += 1;
        Some(first)
    }

    /// Returns the positional arguments.
    #[must_use]
    #[inline]
    pub fn positional(&self) -> &[Value<'gc>] {
        self.places.get(self.start..).unwrap_or_default()
    }

    /// Returns the keyword arguments, in the order given.
    #[must_use]
    #[inline]
    pub fn keywords(&self) -> &[(Name<'gc>, Value<'gc>)] {
        &self.keywords
    }

    /// Returns whether no argument was given at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.positional().is_empty() && self.keywords.is_empty()
    }

    /// Reads positional arguments as a tuple of Rust types; an `Option` at the end may be left out.
    ///
    /// # Errors
    ///
    /// `TypeError` if their number or types are wrong, or if keywords were given.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::{Args, Runtime, Value};
    ///
    /// let mut runtime = Runtime::python2();
    /// runtime.try_enter(|ctx| {
    ///     let args = Args::new(&[Value::Int(1)]);
    ///     let (count, step): (i64, Option<i64>) = args.parse(ctx, "bump")?;
    ///     assert_eq!((count, step), (1, None));
    ///     let error = args.parse::<(i64, i64)>(ctx, "bump").unwrap_err();
    ///     assert_eq!(error.message(ctx), "bump() takes exactly 2 arguments (1 given)");
    ///     Ok(())
    /// })?;
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    pub fn parse<T: FromArgs<'gc>>(&self, ctx: Context<'gc>, function: &str) -> Result<'gc, T> {
        if !self.keywords.is_empty() {
            let message = format!("{function}() takes no keyword arguments");
            return Err(Error::new(&exc::TYPE_ERROR, message));
        }
        T::from_args(ctx, function, self.positional())
    }

    /// Binds positional and keyword arguments to parameters, of which the first `required` must be given.
    ///
    /// # Errors
    ///
    /// `TypeError` if there are too many or too few, or a keyword is unknown or given twice.
    pub fn bind<const N: usize>(
        &self,
        function: &str,
        parameters: [&str; N],
        required: usize,
    ) -> Result<'gc, [Option<Value<'gc>>; N]> {
        if self.positional().len() > N {
            return Err(wrong_number(function, required, N, self.positional().len()));
        }
        let mut bound = [None; N];
        for (place, &value) in bound.iter_mut().zip(self.positional()) {
            *place = Some(value);
        }
        for &(name, value) in &self.keywords {
            let place = parameters.iter().position(|it| it.as_bytes() == name.as_slice());
            let Some(place) = place else {
                let name = name.to_string_lossy();
                let message = format!("{function}() got an unexpected keyword argument '{name}'");
                return Err(Error::new(&exc::TYPE_ERROR, message));
            };
            if bound[place].replace(value).is_some() {
                let name = name.to_string_lossy();
                let message =
                    format!("{function}() got multiple values for keyword argument '{name}'");
                return Err(Error::new(&exc::TYPE_ERROR, message));
            }
        }
        if bound.iter().take(required).any(Option::is_none) {
            let given = self.positional().len() + self.keywords.len();
            return Err(wrong_number(function, required, N, given));
        }
        Ok(bound)
    }

    /// Returns the positional arguments as a tuple.
    #[must_use]
    pub fn to_tuple(&self, ctx: Context<'gc>) -> Tuple<'gc> {
        Tuple::new(ctx, self.positional())
    }
}

/// The `TypeError` of a call with the wrong number of arguments, in 2.7's words.
#[cold]
fn wrong_number<'gc>(function: &str, least: usize, most: usize, given: usize) -> Error<'gc> {
    let (bound, number) = match given {
        _ if least == most => ("exactly", least),
        _ if given < least => ("at least", least),
        _ => ("at most", most),
    };
    let message = match (number, bound) {
        (0, _) => format!("{function}() takes no arguments ({given} given)"),
        (1, _) => format!("{function}() takes {bound} 1 argument ({given} given)"),
        _ => format!("{function}() takes {bound} {number} arguments ({given} given)"),
    };
    Error::new(&exc::TYPE_ERROR, message)
}

/// Tuples of Rust types that [`Args::parse`] reads.
pub trait FromArgs<'gc>: Sized {
    /// Reads positional arguments.
    ///
    /// # Errors
    ///
    /// `TypeError` if their number or types are wrong.
    fn from_args(ctx: Context<'gc>, function: &str, args: &[Value<'gc>]) -> Result<'gc, Self>;
}

/// What a call takes as arguments: [`Args`], or a tuple of what becomes Python objects.
pub trait IntoArgs<'gc> {
    /// Makes the arguments.
    fn into_args(self, ctx: Context<'gc>) -> Args<'gc>;
}

impl<'gc> IntoArgs<'gc> for Args<'gc> {
    fn into_args(self, _: Context<'gc>) -> Args<'gc> {
        self
    }
}

impl<'gc> IntoArgs<'gc> for &[Value<'gc>] {
    fn into_args(self, _: Context<'gc>) -> Args<'gc> {
        Args::new(self)
    }
}

macro_rules! tuples {
    ($($name:ident)*) => {
        impl<'gc, $($name: FromValue<'gc>),*> FromArgs<'gc> for ($($name,)*) {
            #[allow(non_snake_case, unused, reason = "the type parameters name the fields")]
            fn from_args(
                ctx: Context<'gc>,
                function: &str,
                args: &[Value<'gc>],
            ) -> Result<'gc, Self> {
                let optional: &[bool] = &[$($name::if_missing().is_some()),*];
                let most = optional.len();
                let least = optional.iter().rposition(|optional| !optional).map_or(0, |it| it + 1);
                if args.len() < least || args.len() > most {
                    return Err(wrong_number(function, least, most, args.len()));
                }
                let mut given = args.iter().copied();
                $(let $name = match given.next() {
                    Some(value) => Some($name::from_value(ctx, value)?),
                    None => $name::if_missing(),
                };)*
                match ($($name,)*) {
                    ($(Some($name),)*) => Ok(($($name,)*)),
                    #[allow(unreachable_patterns, reason = "the empty tuple")]
                    _ => Err(wrong_number(function, least, most, args.len())),
                }
            }
        }

        impl<'gc, $($name: IntoValue<'gc>),*> IntoArgs<'gc> for ($($name,)*) {
            #[allow(non_snake_case, unused, reason = "the type parameters name the fields")]
            fn into_args(self, ctx: Context<'gc>) -> Args<'gc> {
                let ($($name,)*) = self;
                Args::new(&[$($name.into_value(ctx)),*])
            }
        }
    };
}

tuples!();
tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
