use std::convert::Infallible;
use std::fs::File;
use std::io::Write;
use std::sync::Arc;

use chrono::NaiveDate;
use ivig_audit::intake::Layout;
use ivig_audit::rules::Rulebook;
use ivig_audit::scan::wave::WaveError;
use ivig_audit::scan::{Batch, Export, Pace};
use ivig_audit::source::{Access, Plain, Receipt, Source};

/// How the bytes of a file are come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// As a stream that hashes as it is read.
    Alone,
    /// As a stream that the scan hashes.
    Stream,
    /// By position, if it is plain text.
    Position,
}

const WAYS: [Way; 3] = [Way::Alone, Way::Stream, Way::Position];

fn text() -> String {
    let header = "order_id,service_date,birth_date,sex,product_code,dx1\n";
    let lines = (0..3000).map(|number| match number % 7 {
        0 => format!("O{number},2024-03-01,1960-06-01,F,J1566,G61.81,one too many\r\n"),
        1 => format!("O{number},2024-03-01,1960-06-01,F,99213,G61.81\r\n"),
        _ => format!("O{number},2024-03-01,1960-06-01,F,J1566,G61.81\n"),
    });
    std::iter::once(header.to_owned()).chain(lines).collect()
}

/// What a scan says of a file: orders by id and number, rejected records, lines, and how far it said it was.
type Said = (Vec<(String, u64)>, u64, u64, u64);

fn scanned(
    stored: &[u8],
    way: Way,
    pace: Pace,
    meanwhile: impl Fn(&std::path::Path),
) -> Result<(Said, Receipt), WaveError<Infallible>> {
    let mut named = tempfile::NamedTempFile::new().expect("a file");
    named.write_all(stored).expect("it is written");
    let file = File::open(named.path()).expect("it opens");
    let len = file.metadata().expect("it is there").len();
    let source = Source::open(file.try_clone().expect("a handle"), None).expect("it opens");
    let receipt = source.receipt();
    let plain = (way == Way::Position).then(|| Plain { file: Arc::new(file), len });
    let access = Access::new(receipt.clone(), plain);
    let layouts = Layout::builtin().expect("layouts ship");
    let layouts: Vec<Layout> = layouts.into_iter().filter(|layout| layout.id == "generic").collect();
    let mut export = Export::open(source, &layouts).expect("the header is recognised");
    if way != Way::Alone {
        export = export.with_access(access);
    }
    meanwhile(named.path());
    let rulebook = Rulebook::open("aanem-2023").expect("the ruleset ships");
    let as_of = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
    let (mut orders, mut rejected, mut far) = (Vec::new(), 0, 0);
    let take = |batch: Batch| {
        rejected += batch.rejected.len() as u64;
        orders.extend(batch.rows.into_iter().map(|row| (row.order_id.unwrap_or_default(), row.record)));
        Ok(())
    };
    let extent = export.scan(&rulebook, as_of, "test.csv", pace, |bytes| far = bytes, take)?;
    Ok(((orders, rejected, extent.seen, far), receipt))
}

/// A text as it may be stored.
fn packings(text: &str) -> Vec<Vec<u8>> {
    let marked = format!("\u{feff}{text}");
    let utf16: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    #[cfg_attr(not(feature = "decompression"), expect(unused_mut, reason = "nothing is packed"))]
    let mut packings = vec![text.as_bytes().to_vec(), marked.clone().into_bytes(), utf16];
    #[cfg(feature = "decompression")]
    for text in [text, &marked] {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).expect("memory");
        packings.push(encoder.finish().expect("memory"));
        packings.push(zstd::encode_all(text.as_bytes(), 1).expect("memory"));
    }
    packings
}

#[test]
fn every_way_to_a_file_finds_the_same_and_makes_the_digests_that_b3sum_repeats() {
    let text = text();
    for (nth, stored) in packings(&text).iter().enumerate() {
        let mut found: Option<Said> = None;
        for way in WAYS {
            for (threads, chunk_size) in [(1, 1 << 18), (2, 4096), (3, 1000)] {
                let pace = Pace { threads, chunk_size };
                let (said, receipt) = scanned(stored, way, pace, |_| {}).expect("it is read");
                let what = format!("packing {nth}, {way:?}, {pace:?}");
                assert_eq!((said.0.len(), said.1, said.2), (2142, 429, 3001), "{what}");
                assert_eq!(found.get_or_insert(said.clone()), &said, "{what}");
                assert_eq!(receipt.bytes(), stored.len() as u64, "{what}");
                assert_eq!(receipt.blake3(), blake3::hash(stored).to_hex().as_str(), "{what}");
                let content = receipt.content_blake3().unwrap_or_else(|| receipt.blake3());
                assert_eq!(content, blake3::hash(text.as_bytes()).to_hex().as_str(), "{what}");
            }
        }
    }
}

/// Whoever writes to a file while it is read is told of, and no short read is taken for a whole one.
#[test]
fn a_file_that_shrinks_or_has_another_header_when_it_is_read_is_no_input() {
    let text = text();
    for threads in [1, 2] {
        let pace = Pace { threads, chunk_size: 4096 };
        let read = |meanwhile: &dyn Fn(&std::path::Path)| scanned(text.as_bytes(), Way::Position, pace, meanwhile);
        let shrinks = |path: &std::path::Path| {
            let file = File::options().write(true).open(path).expect("it opens");
            file.set_len(text.len() as u64 - 1).expect("it is cut");
        };
        assert!(matches!(read(&shrinks), Err(WaveError::Changed)));
        let becomes_another = |path: &std::path::Path| {
            std::fs::write(path, text.replacen("dx1", "dx2", 1)).expect("it is written");
        };
        assert!(matches!(read(&becomes_another), Err(WaveError::Changed)));
    }
}
