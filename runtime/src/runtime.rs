//! [`Runtime`]: a heap of Python objects, and the way into it.

use gc_arena::arena::{CollectionPhase, MarkedArena};
use gc_arena::metrics::Pacing;
use gc_arena::{Arena, Rootable};

use crate::builtins;
use crate::class::Class;
use crate::context::Context;
use crate::dialect::Dialect;
use crate::error::{Error, Uncaught};
use crate::finalizers;
use crate::state::State;
use crate::weakref;

/// A heap of Python objects with its modules and types: one Python, without the interpreter.
///
/// Objects are reached inside of [`enter`](Self::enter) only. A runtime belongs to one thread; several may exist,
/// and pickles travel between them.
///
/// Garbage is collected when `enter` returns, a little at a time; nothing is collected inside of it. Work in bulk is
/// therefore many short `enter`s, with [`Stashed`](crate::Stashed) handles kept in between.
///
/// Python's `__del__`, and the callbacks of weak references, run when `enter` or [`collect`](Self::collect) returns, after
/// the collection that found their object unreachable; what they raise is dropped. The objects that are there when a
/// runtime is dropped go without `__del__`.
///
/// # Examples
///
/// ```
/// use halfsour_runtime::{Runtime, Value};
///
/// let mut runtime = Runtime::python2();
/// let text = runtime.try_enter(|ctx| {
///     let pair = ctx.import("__builtin__")?.get_attr(ctx, "tuple")?.call(ctx, (vec![1, 2],))?;
///     pair.repr(ctx)?.to::<String>(ctx)
/// })?;
/// assert_eq!(text, "(1, 2)");
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
pub struct Runtime {
    arena: Arena<Rootable![State<'_>]>,
    stress: bool,
    collections: u64,
    /// See [`set_collection_step`](Self::set_collection_step).
    step: Option<usize>,
}

/// How often the collector looks through the heap: when it has doubled, and has a megabyte or two more than before. A runtime
/// has thousands of objects before a program makes any, and looking through them takes longer than most loads.
const PACING: Pacing = Pacing { sleep_factor: 1.0, min_sleep: 1 << 14, ..Pacing::DEFAULT };

/// A heap of so few objects is looked through at once, in about a millisecond. Steps would weigh the debt after each object,
/// which takes as long as to free it, and let garbage pile up that does not fit the processor's caches.
const SMALL_HEAP: usize = 1 << 16;

/// The most that a whole cycle pays off for one object, which is then marked, traced and kept.
const MOST_WORK: f64 = PACING.mark_factor + PACING.trace_factor + PACING.keep_factor;

impl std::fmt::Debug for Runtime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runtime").field("objects", &self.objects()).finish_non_exhaustive()
    }
}

impl Runtime {
    /// Returns a runtime that speaks Python 2.7.
    #[must_use]
    pub fn python2() -> Self {
        Self::new(Dialect::Python2)
    }

    /// Returns a runtime that speaks Python 3.13.
    #[must_use]
    pub fn python3() -> Self {
        Self::new(Dialect::Python3)
    }

    /// Returns a runtime that speaks a dialect.
    #[must_use]
    pub fn new(dialect: Dialect) -> Self {
        let arena = Arena::new(|mc| State::new(mc, dialect));
        arena.metrics().set_pacing(PACING);
        let stress = cfg!(halfsour_stress);
        let mut runtime = Self { arena, stress, collections: 0, step: None };
        let installed = runtime.try_enter(|ctx| builtins::install(ctx));
        installed.expect("the built-in types and modules are defined without user code");
        runtime
    }

    /// Runs `work` inside the heap; some garbage is collected when it returns.
    ///
    /// Nothing of the heap can leave: a handle that `work` returned would not compile.
    ///
    /// ```compile_fail
    /// # use halfsour_runtime::{List, Runtime};
    /// let list = Runtime::python2().enter(|ctx| List::new(ctx));
    /// ```
    pub fn enter<T>(&mut self, work: impl for<'gc> FnOnce(Context<'gc>) -> T) -> T {
        let result = self.arena.mutate(|mc, state| work(Context { mc, state }));
        self.leave();
        result
    }

    /// Runs `work` inside the heap; an exception that it lets through comes out as [`Uncaught`].
    ///
    /// # Errors
    ///
    /// The exception that `work` returned.
    pub fn try_enter<T>(
        &mut self,
        work: impl for<'gc> FnOnce(Context<'gc>) -> Result<T, Error<'gc>>,
    ) -> Result<T, Uncaught> {
        self.enter(|ctx| work(ctx).map_err(|error| error.into_uncaught(ctx)))
    }

    fn leave(&mut self) {
        let (requested, by_itself) = self.arena.mutate(|_, state| {
            (state.collect_requested.replace(false), state.collect_by_itself.get())
        });
        if self.stress || requested {
            self.collect();
        } else if by_itself {
            self.collect_step();
        }
    }

    /// Collects all garbage now (Python's `gc.collect()`).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::{cell::Cell, rc::Rc};
    ///
    /// use halfsour_runtime::{Class, Runtime, Value};
    ///
    /// let mut runtime = Runtime::python2();
    /// let closed = Rc::new(Cell::new(false));
    /// let note = closed.clone();
    /// runtime.try_enter(|ctx| {
    ///     let jar = Class::builder(ctx, "Jar").method("__del__", move |_, _, _| {
    ///         note.set(true);
    ///         Ok(Value::None)
    ///     });
    ///     Value::from(jar.build()?).call(ctx, ())?;
    ///     Ok(())
    /// })?;
    /// runtime.collect();
    /// assert!(closed.get());
    /// # Ok::<(), halfsour_runtime::Uncaught>(())
    /// ```
    pub fn collect(&mut self) {
        // First, or the names that were only spelled would be found alive.
        self.arena.mutate(|mc, state| state.recent_names.forget(mc));
        // A cycle that is under way may have marked what became garbage since: only the next one finds that.
        self.finish_cycle();
        self.arena.mutate(|mc, state| {
            state.forget_dead_names(mc);
            Class::forget_old_lookups(Context { mc, state });
        });
        self.finish_cycle();
        self.collections += 1;
        if self.call_due() {
            // What `__del__` did not make reachable again goes.
            self.finish_cycle();
            self.call_due();
        }
    }

    /// Bounds how much of a collection is done when an `enter` returns: as much as the allocation of so many objects
    /// asks for, which is to look at about twice as many. By default there is no bound, and an `enter` that has made
    /// many objects takes long to leave.
    ///
    /// What is left is done by the next `enter`s, or by [`collect_step`](Self::collect_step). A program that makes more
    /// objects in every `enter` than the bound, and never has time for more steps, lets its garbage grow. A container is
    /// looked through at once, however large it is; and where objects have `__del__` or weak references, they are
    /// examined together.
    ///
    /// # Examples
    ///
    /// ```
    /// use halfsour_runtime::{List, Runtime};
    ///
    /// let mut runtime = Runtime::python3();
    /// runtime.set_collection_step(Some(1_000));
    /// runtime.enter(|ctx| (0..100_000).for_each(|_| drop(List::new(ctx))));
    /// // There is time now.
    /// while runtime.collect_step() {}
    /// ```
    pub fn set_collection_step(&mut self, objects: Option<usize>) {
        self.step = objects;
    }

    /// Goes on with the collection that is due, as far as one step goes; returns whether more of it is due.
    pub fn collect_step(&mut self) -> bool {
        let debt = self.arena.metrics().allocation_debt();
        let postponed = self.step.map_or(0.0, |step| (debt - step as f64).max(0.0));
        self.arena.metrics().adjust_debt(-postponed);
        self.collect_a_little();
        if self.arena.collection_phase() != CollectionPhase::Sleeping {
            self.arena.metrics().adjust_debt(postponed);
        }
        self.call_due();
        self.arena.metrics().allocation_debt() > 0.0
    }

    /// Collects as much as was allocated.
    fn collect_a_little(&mut self) {
        let idle = |state: &State<'_>| {
            state.finalizers.borrow().are_idle() && state.watched.borrow().is_empty()
        };
        if self.arena.mutate(|_, state| idle(state)) {
            let metrics = self.arena.metrics();
            let (debt, objects) = (metrics.allocation_debt(), metrics.total_gc_count());
            let is_small = self.step.is_none() && objects <= SMALL_HEAP;
            if debt >= MOST_WORK * objects as f64 || is_small && debt > 0.0 {
                self.arena.finish_cycle();
            } else {
                self.arena.collect_debt();
            }
        } else if self.arena.collection_phase() == CollectionPhase::Sweeping {
            self.arena.cycle_debt();
        } else if let Some(marked) = self.arena.mark_debt() {
            Self::find_unreachable(marked);
            self.start_sweeping();
        }
    }

    /// Collects to the end of a cycle: the one under way, or a whole one.
    fn finish_cycle(&mut self) {
        if let Some(marked) = self.arena.finish_marking() {
            Self::find_unreachable(marked);
            self.start_sweeping();
        }
        self.arena.finish_cycle();
    }

    /// Finds what is to be kept for its `__del__`, when everything that is alive is marked.
    fn find_unreachable(marked: MarkedArena<'_, Rootable![State<'_>]>) {
        marked.finalize(|fc, state| {
            finalizers::find_unreachable(fc, Context { mc: fc, state });
        });
    }

    /// Marks what is kept too. What is unreachable then is not found again, by weak references least of all.
    fn start_sweeping(&mut self) {
        if let Some(marked) = self.arena.finish_marking() {
            marked.finalize(|fc, state| weakref::clear_unreachable(fc, Context { mc: fc, state }));
        }
        if let Some(marked) = self.arena.finish_marking() {
            marked.start_sweeping();
        }
    }

    /// Calls callbacks of weak references and `__del__` of what was found to be unreachable; returns whether there
    /// was a `__del__`.
    fn call_due(&mut self) -> bool {
        self.arena.mutate(|mc, state| {
            let ctx = Context { mc, state };
            weakref::run_callbacks(ctx);
            finalizers::call_due(ctx)
        })
    }

    /// Collects all garbage at the end of every `enter`, so that tests find what is not kept alive.
    ///
    /// Every runtime does in a build with `RUSTFLAGS="--cfg halfsour_stress"`.
    pub fn set_stress(&mut self, stress: bool) {
        self.stress = stress;
    }

    /// Returns how many full collections ran.
    #[must_use]
    pub fn collections(&self) -> u64 {
        self.collections
    }

    /// Returns the number of objects in the heap, garbage included.
    #[must_use]
    pub fn objects(&self) -> usize {
        self.arena.metrics().total_gc_count()
    }
}
