//! `ipaddress`: addresses, networks and interfaces of IPv4 and IPv6.

mod address;
mod network;
mod parse;

use halfsour_runtime::{Context, ExceptionType, Module, Result, Value, exc};

use crate::support::{one, repr, value_error};

const MODULE: &str = "ipaddress";

static ADDRESS_ERROR: ExceptionType =
    ExceptionType::new(MODULE, "AddressValueError", &exc::VALUE_ERROR);
static NETMASK_ERROR: ExceptionType =
    ExceptionType::new(MODULE, "NetmaskValueError", &exc::VALUE_ERROR);

/// Which protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    Four,
    Six,
}

impl Version {
    fn number(self) -> u8 {
        if self == Self::Four { 4 } else { 6 }
    }

    fn bits(self) -> u8 {
        if self == Self::Four { 32 } else { 128 }
    }

    fn class(self, kind: &str) -> String {
        format!("IPv{}{kind}", self.number())
    }

    /// The number whose bits are all set.
    fn all(self) -> u128 {
        if self == Self::Four { u32::MAX.into() } else { u128::MAX }
    }

    /// The mask of a prefix.
    fn mask(self, prefix: u8) -> u128 {
        let behind = u32::from(self.bits() - prefix.min(self.bits()));
        self.all() & !1_u128.checked_shl(behind).map_or(u128::MAX, |bit| bit - 1)
    }
}

pub(crate) fn fill<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    ctx.modules().insert_name(ctx, ctx.intern(MODULE), module.into())?;
    for error in [&ADDRESS_ERROR, &NETMASK_ERROR] {
        module.set(ctx, error.name(), ctx.exception_class(error))?;
    }
    for version in [Version::Four, Version::Six] {
        let address = address::class(ctx, version)?;
        module.class_named(ctx, address)?;
        module.class_named(ctx, network::network_class(ctx, version)?)?;
        module.class_named(ctx, network::interface_class(ctx, version, address)?)?;
    }
    for (name, kind) in
        [("ip_address", "Address"), ("ip_network", "Network"), ("ip_interface", "Interface")]
    {
        module.function(ctx, name, move |ctx, args| of_either(ctx, one(&args, name)?, kind))?;
    }
    Ok(())
}

/// An object of the first version that the value suits.
fn of_either<'gc>(ctx: Context<'gc>, value: Value<'gc>, kind: &str) -> Result<'gc> {
    for version in [Version::Four, Version::Six] {
        match ctx.import_from(MODULE, &version.class(kind))?.call(ctx, (value,)) {
            Err(error) if error.is(ctx, &ADDRESS_ERROR) || error.is(ctx, &NETMASK_ERROR) => {}
            other => return other,
        }
    }
    let (shown, kind) = (repr(ctx, value)?, kind.to_lowercase());
    Err(value_error(format!("{shown} does not appear to be an IPv4 or IPv6 {kind}")))
}
