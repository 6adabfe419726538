use ivig_audit::source::{Encoding, SourceError};

use crate::reading::{Drops, fault, read, read_declared, read_from};

const TEXT: &str = "order_id,indication\r\nO1,Guillain-Barré – 1\u{1d7d9}\nO2,日本\n";

fn utf16(text: &str, bytes_of: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes_of).collect()
}

fn blake3(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

#[test]
fn utf16_reads_as_the_same_text_in_pieces_of_every_size() {
    for (bytes, words) in
        [(utf16(TEXT, u16::to_le_bytes), "UTF-16 (LE)"), (utf16(TEXT, u16::to_be_bytes), "UTF-16 (BE)")]
    {
        for size in [1, 2, 3, 5, 7, 64, 10_000] {
            let (text, receipt) = read_from(Drops::new(&bytes, size), None).expect("it is read");
            assert_eq!(String::from_utf8(text).as_deref(), Ok(TEXT), "{words}, {size}");
            assert_eq!((receipt.in_words().as_str(), receipt.undecodable()), (words, 0));
            assert_eq!((receipt.bytes(), receipt.blake3()), (bytes.len() as u64, blake3(&bytes)));
            assert_eq!(receipt.content_blake3(), Some(blake3(TEXT.as_bytes())));
        }
    }
}

/// More than one piece, so that pairs are cut by the reader's own buffer too.
#[test]
fn a_long_utf16_text_is_read_whole() {
    for shift in 0..4 {
        let text = "x".repeat(shift) + &"\u{1d7d9}é".repeat(60_000);
        let (read, receipt) = read(&utf16(&text, u16::to_le_bytes)).expect("it is read");
        assert!(read == text.as_bytes() && receipt.undecodable() == 0, "{shift}");
    }
}

#[test]
fn utf16_that_is_cut_is_an_error_or_a_counted_character() {
    let bytes = utf16(TEXT, u16::to_le_bytes);
    for length in 2..bytes.len() {
        if length % 2 == 1 {
            assert_eq!(fault(&bytes[..length]), Some(SourceError::HalfUnit), "{length}");
        }
    }
    let pair = TEXT.find('\u{1d7d9}').expect("it is there");
    let before = TEXT[..pair].encode_utf16().count();
    let (_, receipt) = read(&bytes[..2 + 2 * (before + 1)]).expect("whole units");
    assert_eq!(receipt.undecodable(), 1, "the first half of a pair at the end");
}

#[test]
fn an_unpaired_surrogate_stays_no_text_and_is_counted() {
    let units = [0xfeff, 0x61, 0xdc00, 0x62, 0xd800, 0xd800, 0xdc00, 0xd801];
    let bytes: Vec<u8> = units.into_iter().flat_map(u16::to_le_bytes).collect();
    for size in [1, 2, 3, 4, 5, 100] {
        let (text, receipt) = read_from(Drops::new(&bytes, size), None).expect("it is read");
        assert_eq!(text, b"a\x81b\x81\xf0\x90\x80\x80\x81", "{size}");
        assert_eq!(receipt.undecodable(), 3);
    }
}

#[test]
fn windows_1252_is_read_where_it_is_declared() {
    let declared = Some(Encoding::Windows1252);
    for size in [1, 3, 100] {
        let (text, receipt) = read_from(Drops::new(b"Barr\xe9;\x96;\x80;\x81;x", size), declared).expect("it is read");
        assert_eq!(text, [b"Barr\xc3\xa9;\xe2\x80\x93;\xe2\x82\xac;".as_slice(), b"\x81;x"].concat());
        assert_eq!((receipt.in_words().as_str(), receipt.undecodable()), ("Windows-1252", 1));
    }
}

#[test]
fn a_byte_order_mark_tells_more_than_a_declaration() {
    let declared = Some(Encoding::Windows1252);
    let (text, receipt) = read_declared("\u{feff}é".as_bytes(), declared).expect("it is read");
    assert_eq!((text.as_slice(), receipt.in_words().as_str()), ("\u{feff}é".as_bytes(), "UTF-8, byte-order mark"));
    let (text, receipt) = read_declared(&utf16("é", u16::to_be_bytes), declared).expect("it is read");
    assert_eq!((text.as_slice(), receipt.in_words().as_str()), ("é".as_bytes(), "UTF-16 (BE)"));
    let without_mark = &utf16("é", u16::to_be_bytes)[2..];
    let (text, _) = read_declared(without_mark, Some(Encoding::Utf16Be)).expect("it is read");
    assert_eq!(text, "é".as_bytes(), "declared, without a mark");
}

#[test]
fn what_is_undeclared_passes_through_as_it_is() {
    for bytes in
        [b"".as_slice(), b"P", b"PK", b"(", b"a,b\n\xff\xe9\0\n", b"\xff", b"\xef\xbb", b"BZh91,dx1\n", b"PAR1,x\n"]
    {
        let (text, receipt) = read_from(Drops::new(bytes, 1), None).expect("it is read");
        assert_eq!(text, bytes);
        assert_eq!((receipt.in_words().as_str(), receipt.blake3()), ("UTF-8", blake3(bytes)));
        assert_eq!(receipt.content_blake3(), None, "what is stored is the content");
    }
}

/// Without the mark the content is the same, and so is its digest.
#[test]
fn a_mark_is_no_part_of_the_content() {
    for size in [1, 2, 100] {
        let (text, receipt) = read_from(Drops::new("\u{feff}a,b\n".as_bytes(), size), None).expect("it is read");
        assert_eq!(text, "\u{feff}a,b\n".as_bytes(), "the reader of the header drops it, as its offsets count it");
        assert_eq!(receipt.content_blake3(), Some(blake3(b"a,b\n")));
    }
}

#[test]
fn files_of_other_kinds_are_refused_by_name() {
    for (bytes, name) in [
        (b"\xfd7zXZ\0\0\0".as_slice(), "xz"),
        (b"BZh91AY&SY", "bzip2"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "7z"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook"),
        (b"PAR1\x15\x04", "Parquet"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x05\x06\0\0", "without a file"),
        (b"\xff\xfe\0\0a\0\0\0", "UTF-32"),
        (b"\x1f\x9d\x90", "compress"),
    ] {
        let Some(fault @ SourceError::Refused(_)) = fault(bytes) else { panic!("{name} is read") };
        let message = fault.to_string();
        assert!(message.contains(name) && message.contains("accepted is"), "{message}");
    }
}
