//! A companion's record as it is kept: its filled cells and nothing else, in one piece of memory.

use crate::intake::binding::Column;

/// What a kept cell is: a column, or a key by its number among the layout's key names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tag {
    Column(Column),
    Key(usize),
}

/// How long a tag and a length are together.
const HEAD: usize = 6;

/// Keys are numbered after the columns.
const KEYS_FROM: u16 = 1 << 8;

impl Tag {
    fn number(self) -> u16 {
        match self {
            Self::Column(column) => column as u16,
            Self::Key(name) => KEYS_FROM.saturating_add(u16::try_from(name).unwrap_or(u16::MAX)),
        }
    }
}

/// The kept cells of one record, in the layout's order. Two records are equal when all that is kept of them is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptRecord(Box<[u8]>);

/// Collects the cells of a record.
#[derive(Debug, Default)]
pub(super) struct Builder(Vec<u8>);

impl Builder {
    pub fn push(&mut self, tag: Tag, cell: &[u8]) {
        // A record is at most 1 MiB, so the length fits.
        let length = u32::try_from(cell.len()).unwrap_or(u32::MAX);
        self.0.extend_from_slice(&tag.number().to_le_bytes());
        self.0.extend_from_slice(&length.to_le_bytes());
        self.0.extend_from_slice(cell);
    }

    pub fn finish(self) -> KeptRecord {
        KeptRecord(self.0.into_boxed_slice())
    }
}

/// A kept record where it lies, beside the others of its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct View<'r>(&'r [u8]);

impl KeptRecord {
    /// Puts the record behind others of its key, its length before it: many small records in one piece of memory.
    pub(super) fn append_to(&self, records: &mut Vec<u8>) {
        records.extend_from_slice(&u32::try_from(self.0.len()).unwrap_or(u32::MAX).to_le_bytes());
        records.extend_from_slice(&self.0);
    }

    pub(super) fn view(&self) -> View<'_> {
        View(&self.0)
    }
}

/// The records that were put behind each other.
pub(super) fn views(mut records: &[u8]) -> impl Iterator<Item = View<'_>> {
    std::iter::from_fn(move || {
        let (length, rest) = records.split_first_chunk::<4>()?;
        let (record, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        records = rest;
        Some(View(record))
    })
}

impl<'r> View<'r> {
    /// All cells with the numbers of their tags.
    fn cells(self) -> impl Iterator<Item = (u16, &'r [u8])> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let (head, after) = rest.split_at_checked(HEAD)?;
            let number = u16::from_le_bytes([head[0], head[1]]);
            let length = u32::from_le_bytes([head[2], head[3], head[4], head[5]]) as usize;
            let (cell, after) = after.split_at_checked(length)?;
            rest = after;
            Some((number, cell))
        })
    }

    /// All cells of one tag, in order.
    pub fn all(self, tag: Tag) -> impl Iterator<Item = &'r [u8]> {
        let wanted = tag.number();
        self.cells().filter(move |(number, _)| *number == wanted).map(|(_, cell)| cell)
    }

    /// The first cell of one tag.
    pub fn get(self, tag: Tag) -> Option<&'r [u8]> {
        self.all(tag).next()
    }

    /// The diagnoses: each code, which may be empty to hold a place, with the version that stands behind it.
    pub fn diagnoses(self) -> Vec<(&'r [u8], &'r [u8])> {
        let (code, version) = (Tag::Column(Column::Dx).number(), Tag::Column(Column::DxVersion).number());
        let mut diagnoses: Vec<(&'r [u8], &'r [u8])> = Vec::new();
        for (number, cell) in self.cells() {
            if number == code {
                diagnoses.push((cell, b""));
            } else if number == version
                && let Some(last) = diagnoses.last_mut()
            {
                last.1 = cell;
            }
        }
        diagnoses
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_back_as_they_were_put_in() {
        let mut builder = Builder::default();
        builder.push(Tag::Column(Column::Dx), b"A");
        builder.push(Tag::Column(Column::DxVersion), b"9");
        builder.push(Tag::Column(Column::Dx), b"");
        builder.push(Tag::Key(0), b"k");
        let kept = builder.finish();
        let mut together = Vec::new();
        kept.append_to(&mut together);
        kept.append_to(&mut together);
        let all: Vec<View<'_>> = views(&together).collect();
        assert_eq!(all, [kept.view(), kept.view()]);
        let record = all[1];
        assert_eq!(record.diagnoses(), [(&b"A"[..], &b"9"[..]), (b"", b"")]);
        assert_eq!(record.get(Tag::Key(0)), Some(&b"k"[..]));
        assert_eq!(record.get(Tag::Key(1)), None);
        assert_eq!(record.all(Tag::Column(Column::Dx)).count(), 2);
    }
}
