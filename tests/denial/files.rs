//! The hostile files: a few bytes that mean a lot.

/// A file made by hand.
pub(crate) struct Hostile {
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// Every file made by hand.
pub(crate) fn hostile() -> Vec<Hostile> {
    let mut files = vec![
        file("deep lists", [b"]".repeat(100_000), b"a".repeat(99_999), b".".to_vec()]),
        file("deep lists with marks", [b"(".repeat(50_000), b"l".repeat(50_000), b".".to_vec()]),
        file("deep tuples", [b")".to_vec(), b"\x85".repeat(100_000), b".".to_vec()]),
        file(
            "deep dicts",
            [b"}".to_vec(), b"K\x01}".repeat(20_000), b"s".repeat(20_000), b".".to_vec()],
        ),
        file("a laugh of lists", [b"]".to_vec(), b"q\0]h\0ah\0a".repeat(5000), b".".to_vec()]),
        file("a laugh of tuples", [b")".to_vec(), b"q\0h\0\x86".repeat(10_000), b".".to_vec()]),
        file("a laugh of DUP", [b")".to_vec(), b"2\x86".repeat(20_000), b".".to_vec()]),
        file(
            "a laugh of keys",
            [
                b"}N".to_vec(),
                b"2\x86".repeat(5000),
                b"NsN".to_vec(),
                b"2\x86".repeat(5000),
                b"Ns.".to_vec(),
            ],
        ),
        file(
            "a laugh of texts",
            [b"c__builtin__\nstr\n(N".to_vec(), b"2\x86".repeat(60), b"tR.".to_vec()],
        ),
        file(
            "keys deeper and deeper",
            [b"}q\0)q\x01".to_vec(), b"\x85q\x01h\0h\x01Ns0".repeat(4000), b"h\0.".to_vec()],
        ),
        file("a flood of marks", [b"(".repeat(50_000)]),
        file("a flood of objects", [b"N".repeat(100_000), b".".to_vec()]),
        file("a flood of dicts", [b"}".repeat(100_000), b".".to_vec()]),
        file("a flood of DUP", [b"]".to_vec(), b"2".repeat(100_000), b".".to_vec()]),
        file("a giant LONG_BINPUT", [b"Nr\xff\xff\xff\xff.".to_vec()]),
        file("a giant PUT", [b"Np4294967295\n.".to_vec()]),
        file(
            "a sparse memo",
            (0..20_000_u32)
                .map(|it| [&b"Nr"[..], &(it.wrapping_mul(214_013)).to_le_bytes(), b"0"].concat()),
        ),
        file("a memo of odd keys", (0..20_000).map(|it| format!("Np0{it}x\n0").into_bytes())),
        file("a string of 4 GiB", [b"X\xff\xff\xff\xffabc".to_vec()]),
        file("bytes of 4 GiB", [b"B\xff\xff\xff\xffabc".to_vec()]),
        file("bytes of an exbibyte", [b"\x8e\0\0\0\0\0\0\0\x10abc".to_vec()]),
        file("a bytearray of an exbibyte", [b"\x80\x05\x96\0\0\0\0\0\0\0\x10abc".to_vec()]),
        file("a long of 2 GiB", [b"\x8b\xff\xff\xff\x7fabc".to_vec()]),
        file("a frame of an exbibyte", [b"\x80\x04\x95\0\0\0\0\0\0\0\x10N.".to_vec()]),
        file(
            "frames in frames",
            [b"\x80\x04".to_vec(), b"\x95\x09\0\0\0\0\0\0\0".repeat(20_000), b"N.".to_vec()],
        ),
        file("a decimal of 3 MB", [b"L".to_vec(), b"7".repeat(3_000_000), b"L\n.".to_vec()]),
        file(
            "decimals just short enough",
            [[&b"L"[..], &b"7".repeat(4300), b"L\n0"].concat().repeat(200), b"N.".to_vec()],
        ),
        file(
            "an int of a text of 3 MB",
            [
                b"c__builtin__\nint\n(X\xc0\xc6\x2d\0".to_vec(),
                b"7".repeat(3_000_000),
                b"tR.".to_vec(),
            ],
        ),
        file(
            "a decimal with a giant exponent",
            [b"cdecimal\nDecimal\n(X\x0c\0\0\x001e9999999999tR.".to_vec()],
        ),
        file(
            "a fraction with a giant exponent",
            [b"cfractions\nFraction\n(X\x0b\0\0\x001e999999999tR.".to_vec()],
        ),
        file(
            "an endless reduce",
            [
                b"c__builtin__\nlist\nq\0(h\0(".to_vec(),
                b"h\0(".repeat(20_000),
                b"tR".repeat(20_000),
                b".".to_vec(),
            ],
        ),
        file("a reduce of itself", [b"]q\0(h\0h\0tR.".to_vec()]),
        file(
            "a list of nothing",
            [b"c__builtin__\nlist\n(c__builtin__\nxrange\n(L1000000000000L\ntRtR.".to_vec()],
        ),
        file(
            "a bytearray of nothing",
            [b"c__builtin__\nbytearray\n(L1000000000000L\ntR.".to_vec()],
        ),
        file(
            "copies of a list",
            [
                b"c__builtin__\nlist\nq\x01(".to_vec(),
                b"N".repeat(20_000),
                b"lq\x02".to_vec(),
                b"h\x01h\x02\x85R0".repeat(20_000),
                b".".to_vec(),
            ],
        ),
        file(
            "classes",
            [
                b"c__builtin__\ntype\nq\x01(U\x01X)}tq\x02".to_vec(),
                b"h\x01h\x02R0".repeat(50_000),
                b".".to_vec(),
            ],
        ),
        file("a set that holds itself", [b"\x8fq\0(h\0\x90.".to_vec()]),
        file("a dict that is its key", [b"}q\0h\0Ns.".to_vec()]),
        file("a tuple that is its key", [b"]q\0(h\0t0}h\0\x85Ns.".to_vec()]),
        file("a frozenset in itself", [b"(]q\0(h\0\x91a\x91.".to_vec()]),
        file(
            "equal keys",
            [
                b"}(".to_vec(),
                (0..20_000_u32)
                    .flat_map(|it| {
                        [&b"\x8a\x09"[..], &u64::from(it).to_le_bytes(), b"\x01N"].concat()
                    })
                    .collect(),
                b"u.".to_vec(),
            ],
        ),
        file(
            "numbers that hash alike",
            [
                b"}(".to_vec(),
                (1..5000_u32)
                    .flat_map(|it| {
                        // Multiples of the prime by which Python 3 hashes numbers.
                        let number = u128::from(it) * ((1 << 61) - 1);
                        [&b"\x8a\x11"[..], &number.to_le_bytes(), b"\0N"].concat()
                    })
                    .collect(),
                b"u.".to_vec(),
            ],
        ),
        file("escapes", [b"V".to_vec(), br"\u0041".repeat(200_000), b"\n.".to_vec()]),
        file("a name without end", [b"c".to_vec(), b"a.".repeat(500_000), b"\nx\n.".to_vec()]),
        file(
            "a path without end",
            [
                b"\x80\x04\x8c\x08builtinsX\x40\x42\x0f\0".to_vec(),
                b"a.".repeat(500_000),
                b"\x93.".to_vec(),
            ],
        ),
    ];
    // The same in the words of Python 3.
    for file in &mut files {
        if file.bytes.starts_with(b"c__builtin__") {
            // Protocol 2 translates such names in either direction.
            file.bytes.splice(0..0, *b"\x80\x02");
        }
    }
    files
}

fn file(name: &'static str, parts: impl IntoIterator<Item = Vec<u8>>) -> Hostile {
    Hostile { name, bytes: parts.into_iter().flatten().collect() }
}
