//! Arguments as the C functions of Python 3 take them: some by position only, some by keyword only.

use halfsour_runtime::{Args, Error, Result, Value, exc};

/// The parameters of a function.
pub(super) struct Signature<const N: usize> {
    pub(super) function: &'static str,
    pub(super) parameters: [&'static str; N],
    /// How many of them can only be given by position.
    pub(super) positional_only: usize,
    /// How many of them can be given by position.
    pub(super) positional: usize,
    /// How many of them must be given.
    pub(super) required: usize,
}

impl<const N: usize> Signature<N> {
    /// Returns the argument for each parameter.
    ///
    /// # Errors
    /// TypeError if there are too many or too few, or a keyword is unknown or given twice.
    pub(super) fn bind<'gc>(&self, args: &Args<'gc>) -> Result<'gc, [Option<Value<'gc>>; N]> {
        let given = args.positional();
        if given.len() > self.positional || given.len() < self.positional_only.min(self.required) {
            return Err(self.wrong_number(given.len()));
        }
        let mut bound = [None; N];
        for (place, &value) in bound.iter_mut().zip(given) {
            *place = Some(value);
        }
        for &(name, value) in args.keywords() {
            let place = self.parameters.iter().position(|it| it.as_bytes() == name.as_slice());
            let Some(place) = place.filter(|&place| place >= self.positional_only) else {
                let message = format!(
                    "{}() got an unexpected keyword argument '{}'",
                    self.function,
                    name.to_string_lossy()
                );
                return Err(Error::new(&exc::TYPE_ERROR, message));
            };
            if bound.get_mut(place).and_then(|it| it.replace(value)).is_some() {
                let (function, parameter) = (self.function, name.to_string_lossy());
                let message = format!(
                    "argument for {function}() given by name ('{parameter}') and position ({})",
                    place + 1
                );
                return Err(Error::new(&exc::TYPE_ERROR, message));
            }
        }
        match bound.iter().take(self.required).position(Option::is_none) {
            None => Ok(bound),
            Some(missing) => {
                let parameter = self.parameters.get(missing).copied().unwrap_or_default();
                let function = self.function;
                let message = format!(
                    "{function}() missing required argument '{parameter}' (pos {})",
                    missing + 1
                );
                Err(Error::new(&exc::TYPE_ERROR, message))
            }
        }
    }

    #[cold]
    fn wrong_number<'gc>(&self, given: usize) -> Error<'gc> {
        let &Self { function, positional, required, .. } = self;
        let message = if positional == 0 {
            format!("{function}() takes no arguments ({given} given)")
        } else {
            let bound = if required == positional { "exactly" } else { "at most" };
            let by_position = if positional < N || bound == "exactly" { "positional " } else { "" };
            let plural = if positional == 1 { "" } else { "s" };
            format!(
                "{function}() takes {bound} {positional} {by_position}argument{plural} ({given} given)"
            )
        };
        Error::new(&exc::TYPE_ERROR, message)
    }
}
