//! Any number of threads and any chunk size read the same as the oracle, and memory does not follow the input.

use std::io::{self, Read};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

use ivig_audit::framing::{Dialect, Fault, RECORD_LIMIT};
use ivig_audit::scan::position::{Text, read_positions};
use ivig_audit::scan::wave::{LineCounts, Pace, Start, WaveError, read_waves};
use ivig_audit::source::ReadAt;
use proptest::prelude::*;

use crate::oracle;
use crate::transcript::{START, Transcript, What, commas, read, read_by_position, read_from};

const CHUNK_SIZES: [usize; 6] = [1, 2, 3, 7, 64, 4096];
const THREADS: [usize; 3] = [1, 2, 7];

/// Inputs, each read at every pace; all of them in a release build, with which every change is tested before it lands.
const CASES: u32 = if cfg!(debug_assertions) { 75 } else { 300 };

/// Bytes in which every rule of framing is at work, some as tokens so that whole records come up often.
fn hostile_input() -> impl Strategy<Value = Vec<u8>> {
    let token = prop::sample::select(vec![
        "\"",
        "\"",
        "\"",
        "\"\"",
        ",",
        ",",
        ",",
        "\n",
        "\n",
        "\r\n",
        "\r",
        "\u{feff}",
        "\u{fe}",
        "a",
        "b",
        " ",
        "a,b,c\n",
        "a,\"b\",c\n",
        "a,\"b\nb\",c\n",
        "\",x\n",
    ]);
    prop::collection::vec(token, 0..120).prop_map(|tokens| tokens.concat().into_bytes())
}

fn dialects() -> impl Strategy<Value = Dialect> {
    let spans = prop::collection::vec(any::<bool>(), 0..5);
    let control = prop::collection::vec(prop::sample::select(vec!["a", "b", "a b"]), 0..2);
    let lacks = prop::sample::select(vec![0, 0, 0, 1, 2]);
    let drawn = (1..5_usize, spans, any::<bool>(), prop::bool::weighted(0.9), lacks, control);
    drawn.prop_map(|(fields, spans, trailing, quoted, lacks, control)| Dialect {
        delimiter: b',',
        quote: quoted.then_some(b'"'),
        fields,
        spans,
        allow_trailing_delimiter: trailing,
        allow_missing_fields: lacks,
        control: control.into_iter().map(str::to_owned).collect(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_pace_reads_what_the_oracle_reads(input in hostile_input(), dialect in dialects()) {
        let expected = oracle::read(&input, START.line, START.offset, &dialect);
        for threads in THREADS {
            for chunk_size in CHUNK_SIZES {
                let pace = Pace { threads, chunk_size };
                prop_assert_eq!(&read(&input, &dialect, pace), &expected, "{:?}", pace);
                let by_position = read_by_position(&input, &dialect, pace, 3 * (chunk_size % 2));
                prop_assert_eq!(&by_position, &expected, "by position, {:?}", pace);
            }
        }
    }

    /// The same over bytes of every value, which framing must pass through as they are.
    #[test]
    fn any_bytes_read_as_the_oracle_reads_them(input in prop::collection::vec(any::<u8>(), 0..300)) {
        let dialect = commas(2, &[1]);
        let expected = oracle::read(&input, START.line, START.offset, &dialect);
        let pace = Pace { threads: 2, chunk_size: 5 };
        prop_assert_eq!(&read(&input, &dialect, pace), &expected);
        prop_assert_eq!(&read_by_position(&input, &dialect, pace, 0), &expected);
    }
}

/// Gives one byte at a time, as a slow pipe may.
struct Drip<'a>(&'a [u8]);

impl Read for Drip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = buffer.len().min(1);
        self.0.read(&mut buffer[..len])
    }
}

#[test]
fn a_slow_pipe_reads_as_a_file_does() {
    let input: &'static str = "1,a,x\r\n2,\"b\r\nb\",x\r\n\r\n3,\"c,x\r\n4,d,x\r\n".repeat(50).leak();
    let dialect = commas(3, &[1]);
    let pace = Pace { threads: 2, chunk_size: 16 };
    let piped = read_from(Drip(input.as_bytes()), &dialect, pace, |_| {});
    assert_eq!(piped, read(input.as_bytes(), &dialect, pace));
    assert_eq!(piped.1.blank, 50);
}

#[test]
fn an_empty_input_has_only_its_header() {
    let (events, counts) = read(b"", &commas(3, &[]), Pace::of(2));
    assert_eq!((events.len(), counts), (0, LineCounts { header: 1, ..LineCounts::default() }));
    for chunk_size in 1..20 {
        for mark in [0, 3] {
            let (events, counts) = read_by_position(b"", &commas(3, &[]), Pace { threads: 2, chunk_size }, mark);
            assert_eq!((events.len(), counts), (0, LineCounts { header: 1, ..LineCounts::default() }));
        }
    }
}

/// Lines and notes just below, at and above the limit, with each terminator, between records of one line.
#[test]
fn lengths_around_the_limit_read_the_same_at_every_pace() {
    let dialect = commas(2, &[1]);
    let text_line = [b"one line of text in a long note ".repeat(4).as_slice(), b"\n"].concat();
    let mut input = Vec::new();
    for (turn, end) in ["\n", "\r\n", "\r"].iter().enumerate() {
        for extra in 0..3 {
            let text = vec![b'x'; RECORD_LIMIT - 3 + extra];
            input.extend([b"a,".as_slice(), &text, end.as_bytes(), b"1,2", end.as_bytes()].concat());
            let note = [b"a,\"".as_slice(), end.as_bytes(), &text[end.len() + 2..], b"\""].concat();
            input.extend([note.as_slice(), end.as_bytes(), b"3,4", end.as_bytes()].concat());
        }
        input.extend(
            [b"a,\"".as_slice(), end.as_bytes(), &text_line.repeat(RECORD_LIMIT / text_line.len() + turn)].concat(),
        );
    }
    let expected = oracle::read(&input, START.line, START.offset, &dialect);
    let too_long = |what: &What| matches!(what, What::Rejected { fault: Fault::RecordTooLong, .. });
    assert_eq!(expected.0.iter().filter(|event| too_long(&event.what)).count(), 9);
    for chunk_size in [4096, RECORD_LIMIT + 1] {
        let pace = Pace { threads: 2, chunk_size };
        assert!(read(&input, &dialect, pace) == expected, "chunk size {chunk_size}");
        assert!(read_by_position(&input, &dialect, pace, 0) == expected, "by position, chunk size {chunk_size}");
    }
}

/// (Its terminator being cut in two by a wave's end is a unit test of `scan::wave`.)
#[test]
fn a_line_longer_than_many_waves_is_one_rejected_line() {
    let dialect = commas(2, &[1]);
    for end in ["\n", "\r\n", "\r", ""] {
        for extra in 0..2 {
            let long = vec![b'x'; 2 * RECORD_LIMIT + extra];
            let after = if end.is_empty() { "" } else { "3,4\n" };
            let input = [b"1,2\n".as_slice(), &long, end.as_bytes(), after.as_bytes()].concat();
            let expected = oracle::read(&input, START.line, START.offset, &dialect);
            assert_eq!(expected.1.rejected, 1);
            let pace = Pace { threads: 1, chunk_size: 1 << 14 };
            assert!(read(&input, &dialect, pace) == expected, "{end:?} {extra}");
            for chunk_size in [3001, 1 << 14] {
                let pace = Pace { threads: 2, chunk_size };
                assert!(read_by_position(&input, &dialect, pace, 0) == expected, "by position, {end:?} {extra}");
            }
        }
    }
}

/// An input without one line end is read through in waves of the usual size: nothing asks for more room at once.
#[test]
fn a_line_without_end_is_never_held() {
    struct Endless {
        left: usize,
        largest_read: Arc<AtomicUsize>,
    }
    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.largest_read.fetch_max(buffer.len(), Ordering::Relaxed);
            let len = buffer.len().min(self.left);
            buffer[..len].fill(b'x');
            self.left -= len;
            Ok(len)
        }
    }
    let largest_read = Arc::new(AtomicUsize::new(0));
    let endless = Endless { left: 24 * RECORD_LIMIT, largest_read: Arc::clone(&largest_read) };
    let pace = Pace { threads: 2, chunk_size: 1 << 16 };
    let (events, counts) = read_from(endless, &commas(2, &[]), pace, |_| {});
    assert_eq!((events.len(), counts.rejected_lines, counts.physical()), (1, 1, 2));
    assert!(largest_read.load(Ordering::Relaxed) <= RECORD_LIMIT + 2, "{largest_read:?}");
}

/// Notes that are longer than several chunks and hold lines that look like records, of every length of terminator, so
/// that guesses are wrong and seams are read again.
#[test]
fn by_position_notes_longer_than_chunks_read_the_same() {
    let dialect = commas(3, &[1]);
    let note = |lines: usize, end: &str| format!("a,\"{}\",z{end}", format!("no, record{end}{end}").repeat(lines));
    let text: String = (0..400)
        .map(|at| match at % 5 {
            0 => note(at % 60, ["\n", "\r\n", "\r"][at % 3]),
            1 => format!("{at},b,c\r\n"),
            2 => format!("{at},b\n\n"),
            3 => format!("{at},\"b\",c\r"),
            _ => format!("{at},\"b,c\n"),
        })
        .collect();
    let expected = oracle::read(text.as_bytes(), START.line, START.offset, &dialect);
    for chunk_size in [1, 2, 10, 13, 64, 1000, 1024, 2048, 4096, 5000, 1 << 17] {
        for threads in [1, 2, 5] {
            let found = read_by_position(text.as_bytes(), &dialect, Pace { threads, chunk_size }, 3 * (threads % 2));
            assert!(found == expected, "{threads} threads, chunk size {chunk_size}");
        }
    }
}

/// A file that is shorter than when its length was asked for is never read as a short one; nor is a failing one.
#[test]
fn by_position_a_shorter_file_a_read_error_and_a_refusal_end_the_reading() {
    struct Broken;
    impl ReadAt for Broken {
        fn read_at(&self, _: &mut [u8], _: u64) -> io::Result<usize> {
            Err(io::Error::other("disk"))
        }
    }
    let dialect = commas(1, &[]);
    let start = Start { line: 1, offset: 0 };
    let bytes = b"1\n".repeat(5000);
    for threads in [1, 3] {
        let pace = Pace { threads, chunk_size: 1024 };
        let none = |_: u64| {};
        let text = Text { bytes: bytes.as_slice(), len: bytes.len() as u64 + 1, skips: &[0] };
        let changed = read_positions(&text, start, &dialect, pace, Transcript::default, none, |_| Ok::<(), ()>(()));
        assert!(matches!(changed, Err(WaveError::Changed)));
        let text = Text { bytes: &Broken, len: 10_000, skips: &[0] };
        let broken = read_positions(&text, start, &dialect, pace, Transcript::default, none, |_| Ok::<(), ()>(()));
        assert!(matches!(broken, Err(WaveError::Read(_))));
        let mut taken = 0;
        let refuse = |_| {
            taken += 1;
            if taken == 3 { Err("full") } else { Ok(()) }
        };
        let text = Text { bytes: bytes.as_slice(), len: bytes.len() as u64, skips: &[0] };
        let refused = read_positions(&text, start, &dialect, pace, Transcript::default, none, refuse);
        assert!(matches!(refused, Err(WaveError::Take("full"))));
        assert_eq!(taken, 3, "nothing is handed over after a refusal");
    }
}

#[test]
fn a_read_error_and_a_refusal_end_the_reading() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("disk"))
        }
    }
    let dialect = commas(1, &[]);
    let broken = b"1\n2\n3\n".chain(Broken);
    let start = Start { line: 1, offset: 0 };
    let pace = Pace { threads: 1, chunk_size: 1 };
    let result = read_waves(broken, start, &dialect, pace, Transcript::default, |_| {}, |_| Ok::<(), ()>(()));
    assert!(matches!(result, Err(WaveError::Read(_))));

    let mut taken = 0;
    let refuse = |_| {
        taken += 1;
        if taken == 3 { Err("full") } else { Ok(()) }
    };
    let input = b"1\n".repeat(100);
    let result = read_waves(io::Cursor::new(input), start, &dialect, pace, Transcript::default, |_| {}, refuse);
    assert!(matches!(result, Err(WaveError::Take("full"))));
    assert_eq!(taken, 3, "nothing is handed over after a refusal");
}

#[test]
fn a_refusal_does_not_wait_for_an_input_that_stalls() {
    /// Some bytes, and then nothing more until somebody lets go of the other end.
    struct Stalling(io::Cursor<Vec<u8>>, Arc<Mutex<Receiver<()>>>);
    impl Read for Stalling {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let read = self.0.read(buffer)?;
            if read == 0 {
                let _ = self.1.lock().unwrap().recv();
            }
            Ok(read)
        }
    }
    let (held, stalled) = channel::<()>();
    let input = Stalling(io::Cursor::new(b"1\n".repeat(10_000)), Arc::new(Mutex::new(stalled)));
    let (start, pace) = (Start { line: 1, offset: 0 }, Pace { threads: 1, chunk_size: 100 });
    let refuse = |_| Err("full");
    let result = read_waves(input, start, &commas(1, &[]), pace, Transcript::default, |_| {}, refuse);
    assert!(matches!(result, Err(WaveError::Take("full"))));
    drop(held);
}
