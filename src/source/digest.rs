//! BLAKE3 by parts: blocks are hashed wherever they are read, and put together in order.
//!
//! BLAKE3 is a tree over the bytes, so equal blocks that begin at multiples of their size are subtrees of it whatever
//! follows, and what several threads hashed is, merged, what `b3sum` prints.

use blake3::hazmat::{ChainingValue, HasherExt, Mode, merge_subtrees_non_root, merge_subtrees_root};
use blake3::{Hash, Hasher};

/// The smallest block: a chunk of BLAKE3. Any power of two of them is a block too.
pub const SMALLEST_BLOCK: usize = blake3::CHUNK_LEN;

/// The digest of one block.
#[derive(Debug, Clone, Copy)]
pub struct Block {
    inner: ChainingValue,
    /// What it is when no other block is there.
    alone: Hash,
}

impl Block {
    /// Hashes a block that begins at `offset` of what is hashed, a multiple of the size of all blocks but the last.
    ///
    /// # Panics
    /// If `offset` is no multiple of [`SMALLEST_BLOCK`].
    #[must_use]
    pub fn of(offset: u64, bytes: &[u8]) -> Self {
        let mut hasher = Hasher::new();
        hasher.set_input_offset(offset);
        hasher.update(bytes);
        let inner = hasher.finalize_non_root();
        // Only at the very beginning does a block have a digest of its own.
        let alone = if offset == 0 { hasher.finalize() } else { Hash::from_bytes(inner) };
        Self { inner, alone }
    }
}

/// The digest of all blocks so far.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// Subtrees that are whole, the largest first: one for each bit of the number of blocks in them.
    whole: Vec<ChainingValue>,
    blocks: u64,
    /// The last block, which is merged once it is known whether another one follows.
    last: Option<Block>,
}

impl Tree {
    /// Adds the next block. All but the last are of one size.
    pub fn push(&mut self, block: Block) {
        if let Some(before) = self.last.replace(block) {
            let mut subtree = before.inner;
            self.blocks += 1;
            for _ in 0..self.blocks.trailing_zeros() {
                if let Some(left) = self.whole.pop() {
                    subtree = merge_subtrees_non_root(&left, &subtree, Mode::Hash);
                }
            }
            self.whole.push(subtree);
        }
    }

    /// The digest of all that was hashed.
    #[must_use]
    pub fn digest(&self) -> Hash {
        let Some(last) = self.last else { return Hasher::new().finalize() };
        let Some((root, whole)) = self.whole.split_first() else { return last.alone };
        let right = whole.iter().rfold(last.inner, |right, left| merge_subtrees_non_root(left, &right, Mode::Hash));
        merge_subtrees_root(root, &right, Mode::Hash)
    }
}

#[cfg(test)]
mod tests {
    use super::{Block, SMALLEST_BLOCK, Tree};

    #[test]
    fn blocks_put_together_are_the_digest_of_the_whole() {
        let bytes: Vec<u8> = (0_u32..70 * 1024).map(|at| (at % 251) as u8).collect();
        for block in [SMALLEST_BLOCK, 4 * SMALLEST_BLOCK, 64 * SMALLEST_BLOCK] {
            let sizes = (0..=68).flat_map(|chunks| [chunks * 1024, chunks * 1024 + 1, chunks * 1024 + 1023]);
            for size in sizes {
                let bytes = &bytes[..size];
                let mut tree = Tree::default();
                for (nth, part) in bytes.chunks(block).enumerate() {
                    tree.push(Block::of((nth * block) as u64, part));
                }
                assert_eq!(tree.digest(), blake3::hash(bytes), "{size} bytes in blocks of {block}");
            }
        }
    }
}
