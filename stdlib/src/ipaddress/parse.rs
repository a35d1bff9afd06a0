//! Addresses and masks as text, read with Python's checks.

use halfsour_runtime::{Error, Result};

use super::{ADDRESS_ERROR, NETMASK_ERROR, Version};

#[cold]
pub(super) fn refused<'gc>(message: String) -> Error<'gc> {
    Error::new(&ADDRESS_ERROR, message)
}

/// The number of an address, and in IPv6 its zone.
pub(super) fn address<'gc>(version: Version, text: &str) -> Result<'gc, (u128, Option<String>)> {
    if text.contains('/') {
        return Err(refused(format!("Unexpected '/' in '{text}'")));
    }
    if text.is_empty() {
        return Err(refused("Address cannot be empty".to_owned()));
    }
    if version == Version::Four {
        return Ok((four(text)?.into(), None));
    }
    let (text_without, zone) = match text.split_once('%') {
        Some((_, zone)) if zone.is_empty() || zone.contains('%') => {
            return Err(refused(format!("Invalid IPv6 address: \"'{text}'\"")));
        }
        Some((address, zone)) => (address, Some(zone.to_owned())),
        None => (text, None),
    };
    Ok((six(text_without)?, zone))
}

fn four<'gc>(text: &str) -> Result<'gc, u32> {
    let octets: Vec<&str> = text.split('.').collect();
    if octets.len() != 4 {
        return Err(refused(format!("Expected 4 octets in '{text}'")));
    }
    let mut number = 0_u32;
    for octet in octets {
        let problem = if octet.is_empty() {
            "Empty octet not permitted".to_owned()
        } else if !octet.bytes().all(|digit| digit.is_ascii_digit()) {
            format!("Only decimal digits permitted in '{octet}'")
        } else if octet.len() > 3 {
            format!("At most 3 characters permitted in '{octet}'")
        } else if octet != "0" && octet.starts_with('0') {
            format!("Leading zeros are not permitted in '{octet}'")
        } else {
            match octet.parse::<u8>() {
                Ok(octet) => {
                    number = number << 8 | u32::from(octet);
                    continue;
                }
                Err(_) => format!("Octet {octet} (> 255) not permitted"),
            }
        };
        return Err(refused(format!("{problem} in '{text}'")));
    }
    Ok(number)
}

const GROUPS: usize = 8;

fn six<'gc>(text: &str) -> Result<'gc, u128> {
    let fail = |problem: String| Err(refused(format!("{problem} in '{text}'")));
    let mut parts: Vec<String> = text.split(':').map(str::to_owned).collect();
    if parts.len() < 3 {
        return fail("At least 3 parts expected".to_owned());
    }
    if let Some(last) = parts.last().cloned()
        && last.contains('.')
    {
        let number = match four(&last) {
            Ok(number) => number,
            Err(_) => return fail(format!("Invalid IPv4 part '{last}'")),
        };
        parts.pop();
        parts.push(format!("{:x}", number >> 16));
        parts.push(format!("{:x}", number & 0xffff));
    }
    if parts.len() > GROUPS + 1 {
        return fail(format!("At most {} colons permitted", GROUPS));
    }
    let inner = parts.get(1..parts.len() - 1).unwrap_or_default();
    let gaps = inner.iter().filter(|part| part.is_empty()).count();
    if gaps > 1 {
        return fail("At most one '::' permitted".to_owned());
    }
    let (first, last) = (parts.first().cloned(), parts.last().cloned());
    let is_empty = |part: &Option<String>| part.as_deref() == Some("");
    if gaps == 0 {
        if parts.len() != GROUPS {
            return fail(format!("Exactly {GROUPS} parts expected without '::'"));
        }
        if is_empty(&first) {
            return fail("Leading ':' only permitted as part of '::'".to_owned());
        }
        if is_empty(&last) {
            return fail("Trailing ':' only permitted as part of '::'".to_owned());
        }
    }
    let gap = parts.iter().skip(1).position(|part| part.is_empty()).map(|at| at + 1);
    let filled: Vec<String> = match gap.filter(|_| gaps == 1) {
        None => parts,
        Some(at) => {
            let (before, behind) = parts.split_at(at);
            let own = |parts: &[String]| -> Vec<String> {
                parts.iter().filter(|part| !part.is_empty()).cloned().collect()
            };
            if is_empty(&first) && at != 1 {
                return fail("Leading ':' only permitted as part of '::'".to_owned());
            }
            if is_empty(&last) && at != parts.len() - 2 {
                return fail("Trailing ':' only permitted as part of '::'".to_owned());
            }
            let (before, behind) = (own(before), own(behind));
            let given = before.len() + behind.len();
            if given >= GROUPS {
                return fail(format!("Expected at most {} other parts with '::'", GROUPS - 1));
            }
            let zeros = vec!["0".to_owned(); GROUPS - given];
            [before, zeros, behind].concat()
        }
    };
    let mut number = 0_u128;
    for part in filled {
        if !part.bytes().all(|digit| digit.is_ascii_hexdigit()) || part.is_empty() {
            return fail(format!("Only hex digits permitted in '{part}'"));
        }
        if part.len() > 4 {
            return fail(format!("At most 4 characters permitted in '{part}'"));
        }
        number = number << 16 | u128::from_str_radix(&part, 16).unwrap_or_default();
    }
    Ok(number)
}

/// The length of a prefix: a number, or in IPv4 a mask of either kind.
pub(super) fn prefix<'gc>(version: Version, text: &str) -> Result<'gc, u8> {
    let refused = || Error::new(&NETMASK_ERROR, format!("'{text}' is not a valid netmask"));
    if !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit()) {
        return text.parse().ok().filter(|prefix| *prefix <= version.bits()).ok_or_else(refused);
    }
    if version == Version::Six {
        return Err(refused());
    }
    let mask = four(text).map_err(|_| refused())?;
    let ones = |mask: u32| (mask.leading_ones() == mask.count_ones()).then(|| mask.leading_ones());
    let prefix = ones(mask).or_else(|| ones(!mask)).ok_or_else(refused)?;
    u8::try_from(prefix).map_err(|_| refused())
}

/// The text of an address, in IPv6 with its longest run of zeros left out.
pub(super) fn text(version: Version, number: u128) -> String {
    match u32::try_from(number) {
        Ok(number) if version == Version::Four => std::net::Ipv4Addr::from(number).to_string(),
        _ => std::net::Ipv6Addr::from(number).to_string(),
    }
}
