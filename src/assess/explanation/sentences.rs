//! Sentences one behind the other in one text, to the first and the last of which a clause may still be added.

/// The sentences of a reason as they are written, one behind the other in one text.
pub(super) struct Sentences<'a> {
    out: &'a mut String,
    number: usize,
    /// Where the first of them begins and ends.
    first: Option<(usize, usize)>,
    /// Where the last of them begins.
    last: usize,
}

impl<'a> Sentences<'a> {
    /// No sentence yet, in a text that they are added to.
    pub fn into(out: &'a mut String) -> Self {
        Self { out, number: 0, first: None, last: 0 }
    }

    /// How many there are.
    pub fn number(&self) -> usize {
        self.number
    }

    /// Adds a sentence.
    pub fn push(&mut self, write: impl FnOnce(&mut String)) {
        if self.number > 0 {
            self.out.push(' ');
        }
        let from = self.out.len();
        self.last = from;
        write(self.out);
        if self.number == 0 {
            self.first = Some((from, self.out.len()));
        }
        self.number += 1;
    }

    /// Adds a sentence to the first as a further clause.
    pub fn append_to_first(&mut self, write: impl FnOnce(&mut String)) {
        let Some((from, to)) = self.first else { return };
        let rest = self.out.split_off(to);
        append(self.out, from, write);
        self.first = Some((from, self.out.len()));
        self.out.push_str(&rest);
    }

    /// Adds a sentence to the last as a further clause.
    pub fn append_to_last(&mut self, write: impl FnOnce(&mut String)) {
        append(self.out, self.last, write);
    }
}

/// Adds a sentence to the one that begins at `from` and ends the text, as a further clause.
fn append(out: &mut String, from: usize, write: impl FnOnce(&mut String)) {
    without_stop(out, from);
    out.push_str("; ");
    let clause = out.len();
    write(out);
    let Some(head) = out[clause..].chars().next() else { return };
    let lower: String = head.to_lowercase().collect();
    out.replace_range(clause..clause + head.len_utf8(), &lower);
}

/// Takes the full stops off the end of what begins at `from`.
pub(super) fn without_stop(out: &mut String, from: usize) {
    let kept = out[from..].trim_end_matches('.').len();
    out.truncate(from + kept);
}

#[cfg(test)]
mod tests {
    use super::Sentences;

    #[test]
    fn a_clause_is_added_behind_the_first_or_the_last_and_takes_its_stop_and_capital() {
        let mut text = "Before: ".to_owned();
        let mut sentences = Sentences::into(&mut text);
        sentences.append_to_first(|out| out.push_str("Nothing is there yet."));
        sentences.push(|out| out.push_str("One..."));
        sentences.push(|out| out.push_str("Two."));
        sentences.append_to_first(|out| out.push_str("Älter."));
        sentences.push(|out| out.push_str("Three."));
        sentences.append_to_last(|out| out.push_str("Four."));
        assert_eq!(sentences.number(), 3);
        assert_eq!(text, "Before: One; älter. Two. Three; four.");
    }
}
