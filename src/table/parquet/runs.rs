//! Small whole numbers as Parquet stores them: levels, and the places of values in a dictionary.
//!
//! Numbers that repeat are stored once with their count, the others side by side in as many bits as the largest needs.

/// So many equal numbers are stored as one with its count.
const REPEATED: usize = 32;

/// Numbers are stored side by side in groups of eight, so that a group ends with a byte.
const GROUP: usize = 8;

/// A number of at most 32 bits.
pub(super) trait Small: Copy + PartialEq + Into<u32> {}
impl<N: Copy + PartialEq + Into<u32>> Small for N {}

/// How many bits a number needs, at least one.
pub(super) fn width(largest: u32) -> u32 {
    (u32::BITS - largest.leading_zeros()).max(1)
}

/// Adds numbers that need no more than `width` bits.
pub(super) fn write<N: Small>(out: &mut Vec<u8>, numbers: &[N], width: u32) {
    let mut rest = numbers;
    while let Some(first) = rest.first() {
        let equal = rest.iter().take_while(|number| *number == first).count();
        // What follows must begin a group, so that no group but the last is filled up.
        let repeated = if equal == rest.len() { equal } else { equal - equal % GROUP };
        if repeated >= REPEATED || repeated == rest.len() {
            write_repeated(out, (*first).into(), repeated, width);
            rest = &rest[repeated..];
            continue;
        }
        let mut apart = GROUP.min(rest.len());
        while apart < rest.len() && !begins_a_repetition(&rest[apart..]) {
            apart = (apart + GROUP).min(rest.len());
        }
        write_apart(out, &rest[..apart], width);
        rest = &rest[apart..];
    }
}

fn begins_a_repetition<N: Small>(numbers: &[N]) -> bool {
    numbers.get(..REPEATED).is_some_and(|run| run.iter().all(|number| *number == run[0]))
}

/// Adds one number that stands `count` times.
pub(super) fn write_repeated(out: &mut Vec<u8>, number: u32, count: usize, width: u32) {
    write_header(out, (count as u64) << 1);
    out.extend_from_slice(&number.to_le_bytes()[..width.div_ceil(8) as usize]);
}

fn write_apart<N: Small>(out: &mut Vec<u8>, numbers: &[N], width: u32) {
    let groups = numbers.len().div_ceil(GROUP);
    write_header(out, (groups as u64) << 1 | 1);
    let end = out.len() + groups * width as usize;
    let (mut held, mut bits) = (0_u64, 0);
    for number in numbers {
        held |= u64::from((*number).into()) << bits;
        bits += width;
        if bits >= 32 {
            out.extend_from_slice(&(held as u32).to_le_bytes());
            held >>= 32;
            bits -= 32;
        }
    }
    out.extend_from_slice(&(held as u32).to_le_bytes());
    // The last group is filled up with zeros; fewer bits than a word were held, so some of its bytes may be too many.
    out.resize(end, 0);
}

/// Seven bits to a byte, the lowest first.
fn write_header(out: &mut Vec<u8>, mut header: u64) {
    while header >= 0x80 {
        out.push(header as u8 | 0x80);
        header >>= 7;
    }
    out.push(header as u8);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The first `count` numbers, read as the format says.
    fn read(mut bytes: &[u8], width: u32, count: usize) -> Vec<u32> {
        let mut numbers = Vec::new();
        while numbers.len() < count {
            let (mut header, mut shift) = (0_u64, 0);
            loop {
                let byte = bytes[0];
                bytes = &bytes[1..];
                header |= u64::from(byte & 0x7f) << shift;
                shift += 7;
                if byte & 0x80 == 0 {
                    break;
                }
            }
            if header & 1 == 0 {
                let mut number = [0; 4];
                let size = width.div_ceil(8) as usize;
                number[..size].copy_from_slice(&bytes[..size]);
                bytes = &bytes[size..];
                numbers.extend(std::iter::repeat_n(u32::from_le_bytes(number), (header >> 1) as usize));
            } else {
                let (run, rest) = bytes.split_at((header >> 1) as usize * width as usize);
                bytes = rest;
                let bit = |at: usize| u32::from(run[at / 8] >> (at % 8) & 1);
                let number = |first: usize| (0..width as usize).map(|at| bit(first + at) << at).sum();
                numbers.extend((0..run.len() * 8).step_by(width as usize).map(number));
            }
        }
        assert!(bytes.is_empty(), "nothing is left over");
        assert!(numbers[count..].iter().all(|number| *number == 0), "only zeros fill a group up");
        numbers.truncate(count);
        numbers
    }

    #[test]
    fn a_width_is_that_of_the_largest_number() {
        assert_eq!([0, 1, 2, 3, 4, 255, 256, u32::MAX].map(width), [1, 1, 2, 2, 3, 8, 9, 32]);
    }

    #[test]
    fn what_repeats_is_stored_once() {
        let mut out = Vec::new();
        write(&mut out, &[1_u8; 1000], 1);
        assert_eq!(out, [0xd0, 0x0f, 1]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn numbers_come_back_as_they_were(
            width in 1_u32..=32,
            runs in proptest::collection::vec((any::<u32>(), prop_oneof![Just(1_usize), 1..100_usize]), 0..60),
        ) {
            let largest = u32::MAX >> (32 - width);
            let numbers: Vec<u32> =
                runs.iter().flat_map(|(number, count)| std::iter::repeat_n(number & largest, *count)).collect();
            let mut out = Vec::new();
            write(&mut out, &numbers, width);
            prop_assert_eq!(read(&out, width, numbers.len()), numbers);
        }
    }
}
