//! Stand-ins for what a stream names and the runtime does not have: classes, functions, and what they would make.
//!
//! Nothing is lost by loading them and nothing is run: a stand-in keeps what the stream says, all of it can be read and
//! changed, and a dump writes it again. [`Missing::Opaque`] asks for them.

mod classes;
mod global;
mod object;

pub use self::global::OpaqueGlobal;
pub use self::object::{MadeBy, Opaque};

/// What a load does about a global that is not registered.
///
/// # Examples
/// ```
/// use halfsour_pickle::{Missing, Opaque, Pickler, Unpickler};
/// use halfsour_runtime::Runtime;
///
/// let mut runtime = Runtime::python2();
/// runtime.try_enter(|ctx| {
///     // An instance of a class that is not here.
///     let bytes = b"\x80\x02clarder\nJar\nq\x00)\x81q\x01}q\x02U\x06liquidq\x03U\x05brineq\x04sb.";
///     let jar = Unpickler::new().missing(Missing::Opaque).loads(ctx, bytes)?;
///     let opaque = Opaque::of(jar).expect("its class is not registered");
///     assert_eq!(opaque.callable_name(ctx), "larder.Jar");
///     assert_eq!(jar.get_attr(ctx, "liquid")?.to::<String>(ctx)?, "brine");
///     // It goes back to the same bytes, and to others once it is changed.
///     let pickler = Pickler::new().protocol(2);
///     assert_eq!(pickler.dumps(ctx, jar)?, bytes);
///     jar.set_attr(ctx, "liquid", "vinegar")?;
///     assert!(pickler.dumps(ctx, jar)?.ends_with(b"U\x07vinegarq\x04sb."));
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Missing {
    /// It is an ImportError or AttributeError, as in Python.
    #[default]
    Error,
    /// A stand-in takes its place: an [`OpaqueGlobal`] for the class or function, and an [`Opaque`] object for whatever
    /// the stream makes by it.
    ///
    /// So does a call that [`Callables::Safe`](crate::Callables::Safe) does not allow, and a call that cannot work
    /// because an argument is a stand-in. A persistent id for which there is no hook, and an extension code that is not
    /// registered, are kept too.
    Opaque,
}
