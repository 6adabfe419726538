//! Numbered pieces of work, done by all threads and taken in order by the calling one.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rayon::ThreadPoolBuildError;

use super::wave::threads;

/// How many pieces may be begun beyond the one that is taken next, for each thread: enough that one slow piece does not
/// leave the others waiting, and so few that what is not yet taken stays small.
const AHEAD_PER_THREAD: u64 = 4;

/// What the calling thread does next.
enum Turn<P> {
    Take(P),
    Work(u64),
    End,
}

struct State<P> {
    /// How many pieces were begun, and how many were taken.
    begun: u64,
    taken: u64,
    /// What is done, from the piece that is taken next on.
    done: VecDeque<Option<P>>,
    over: bool,
}

struct Turns<P> {
    pieces: u64,
    ahead: u64,
    state: Mutex<State<P>>,
    /// Another piece may be begun.
    may_begin: Condvar,
    /// The piece that is taken next is done.
    is_done: Condvar,
}

impl<P> Turns<P> {
    fn new(pieces: u64, threads: usize) -> Self {
        let ahead = if threads == 1 { 1 } else { AHEAD_PER_THREAD * threads as u64 };
        let state = State { begun: 0, taken: 0, done: VecDeque::new(), over: false };
        Self { pieces, ahead, state: Mutex::new(state), may_begin: Condvar::new(), is_done: Condvar::new() }
    }

    /// A panic of another thread leaves the state whole: nothing that may panic runs under the lock.
    fn state(&self) -> MutexGuard<'_, State<P>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, state: &mut State<P>) -> Option<u64> {
        let may = state.begun < self.pieces && state.begun < state.taken + self.ahead;
        may.then(|| {
            state.done.push_back(None);
            state.begun += 1;
            state.begun - 1
        })
    }

    /// The next piece for a thread that only works; `None` when there will be none.
    fn work(&self) -> Option<u64> {
        let mut state = self.state();
        loop {
            if state.over || state.begun == self.pieces {
                return None;
            }
            if let Some(piece) = self.begin(&mut state) {
                return Some(piece);
            }
            state = self.may_begin.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn done(&self, piece: u64, what: P) {
        let mut state = self.state();
        let at = (piece - state.taken) as usize;
        state.done[at] = Some(what);
        if at == 0 {
            self.is_done.notify_one();
        }
    }

    /// What the calling thread does: it takes what is done, or else works, or else waits.
    fn next(&self) -> Turn<P> {
        let mut state = self.state();
        loop {
            if state.over || state.taken == self.pieces {
                return Turn::End;
            }
            if let Some(done) = state.done.front_mut().and_then(Option::take) {
                state.done.pop_front();
                state.taken += 1;
                self.may_begin.notify_one();
                return Turn::Take(done);
            }
            if let Some(piece) = self.begin(&mut state) {
                return Turn::Work(piece);
            }
            state = self.is_done.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn end(&self) {
        self.state().over = true;
        self.may_begin.notify_all();
        self.is_done.notify_all();
    }
}

/// Lets no thread wait for another one that has left, be it by an error or a panic.
struct Ending<'a, P> {
    turns: &'a Turns<P>,
    is_caller: bool,
}

impl<P> Drop for Ending<'_, P> {
    fn drop(&mut self) {
        if self.is_caller || std::thread::panicking() {
            self.turns.end();
        }
    }
}

/// Does `pieces` of work on `count` threads, of which the calling one is one, and takes what they gave in order, on the
/// calling thread. Each thread has a tool of its own, the calling one for taking too. Ends with the first refusal.
pub(super) fn in_turn<P: Send, W: Default, E>(
    count: usize,
    pieces: u64,
    work: impl Fn(u64, &mut W) -> P + Sync,
    mut take: impl FnMut(P, &mut W) -> Result<(), E>,
) -> Result<Result<(), E>, ThreadPoolBuildError> {
    let count = usize::try_from(pieces).unwrap_or(usize::MAX).clamp(1, count);
    let turns = Turns::new(pieces, count);
    let mut calling = || {
        let ending = Ending { turns: &turns, is_caller: true };
        let mut tool = W::default();
        loop {
            match ending.turns.next() {
                Turn::Take(done) => take(done, &mut tool)?,
                Turn::Work(piece) => turns.done(piece, work(piece, &mut tool)),
                Turn::End => return Ok(()),
            }
        }
    };
    if count == 1 {
        return Ok(calling());
    }
    let working = || {
        let ending = Ending { turns: &turns, is_caller: false };
        let mut tool = W::default();
        while let Some(piece) = ending.turns.work() {
            turns.done(piece, work(piece, &mut tool));
        }
    };
    Ok(threads(count - 1)?.in_place_scope(|scope| {
        for _ in 1..count {
            scope.spawn(|_| working());
        }
        calling()
    }))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::in_turn;

    #[test]
    fn every_piece_is_taken_once_and_in_order() {
        for count in [1, 2, 7] {
            for pieces in [0, 1, 2, 100] {
                let mut taken = Vec::new();
                let take = |piece: u64, (): &mut ()| -> Result<(), ()> {
                    taken.push(piece);
                    Ok(())
                };
                in_turn(count, pieces, |piece, (): &mut ()| piece, take).expect("threads").expect("no refusal");
                assert_eq!(taken, (0..pieces).collect::<Vec<_>>(), "{count} threads");
            }
        }
    }

    #[test]
    fn what_is_not_taken_stays_bounded_and_a_refusal_ends_the_work() {
        for count in [1, 2, 5] {
            let begun = AtomicU64::new(0);
            let work = |piece, (): &mut ()| {
                begun.fetch_add(1, Ordering::Relaxed);
                piece
            };
            let mut taken = 0;
            let refuse = |piece, (): &mut ()| {
                std::thread::sleep(std::time::Duration::from_millis(1));
                taken += 1;
                if piece == 20 { Err("full") } else { Ok(()) }
            };
            assert_eq!(in_turn(count, 1_000_000, work, refuse).expect("threads"), Err("full"));
            assert_eq!(taken, 21, "nothing is taken after a refusal");
            assert!(begun.load(Ordering::Relaxed) <= 21 + 4 * count as u64 + 1, "{begun:?} begun");
        }
    }

    #[test]
    fn a_panic_of_one_thread_leaves_none_waiting() {
        for (count, at) in [(1, 3), (2, 0), (3, 50)] {
            let work = |piece: u64, (): &mut ()| assert!(piece != at, "a bug");
            let outcome =
                std::panic::catch_unwind(|| in_turn(count, 100, work, |(), (): &mut ()| Ok::<(), ()>(())).is_ok());
            assert!(outcome.is_err(), "{count} threads");
        }
    }
}
