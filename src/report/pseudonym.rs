//! Names under which somebody can be followed on a shared page without being named.
//!
//! A plain digest of an id is no pseudonym: whoever has a list of ids, and prescribers' ids are public, digests them all
//! and looks up. So labels are made with a key that only the site has: HMAC-SHA-256 over the kind of id and the id,
//! of which 60 bits are printed. With the same key the same id has the same label in every run; with another one there is
//! nothing to compare. Labels of different kinds have nothing in common, even if the ids are equal.
//!
//! 60 bits: among a million ids of one kind, two share a label with a probability below 1 in 2 million; among ten
//! million, 1 in 23,000.
//!
//! The key is in no file and no message. Its own [`PseudonymKey::id`] is: two runs with the same have comparable labels.

use std::collections::HashSet;
use std::fmt::{Debug, Formatter};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::summary::{Peers, Summary};

/// The fewest bytes that a key may have: as many as the MAC has.
pub const MIN_KEY: usize = 32;

/// The most bytes that a key may have; a longer file is not a key.
pub const MAX_KEY: usize = 4096;

/// A key has at least so many different bytes. One made at random has, with all but certainty.
const MIN_DIFFERENT: usize = 8;

/// Digits and letters without those that look like another one: no I, L, O and U.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Letters of a label, five bits each.
const LABEL: u32 = 12;

/// Letters that stand together in a label.
const GROUP: u32 = 4;

/// What is pseudonymised. An id of one kind says nothing about the same text as an id of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A patient.
    Patient,
    /// A prescriber.
    Prescriber,
    /// A site.
    Site,
}

impl Kind {
    /// What is authenticated before the id; for ever, or labels of two editions could not be compared.
    fn domain(self) -> &'static [u8] {
        match self {
            Self::Patient => b"ivig-audit pseudonym 1 patient\0",
            Self::Prescriber => b"ivig-audit pseudonym 1 prescriber\0",
            Self::Site => b"ivig-audit pseudonym 1 site\0",
        }
    }
}

/// What is authenticated for the id of the key. It is no prefix of a domain of [`Kind`], nor the other way round.
const KEY_ID: &[u8] = b"ivig-audit id of the pseudonym key 1\0";

/// Why bytes are no key. Says nothing of what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Too few.
    #[error("a pseudonym key has at least {MIN_KEY} bytes")]
    TooShort,
    /// Too many.
    #[error("a pseudonym key has at most {MAX_KEY} bytes")]
    TooLong,
    /// Always the same few.
    #[error("a pseudonym key is made at random, and these bytes are not")]
    NotRandom,
}

/// A site's key. It is not displayed, serialised or printed for debugging.
#[derive(Clone)]
pub struct PseudonymKey(Hmac<Sha256>);

impl Debug for PseudonymKey {
    fn fmt(&self, out: &mut Formatter<'_>) -> std::fmt::Result {
        out.write_str("PseudonymKey")
    }
}

impl PseudonymKey {
    /// The key of these bytes, all of which count, a line end too.
    ///
    /// # Errors
    /// [`KeyError`] if they are too few, too many or were not made at random.
    pub fn new(bytes: &[u8]) -> Result<Self, KeyError> {
        match bytes.len() {
            ..MIN_KEY => return Err(KeyError::TooShort),
            MIN_KEY..=MAX_KEY => {}
            _ => return Err(KeyError::TooLong),
        }
        if bytes.iter().collect::<HashSet<_>>().len() < MIN_DIFFERENT {
            return Err(KeyError::NotRandom);
        }
        // The MAC takes keys of any length.
        Hmac::new_from_slice(bytes).map(Self).map_err(|_| KeyError::TooLong)
    }

    /// The label of an id, for example `7Q2M-0ZKD-W4TB`.
    #[must_use]
    pub fn label(&self, kind: Kind, id: &str) -> String {
        let bits = self.mac(kind.domain(), id.as_bytes());
        let mut label = String::new();
        for place in 0..LABEL {
            if place > 0 && place % GROUP == 0 {
                label.push('-');
            }
            let letter = (bits >> (59 - place * 5)) & 31;
            label.push(char::from(LETTERS[letter as usize]));
        }
        label
    }

    /// By which it is told that two runs had the same key: eight hexadecimal digits, made with the key itself, from which
    /// it cannot be worked out.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{:08x}", self.mac(KEY_ID, &[]) >> 32)
    }

    /// Names prescribers and sites of a summary by their pseudonyms.
    pub fn name(&self, summary: &mut Summary) {
        let named = |peers: &mut Peers, kind, what| {
            for peer in &mut peers.listed {
                peer.label = format!("{what} {}", self.label(kind, peer.id.open_for_auditor()));
            }
        };
        named(&mut summary.prescribers, Kind::Prescriber, "Prescriber");
        named(&mut summary.sites, Kind::Site, "Site");
    }

    /// The first 64 bits of the MAC over both.
    fn mac(&self, domain: &[u8], text: &[u8]) -> u64 {
        let mut mac = self.0.clone();
        mac.update(domain);
        mac.update(text);
        mac.finalize().into_bytes().iter().take(8).fold(0, |bits, byte| (bits << 8) | u64::from(*byte))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn key(start: u8) -> PseudonymKey {
        PseudonymKey::new(&(start..start + 40).collect::<Vec<u8>>()).unwrap()
    }

    fn unhex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }

    /// RFC 4231, sections 4.2 to 4.8; of the fifth only 128 bits are given.
    #[test]
    fn the_mac_is_that_of_rfc_4231() {
        let cases: [(Vec<u8>, Vec<u8>, &str); 7] = [
            (vec![0x0b; 20], b"Hi There".to_vec(), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (
                b"Jefe".to_vec(),
                b"what do ya want for nothing?".to_vec(),
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (vec![0xaa; 20], vec![0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
            (
                unhex("0102030405060708090a0b0c0d0e0f10111213141516171819"),
                vec![0xcd; 50],
                "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
            ),
            (vec![0x0c; 20], b"Test With Truncation".to_vec(), "a3b6167473100ee06e0c796c2955552b"),
            (
                vec![0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First".to_vec(),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
            (
                vec![0xaa; 131],
                b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.".to_vec(),
                "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
            ),
        ];
        for (key, text, expected) in cases {
            let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
            mac.update(&text);
            assert!(mac.finalize().into_bytes().starts_with(&unhex(expected)), "{expected}");
        }
    }

    #[test]
    fn a_label_depends_on_key_and_kind_and_on_nothing_else() {
        let kinds = [Kind::Patient, Kind::Prescriber, Kind::Site];
        let labels = |key: &PseudonymKey| kinds.map(|kind| key.label(kind, "1234567890"));
        let (one, other) = (labels(&key(1)), labels(&key(2)));
        let all: BTreeSet<&String> = one.iter().chain(&other).collect();
        assert_eq!(all.len(), 6, "{all:?}");
        assert_eq!(one, labels(&key(1)), "the same in every run");
        assert_eq!(key(1).id(), key(1).id());
        assert_ne!(key(1).id(), key(2).id());
        let plain = blake3::hash(b"1234567890").to_hex().to_string().to_uppercase();
        assert!(one.iter().all(|label| !plain.starts_with(&label[..4])));
    }

    /// So that labels of this edition and of later ones can be compared. Worked out with another program, Python's `hmac`.
    #[test]
    fn labels_are_for_ever() {
        assert_eq!(key(1).label(Kind::Patient, "P1"), "6207-7M0J-7CFG");
        assert_eq!(key(1).label(Kind::Prescriber, "P1"), "1ZG7-NXP4-PTZQ");
        assert_eq!(key(1).id(), "c4e44ffc");
    }

    #[test]
    fn a_label_is_twelve_letters_none_of_which_looks_like_another() {
        let key = key(1);
        let labels: BTreeSet<String> = (0..5_000).map(|id| key.label(Kind::Patient, &id.to_string())).collect();
        assert_eq!(labels.len(), 5_000);
        let letters: BTreeSet<char> = labels.iter().flat_map(|label| label.chars()).collect();
        assert_eq!(letters.len(), 33, "32 letters and the dash");
        assert!(letters.is_disjoint(&"ILOUilo".chars().collect()));
        assert!(labels.iter().all(|label| label.len() == 14 && label.split('-').all(|group| group.len() == 4)));
    }

    #[test]
    fn what_is_too_short_too_long_or_not_random_is_no_key() {
        let random = |length: usize| (0..length).map(|at| (at * 37 % 251) as u8).collect::<Vec<u8>>();
        assert_eq!(PseudonymKey::new(&random(31)).unwrap_err(), KeyError::TooShort);
        assert_eq!(PseudonymKey::new(&random(4097)).unwrap_err(), KeyError::TooLong);
        assert_eq!(PseudonymKey::new(&[0; 32]).unwrap_err(), KeyError::NotRandom);
        assert!(PseudonymKey::new(&random(32)).is_ok() && PseudonymKey::new(&random(4096)).is_ok());
    }

    #[test]
    fn a_key_is_not_printed() {
        assert_eq!(format!("{:?}", key(1)), "PseudonymKey");
    }
}
