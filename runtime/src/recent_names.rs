//! [`RecentNames`]: the names that a host has spelled of late.

use gc_arena::{Collect, Gc, RefLock};

use crate::context::Context;
use crate::name::Name;

/// The interned names of texts, found by where the text is: a host spells a name by a literal of its program, which is
/// always in the same place, so that it need not be hashed each time. What is in the place is compared.
#[derive(Clone, Copy, Collect)]
#[collect(no_drop)]
pub(crate) struct RecentNames<'gc>(Gc<'gc, RefLock<Box<[Option<Name<'gc>>]>>>);

/// How many texts have a place; whichever was interned last is known.
const PLACES: usize = 256;

impl<'gc> RecentNames<'gc> {
    pub(crate) fn new(mc: &gc_arena::Mutation<'gc>) -> Self {
        Self(Gc::new(mc, RefLock::new(vec![None; PLACES].into_boxed_slice())))
    }

    /// Interns a text.
    #[inline]
    pub(crate) fn intern(self, ctx: Context<'gc>, text: &str) -> Name<'gc> {
        let place = place_of(text);
        if let Some(&Some(name)) = self.0.borrow().get(place)
            && name.as_slice() == text.as_bytes()
        {
            return name;
        }
        let name = ctx.state.intern(ctx.mc, text.as_bytes());
        if let Some(place) = self.0.borrow_mut(ctx.mc).get_mut(place) {
            *place = Some(name);
        }
        name
    }

    /// Forgets all names, which keeps none alive.
    pub(crate) fn forget(self, mc: &gc_arena::Mutation<'gc>) {
        self.0.borrow_mut(mc).fill(None);
    }
}

/// The place of a text. Literals lie side by side, some within others.
fn place_of(text: &str) -> usize {
    let address = text.as_ptr().addr();
    (address ^ address >> 8 ^ text.len() << 4) % PLACES
}

#[cfg(test)]
mod tests {
    use super::PLACES;
    use crate::runtime::Runtime;

    #[test]
    fn a_place_whose_text_has_changed_is_another_name() {
        Runtime::python3().enter(|ctx| {
            let mut text = String::from("spam");
            let spam = ctx.intern(&text);
            text.replace_range(.., "eggs");
            let eggs = ctx.intern(&text);
            assert!(!spam.is(eggs) && eggs.is(ctx.intern("eggs")));
            assert!(spam.is(ctx.intern("spam")));
        });
    }

    #[test]
    fn texts_within_a_text_are_names_of_their_own() {
        Runtime::python2().enter(|ctx| {
            let text = "abcdefgh".repeat(2 * PLACES);
            for length in [0, 1, 2, 7, 255, 256, 257, 511] {
                for start in 0..16 {
                    let part = &text[start..start + length];
                    assert_eq!(ctx.intern(part).as_slice(), part.as_bytes());
                }
            }
        });
    }

    #[test]
    fn a_collection_lets_go_of_names() {
        let mut runtime = Runtime::python3();
        runtime.collect();
        let before = runtime.objects();
        runtime.enter(|ctx| assert!(!ctx.intern("a name that nobody else has").is_dunder()));
        assert_eq!(runtime.objects(), before + 1);
        runtime.collect();
        assert_eq!(runtime.objects(), before);
    }
}
