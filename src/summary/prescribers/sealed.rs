//! An id that is carried past those who must not print it.

use std::fmt::{Debug, Formatter};

/// The id of a prescriber or site as the export has it.
///
/// It cannot be displayed, serialised or printed for debugging, so it gets into no page, summary, message or log by
/// accident. Only what the auditor alone reads may open it; a test looks at who does.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SealedId(String);

impl SealedId {
    /// Seals an id.
    #[must_use]
    pub fn new(id: &str) -> Self {
        Self(id.to_owned())
    }

    /// The id, for files that only the auditor reads, and for keyed pseudonyms.
    #[must_use]
    pub fn open_for_auditor(&self) -> &str {
        &self.0
    }
}

impl Debug for SealedId {
    fn fmt(&self, out: &mut Formatter<'_>) -> std::fmt::Result {
        out.write_str("SealedId")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_id_is_not_printed() {
        assert_eq!(format!("{:?}", SealedId::new("1234567890")), "SealedId");
    }
}
