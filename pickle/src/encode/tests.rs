//! Every expected stream was printed by the CPython whose flavour it tests.

use num_bigint::BigInt;

use super::Encoder;
use crate::flavour::Flavour;
use crate::opcode::Opcode;

fn encoded(flavour: Flavour, protocol: u8, write: impl FnOnce(&mut Encoder)) -> Vec<u8> {
    let mut encoder = Encoder::new(flavour, protocol);
    write(&mut encoder);
    encoder.ready().to_vec()
}

#[test]
fn ints_take_the_smallest_form() {
    let cases: [(i64, &[u8]); 8] = [
        (0, b"K\x00"),
        (255, b"K\xff"),
        (256, b"M\x00\x01"),
        (65535, b"M\xff\xff"),
        (65536, b"J\x00\x00\x01\x00"),
        (-1, b"J\xff\xff\xff\xff"),
        (-2147483648, b"J\x00\x00\x00\x80"),
        (2147483648, b"I2147483648\n"),
    ];
    for (value, bytes) in cases {
        assert_eq!(encoded(Flavour::Pickle, 2, |e| e.int(value)), bytes);
    }
    assert_eq!(encoded(Flavour::Pickle, 0, |e| e.int(-5)), b"I-5\n");
    assert_eq!(encoded(Flavour::Python3, 0, |e| e.int(-5)), b"I-5\n");
    assert_eq!(encoded(Flavour::Python3, 1, |e| e.int(2147483648)), b"L2147483648L\n");
    assert_eq!(encoded(Flavour::Python3, 2, |e| e.int(2147483648)), b"\x8a\x05\0\0\0\x80\0");
}

#[test]
fn longs_are_minimal_two_s_complement() {
    let cases: [(i64, &[u8]); 7] = [
        (0, b"\x8a\x00"),
        (1, b"\x8a\x01\x01"),
        (-1, b"\x8a\x01\xff"),
        (-128, b"\x8a\x01\x80"),
        (128, b"\x8a\x02\x80\x00"),
        (-129, b"\x8a\x02\x7f\xff"),
        (255, b"\x8a\x02\xff\x00"),
    ];
    for (value, bytes) in cases {
        assert_eq!(encoded(Flavour::Pickle, 2, |e| e.long(&BigInt::from(value))), bytes);
        assert_eq!(encoded(Flavour::Pickle, 2, |e| e.small_long(value)), bytes);
    }
    for bit in 0..63 {
        for value in [1 << bit, (1 << bit) - 1, -(1 << bit), -(1 << bit) - 1, i64::MIN] {
            for (flavour, protocol) in
                [(Flavour::CPickle, 0), (Flavour::Pickle, 2), (Flavour::Python3, 4)]
            {
                let any = encoded(flavour, protocol, |e| e.long(&BigInt::from(value)));
                assert_eq!(encoded(flavour, protocol, |e| e.small_long(value)), any, "{value}");
            }
        }
    }
    let small = BigInt::from(7);
    assert_eq!(encoded(Flavour::Pickle, 1, |e| e.long(&small)), b"L7L\n");
    assert_eq!(encoded(Flavour::Python3, 1, |e| e.long(&small)), b"K\x07");
}

#[test]
fn longs_of_256_bytes_need_a_longer_length() {
    let head = |value: BigInt| encoded(Flavour::Pickle, 2, |e| e.long(&value))[..5].to_vec();
    let two = BigInt::from(2);
    assert_eq!(head(two.pow(2031))[..2], *b"\x8a\xff");
    assert_eq!(head(two.pow(2039)), b"\x8b\x00\x01\x00\x00");
    assert_eq!(head(-two.pow(2047)), b"\x8b\x00\x01\x00\x00");
}

#[test]
fn floats_in_text_differ_between_pickle_and_cpickle() {
    assert_eq!(encoded(Flavour::Pickle, 0, |e| e.float(0.1)), b"F0.1\n");
    assert_eq!(encoded(Flavour::CPickle, 0, |e| e.float(0.1)), b"F0.10000000000000001\n");
    assert_eq!(encoded(Flavour::CPickle, 1, |e| e.float(1.0)), b"G\x3f\xf0\0\0\0\0\0\0");
    let nan = f64::from_bits(0xfff8_0000_0000_0001);
    assert_eq!(encoded(Flavour::Pickle, 1, |e| e.float(nan)), b"G\xff\xf8\0\0\0\0\0\x01");
}

#[test]
fn strings_have_a_short_form_below_256_bytes() {
    let string = |protocol, value: &[u8]| {
        encoded(Flavour::Pickle, protocol, |e| e.string(value).expect("short enough"))
    };
    assert_eq!(string(0, b"it's"), b"S\"it's\"\n");
    assert_eq!(string(1, b"ab"), b"U\x02ab");
    assert_eq!(string(2, &[b'x'; 255])[..2], *b"U\xff");
    assert_eq!(string(2, &[b'x'; 256])[..5], *b"T\x00\x01\x00\x00");
}

#[test]
fn strings_of_any_length_are_written_as_they_are() {
    let letters: Vec<u8> = (b'a'..=b'z').cycle().take(300).collect();
    for length in [0, 1, 2, 3, 4, 7, 8, 15, 16, 22, 23, 31, 32, 33, 34, 255, 256, 300] {
        let value = &letters[..length];
        let expected = |short: u8, long: u8| match u8::try_from(length) {
            Ok(length) => [&[short, length], value, b"N"].concat(),
            Err(_) => [&[long], &(length as u32).to_le_bytes()[..], value, b"N"].concat(),
        };
        let written = |flavour, protocol, text: bool| {
            encoded(flavour, protocol, |encoder| {
                let done = if text { encoder.unicode(value) } else { encoder.byte_string(value) };
                assert_eq!(done, Ok(()));
                encoder.op(Opcode::NONE);
            })
        };
        assert_eq!(written(Flavour::Python3, 4, true), expected(0x8c, b'X'));
        assert_eq!(written(Flavour::Python3, 3, false), expected(b'C', b'B'));
        assert_eq!(written(Flavour::CPickle, 2, false), expected(b'U', b'T'));
        let long = [b"X", &(length as u32).to_le_bytes()[..], value, b"N"].concat();
        assert_eq!(written(Flavour::Python3, 3, true), long);
    }
}

#[test]
fn unicode_follows_the_flavour_and_protocol() {
    let unicode = |flavour, protocol, wtf8: &[u8]| {
        encoded(flavour, protocol, |e| e.unicode(wtf8).expect("short enough"))
    };
    let pair = b"\xed\xa0\x88\xed\xbd\x85";
    assert_eq!(unicode(Flavour::Pickle, 0, pair), b"V\\ud808\\udf45\n");
    assert_eq!(unicode(Flavour::Pickle, 1, pair), b"X\x04\0\0\0\xf0\x92\x8d\x85");
    assert_eq!(unicode(Flavour::Python3, 1, pair), b"X\x06\0\0\0\xed\xa0\x88\xed\xbd\x85");
    assert_eq!(unicode(Flavour::Python3, 4, b"ab"), b"\x8c\x02ab");
    assert_eq!(unicode(Flavour::Pickle, 0, "é€\u{12345}".as_bytes()), b"V\xe9\\u20ac\\U00012345\n");
}

#[test]
fn memo_references_grow_with_the_number() {
    assert_eq!(encoded(Flavour::Pickle, 0, |e| e.put(300)), b"p300\n");
    assert_eq!(encoded(Flavour::Pickle, 1, |e| e.put(255)), b"q\xff");
    assert_eq!(encoded(Flavour::Pickle, 2, |e| e.put(256)), b"r\x00\x01\x00\x00");
    assert_eq!(encoded(Flavour::Python3, 4, |e| e.put(256)), b"\x94");
    assert_eq!(encoded(Flavour::Python3, 4, |e| e.get(256)), b"j\x00\x01\x00\x00");
    assert_eq!(encoded(Flavour::CPickle, 0, |e| e.get(1)), b"g1\n");
}

#[test]
fn extension_codes_are_one_two_or_four_bytes() {
    assert_eq!(encoded(Flavour::Pickle, 2, |e| e.extension(255)), b"\x82\xff");
    assert_eq!(encoded(Flavour::Pickle, 2, |e| e.extension(256)), b"\x83\x00\x01");
    assert_eq!(encoded(Flavour::Pickle, 2, |e| e.extension(65536)), b"\x84\x00\x00\x01\x00");
}

/// A stream of protocol 4 of 3.13.0, without the payload of long strings.
fn framed(write: impl FnOnce(&mut Encoder)) -> Vec<u8> {
    encoded(Flavour::Python3, 4, |encoder| {
        encoder.begin();
        write(encoder);
        encoder.end();
    })
}

#[test]
fn a_frame_has_at_least_four_bytes() {
    assert_eq!(framed(|e| e.op(crate::opcode::Opcode::NONE)), b"\x80\x04N.");
    assert_eq!(framed(|e| e.int(-1)), b"\x80\x04\x95\x06\0\0\0\0\0\0\0J\xff\xff\xff\xff.");
}

#[test]
fn long_strings_stand_outside_of_frames() {
    let bytes = |length: usize| {
        let stream = framed(|e| {
            e.begin_object();
            e.byte_string(&vec![b'x'; length]).expect("short enough");
            e.put(0);
        });
        stream.into_iter().filter(|&byte| byte != b'x').collect::<Vec<u8>>()
    };
    assert_eq!(bytes(65535), b"\x80\x04\x95\x06\0\x01\0\0\0\0\0B\xff\xff\0\0\x94.");
    assert_eq!(bytes(65536), b"\x80\x04B\0\0\x01\0\x94.");
}

#[test]
fn a_full_frame_ends_before_the_next_object() {
    let stream = framed(|e| {
        for number in 0..30_000 {
            e.begin_object();
            e.int(number);
        }
    });
    let frames = stream.windows(9).filter(|window| window[0] == 0x95 && window[4..] == [0; 5]);
    let lengths: Vec<u8> = frames.map(|frame| frame[3]).collect();
    assert_eq!(lengths.len(), 2);
}

#[test]
fn longs_in_as_few_bytes_as_keep_the_sign() {
    assert_eq!(super::long_to_bytes(&BigInt::ZERO), b"");
    for power in 0..200_u32 {
        for distance in -1..=1 {
            for sign in [1, -1] {
                let number = (BigInt::from(2).pow(power) + distance) * sign;
                if number != BigInt::ZERO {
                    assert_eq!(super::long_to_bytes(&number), number.to_signed_bytes_le());
                }
                let Ok(wide) = i64::try_from(&number) else { continue };
                if i32::try_from(wide).is_err() {
                    let as_int = encoded(Flavour::Python3, 4, |e| e.int(wide));
                    assert_eq!(as_int, encoded(Flavour::Python3, 4, |e| e.long(&number)));
                }
            }
        }
    }
}
