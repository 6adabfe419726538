//! Which sums can be worked out from others.
//!
//! A reader who holds some sums can work out exactly those that are combinations of them, however many tables they stand
//! in. So "can it be derived?" asks whether a vector lies in the span of others, and elimination answers it for all
//! tables at once, without a list of equations that somebody must keep complete.
//!
//! Rows are reduced as soon as something becomes known: what is left of each is what a reader still does not know of it.
//! An empty row is known. If one becomes known, exactly those others do that are multiples of it.
//!
//! Computed modulo a prime of 61 bits. A combination with whole or rational numbers is one modulo the prime as well, unless
//! the prime divides one of its denominators, which are determinants of small matrices of zeros and ones. The other way
//! round, a combination by chance would only withhold more.

/// A Mersenne prime, so that products reduce without division.
const PRIME: u64 = (1 << 61) - 1;

/// A sum over atoms: how often each is in it, by atom; what is not listed is not in it.
pub(super) type Sum = Vec<(usize, u64)>;

/// The sum of some atoms, each once.
pub(super) fn sum(atoms: &[usize]) -> Sum {
    atoms.iter().map(|atom| (*atom, 1)).collect()
}

/// That two sums are equal: a relation that every reader knows.
pub(super) fn difference(one: &Sum, other: &Sum) -> Sum {
    less(one, other, 1)
}

/// Sums of which some are known.
pub(super) struct Span {
    rows: Vec<Sum>,
    /// The rows that hold each atom, or held it once.
    holders: Vec<Vec<usize>>,
}

impl Span {
    /// These sums, none of which is known yet.
    pub(super) fn new(rows: Vec<Sum>) -> Self {
        let atoms = rows.iter().flatten().map(|(atom, _)| atom + 1).max().unwrap_or(0);
        let mut holders = vec![Vec::new(); atoms];
        for (number, row) in rows.iter().enumerate() {
            for (atom, _) in row {
                holders[*atom].push(number);
            }
        }
        Self { rows, holders }
    }

    /// Whether a reader can work it out.
    pub(super) fn is_known(&self, row: usize) -> bool {
        self.rows[row].is_empty()
    }

    /// Whether each of two sums gives the other one away.
    pub(super) fn tells(&self, one: usize, other: usize) -> bool {
        let (one, other) = (&self.rows[one], &self.rows[other]);
        if one.len() != other.len() {
            return false;
        }
        let Some(((_, of_one), (_, of_other))) = one.first().zip(other.first()) else { return false };
        let same = |((atom, value), (other_atom, other_value)): (&(usize, u64), &(usize, u64))| {
            atom == other_atom && product(*value, *of_other) == product(*other_value, *of_one)
        };
        one.iter().zip(other).all(same)
    }

    /// Makes a sum known, and with it all that follows.
    pub(super) fn learn(&mut self, row: usize) {
        let known = std::mem::take(&mut self.rows[row]);
        // The atom that the fewest rows hold: so the fewest are touched, and they stay short.
        let pivot = known.iter().min_by_key(|(atom, _)| (self.holders[*atom].len(), *atom));
        let Some((pivot, times)) = pivot.copied() else { return };
        let inverse = power(times, PRIME - 2);
        let mut holders = std::mem::take(&mut self.holders[pivot]);
        holders.sort_unstable();
        holders.dedup();
        for holder in holders {
            let Ok(at) = self.rows[holder].binary_search_by_key(&pivot, |(atom, _)| *atom) else { continue };
            let share = product(self.rows[holder][at].1, inverse);
            let left = less(&self.rows[holder], &known, share);
            for (atom, _) in &known {
                let had = self.rows[holder].binary_search_by_key(atom, |(atom, _)| *atom).is_ok();
                if *atom != pivot && !had {
                    self.holders[*atom].push(holder);
                }
            }
            self.rows[holder] = left;
        }
    }
}

/// One sum less `times` the other one.
fn less(from: &Sum, what: &Sum, times: u64) -> Sum {
    let mut left = Sum::with_capacity(from.len() + what.len());
    let (mut one, mut other) = (from.iter().peekable(), what.iter().peekable());
    loop {
        let (of_one, of_other) = (one.peek().map(|(atom, _)| *atom), other.peek().map(|(atom, _)| *atom));
        let Some(atom) = of_one.into_iter().chain(of_other).min() else { return left };
        let had = one.next_if(|(each, _)| *each == atom).map_or(0, |(_, value)| *value);
        let taken = other.next_if(|(each, _)| *each == atom).map_or(0, |(_, value)| product(*value, times));
        let value = (had + PRIME - taken) % PRIME;
        if value != 0 {
            left.push((atom, value));
        }
    }
}

fn product(one: u64, other: u64) -> u64 {
    let whole = u128::from(one) * u128::from(other);
    let folded = (whole & u128::from(PRIME)) as u64 + (whole >> 61) as u64;
    folded % PRIME
}

fn power(mut base: u64, mut exponent: u64) -> u64 {
    let mut result = 1;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = product(result, base);
        }
        base = product(base, base);
        exponent >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knowing(known: &[&[usize]], wanted: &[usize]) -> bool {
        let rows = known.iter().map(|atoms| sum(atoms)).chain([sum(wanted)]).collect();
        let mut span = Span::new(rows);
        (0..known.len()).for_each(|row| span.learn(row));
        span.is_known(known.len())
    }

    #[test]
    fn a_missing_part_is_the_whole_without_the_others() {
        assert!(!knowing(&[&[0, 1, 2], &[0]], &[1]));
        assert!(knowing(&[&[0, 1, 2], &[0], &[2]], &[1]));
        assert!(knowing(&[&[0, 1, 2], &[0]], &[1, 2]));
    }

    #[test]
    fn two_tables_give_away_what_none_of_them_does() {
        // Rows {0,1} and {2,3}, columns {0,2} and {1,3}: twice the first cell is row + column - whole + diagonal.
        let sides: [&[usize]; 4] = [&[0, 1], &[2, 3], &[0, 2], &[1, 3]];
        assert!(!knowing(&sides, &[0]));
        assert!(knowing(&[&sides[..], &[&[0, 3]]].concat(), &[0]));
    }

    #[test]
    fn a_relation_is_known_to_everybody() {
        let rows = vec![difference(&sum(&[0, 1]), &sum(&[2, 3])), sum(&[0]), sum(&[1]), sum(&[2]), sum(&[3])];
        let mut span = Span::new(rows);
        (0..3).for_each(|row| span.learn(row));
        assert!(!span.is_known(3) && !span.is_known(4) && span.tells(3, 4));
        span.learn(3);
        assert!(span.is_known(4));
    }
}
