use std::collections::BTreeMap;

use ivig_audit::source::{Compression, SourceError, ZipFault};

use crate::reading::{Drops, fault, read, read_from};

const ARCHIVES: &str = include_str!("../../fixtures/source/archives.txt");
const TEXT: &[u8] = b"order_id,hcpcs,dx1\nO1,J1459,G61.81\nO2,J1569,G61.0\n";

/// Archives by name, as the programs wrote them.
fn archives() -> BTreeMap<&'static str, Vec<u8>> {
    let from_hex = |hex: &str| {
        let digits: Vec<u8> = hex.chars().map(|digit| digit.to_digit(16).expect("hexadecimal") as u8).collect();
        digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
    };
    let lines = ARCHIVES.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split_once(' ').expect("a name and bytes")).map(|(name, hex)| (name, from_hex(hex))).collect()
}

fn good() -> impl Iterator<Item = (&'static str, Vec<u8>)> {
    archives().into_iter().filter(|(name, _)| !name.starts_with("refused"))
}

#[test]
fn every_archive_holds_the_text_however_it_is_read() {
    assert!(good().count() >= 13);
    for (name, bytes) in good() {
        for size in [1, 2, 7, 100_000] {
            let (text, receipt) =
                read_from(Drops::new(&bytes, size), None).unwrap_or_else(|error| panic!("{name}, {size}: {error}"));
            assert!(text == TEXT, "{name}, {size}");
            assert_eq!(receipt.bytes(), bytes.len() as u64, "{name}");
            assert_eq!(receipt.blake3(), blake3::hash(&bytes).to_hex().to_string(), "{name}");
            assert_eq!(receipt.content_blake3(), Some(blake3::hash(TEXT).to_hex().to_string()), "{name}");
            let compression = name.split('-').next().expect("a name");
            assert_eq!(receipt.in_words(), format!("UTF-8, {compression}"), "{name}");
        }
    }
}

/// A cut at the border of two members leaves a file that is whole by itself: nothing in it tells of the other.
#[test]
fn an_archive_that_is_cut_anywhere_is_never_read_short() {
    for (name, bytes) in good() {
        for length in 0..bytes.len() {
            let cut = &bytes[..length];
            match read(cut) {
                Err(error) => assert!(error.to_string().contains("cut"), "{name}, {length}: {error}"),
                Ok((text, receipt)) => {
                    let unrecognised = receipt.compression().is_none() && text == cut && length < 4;
                    let first_member = name.contains("two") && text == b"order_id,hcpcs,dx1\n";
                    assert!(unrecognised || first_member, "{name} cut to {length} reads as {} bytes", text.len());
                }
            }
        }
    }
}

/// One bit is wrong: an error, or the text as it is, for what the bit says may be of no use (a name, a time).
#[test]
fn an_archive_with_a_wrong_bit_is_never_read_as_another_text() {
    for (name, bytes) in good() {
        let unchecked = name == "zstd-from-stdin";
        for at in 4..bytes.len() {
            for bit in 0..8 {
                let mut wrong = bytes.clone();
                wrong[at] ^= 1 << bit;
                if let Ok((text, _)) = read(&wrong) {
                    assert!(text == TEXT || unchecked, "{name}: bit {bit} of byte {at}");
                }
            }
        }
    }
}

#[test]
fn bytes_behind_an_archive_are_an_error_that_says_so() {
    for (name, bytes) in good() {
        for behind in [b"\n".as_slice(), b"\0\0\0\0", b"order_id,hcpcs\n", b"x"] {
            let compression = match &name[..3] {
                "gzi" => Compression::Gzip,
                "zst" => Compression::Zstd,
                _ => Compression::Zip,
            };
            let long = [&bytes, behind].concat();
            assert_eq!(fault(&long), Some(SourceError::Behind(compression)), "{name}");
            let error = read_from(Drops::new(&long, 1), None).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(error.contains("behind the"), "{name}: {error}");
        }
    }
}

#[test]
fn archives_one_behind_another_are_read_where_the_format_has_it_so() {
    for (name, bytes) in good() {
        let twice = [&bytes[..], &bytes].concat();
        match fault(&twice) {
            None => assert!(!name.starts_with("zip") && read(&twice).is_ok_and(|(text, _)| text == TEXT.repeat(2))),
            Some(fault) => assert!(name.starts_with("zip") && fault == SourceError::Behind(Compression::Zip), "{name}"),
        }
    }
}

#[test]
fn a_zip_that_is_not_read_says_why_and_what_would_be() {
    let archives = archives();
    let wrong = |name: &str| fault(&archives[&*format!("refused-zip-{name}")]);
    assert_eq!(wrong("second-member"), Some(ZipFault::SecondMember.into()));
    assert_eq!(wrong("encrypted"), Some(ZipFault::Encrypted.into()));
    assert_eq!(wrong("folder"), Some(ZipFault::Folder.into()));
    assert_eq!(wrong("stored-to-a-pipe"), Some(ZipFault::LengthBehind.into()));
    assert_eq!(wrong("bzip2"), Some(ZipFault::Method(12).into()));
    assert_eq!(wrong("workbook"), Some(ZipFault::Workbook.into()));
    assert!(matches!(wrong("empty"), Some(SourceError::Refused(_))));
    assert_eq!(archives.keys().filter(|name| name.starts_with("refused")).count(), 7, "each is asked about");
}
