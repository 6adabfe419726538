use std::io::{Read, Write};

use flate2::write::{DeflateEncoder, GzEncoder};
use flate2::{Compression as Level, Crc};
use ivig_audit::source::{Compression, EXPANSION_FREE, SourceError, ZipFault};

use crate::reading::{Drops, fault, read, read_from};

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Level::best());
    encoder.write_all(text).and_then(|()| encoder.finish()).expect("memory")
}

fn zstd(text: &[u8]) -> Vec<u8> {
    zstd::encode_all(text, 3).expect("memory")
}

/// One member and how its header, what stands behind it, and its entry in the index are written.
struct Made<'a> {
    text: &'a [u8],
    stored: bool,
    /// Behind the member: whether with a signature, whether in 64 bits.
    behind: Option<(bool, bool)>,
    crc: u32,
}

impl<'a> Made<'a> {
    fn new(text: &'a [u8]) -> Self {
        let mut crc = Crc::new();
        crc.update(text);
        Self { text, stored: false, behind: None, crc: crc.sum() }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Level::best());
        let deflated = encoder.write_all(self.text).and_then(|()| encoder.finish()).expect("memory");
        let packed = if self.stored { self.text.to_vec() } else { deflated };
        let (short, long) = (packed.len() as u32, self.text.len() as u32);
        let lengths = [self.crc, short, long].map(u32::to_le_bytes).concat();
        let method: u16 = if self.stored { 0 } else { 8 };
        let flags: u16 = if self.behind.is_some() { 8 } else { 0 };
        let head = [20, flags, method, 0, 0].map(u16::to_le_bytes).concat();
        let mut zip = [b"PK\x03\x04", &head[..]].concat();
        zip.extend(if self.behind.is_some() { vec![0; 12] } else { lengths.clone() });
        zip.extend(b"\x05\0\0\0o.csv");
        zip.extend(&packed);
        if let Some((signature, large)) = self.behind {
            zip.extend(if signature { b"PK\x07\x08".as_slice() } else { b"" });
            zip.extend(if large {
                [&self.crc.to_le_bytes()[..], &u64::from(short).to_le_bytes(), &u64::from(long).to_le_bytes()].concat()
            } else {
                lengths.clone()
            });
        }
        let index = zip.len() as u32;
        let entry =
            [&b"PK\x01\x02\x14\0"[..], &head, &lengths, b"\x05\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", b"o.csv"].concat();
        zip.extend(&entry);
        zip.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
        zip.extend([entry.len() as u32, index].map(u32::to_le_bytes).concat());
        zip.extend([0, 0]);
        zip
    }
}

#[test]
fn a_zip_member_is_read_in_every_form_of_its_length() {
    let text = b"order_id,hcpcs\nO1,J1459\n".repeat(500);
    for text in [&text[..], b"", b"x"] {
        let made = || Made::new(text);
        let mut forms = vec![made(), Made { stored: true, ..made() }];
        for behind in [(false, false), (false, true), (true, false), (true, true)] {
            forms.push(Made { behind: Some(behind), ..made() });
        }
        for form in forms {
            let zip = form.bytes();
            for size in [1, 13, 100_000] {
                let (read, _) = read_from(Drops::new(&zip, size), None)
                    .unwrap_or_else(|error| panic!("{:?}, stored {}: {error}", form.behind, form.stored));
                assert!(read == text, "{:?}, stored {}", form.behind, form.stored);
            }
            let wrong = Made { crc: form.crc ^ 1, ..form };
            assert_eq!(fault(&wrong.bytes()), Some(SourceError::Damaged(Compression::Zip)));
        }
    }
}

/// The second member comes after all of the first was handed over, and is an error all the same.
#[test]
fn a_second_member_is_found_behind_a_long_first_one() {
    let first = Made { behind: Some((true, false)), ..Made::new(b"a,b\n") }.bytes();
    let index = first.windows(4).position(|bytes| bytes == b"PK\x01\x02").expect("it has one");
    let both = [&first[..index], &first].concat();
    assert_eq!(fault(&both), Some(ZipFault::SecondMember.into()));
}

#[test]
fn an_empty_member_is_an_empty_text() {
    for bytes in [gzip(b""), zstd(b""), Made::new(b"").bytes()] {
        assert!(read(&bytes).is_ok_and(|(text, _)| text.is_empty()));
    }
    let with_empty_ones = [gzip(b""), gzip(b"a\n"), gzip(b""), gzip(b"b\n")].concat();
    assert!(read(&with_empty_ones).is_ok_and(|(text, _)| text == b"a\nb\n"));
    let skipped = [b"\x50\x2a\x4d\x18\x03\0\0\0abc".as_slice(), &zstd(b"a\n"), b"\x5f\x2a\x4d\x18\0\0\0\0"].concat();
    assert!(read(&skipped).is_ok_and(|(text, _)| text == b"a\n"), "frames to be skipped");
}

#[test]
fn compression_in_compression_is_refused() {
    let (outer, inner) = (Compression::Gzip, Compression::Gzip);
    assert_eq!(fault(&gzip(&gzip(b"a\n"))), Some(SourceError::Nested { outer, inner }));
    let inner = Compression::Zip;
    assert_eq!(fault(&gzip(&Made::new(b"a\n").bytes())), Some(SourceError::Nested { outer, inner }));
    let (outer, inner) = (Compression::Zip, Compression::Zstd);
    assert_eq!(fault(&Made::new(&zstd(b"a\n")).bytes()), Some(SourceError::Nested { outer, inner }));
    assert!(matches!(fault(&zstd(b"PAR1\x15\x04")), Some(SourceError::Refused(_))), "and so is what is no text");
}

#[test]
fn utf16_in_an_archive_is_read() {
    let text = "order_id\nGuillain-Barré\n";
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for (bytes, words) in [(gzip(&utf16), "gzip"), (zstd(&utf16), "zstd"), (Made::new(&utf16).bytes(), "zip")] {
        let (read, receipt) = read_from(Drops::new(&bytes, 1), None).expect("it is read");
        assert_eq!(String::from_utf8(read).as_deref(), Ok(text));
        assert_eq!(receipt.in_words(), format!("UTF-16 (LE), {words}"));
        assert_eq!(receipt.content_blake3(), Some(blake3::hash(text.as_bytes()).to_hex().to_string()));
    }
}

#[test]
fn what_expands_without_end_is_stopped_and_what_repeats_itself_is_not() {
    let zeros = |megabytes: u64| std::io::repeat(b'0').take(megabytes << 20);
    let packed = |megabytes: u64| zstd::encode_all(zeros(megabytes), 3).expect("memory");
    let mut source = ivig_audit::source::Source::open(std::io::Cursor::new(packed(400)), None).expect("it opens");
    let mut out = 0;
    let mut buffer = vec![0; 64 << 10];
    let error = loop {
        match source.read(&mut buffer) {
            Ok(0) => panic!("the bomb was read to its end"),
            Ok(read) => out += read as u64,
            Err(error) => break error,
        }
    };
    assert!(error.to_string().contains("1000 times"), "{error}");
    assert!(out <= EXPANSION_FREE, "{out} bytes came out before");
    assert!(read(&packed(60)).is_ok_and(|(text, _)| text.len() == 60 << 20), "small enough not to matter");
}
