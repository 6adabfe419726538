//! Reads one export on one thread, without table or report: what framing, screening and assessment cost by instruction
//! counts. Run it below `valgrind --tool=callgrind`.

use std::fs::File;

use ivig_audit::intake::Layout;
use ivig_audit::rules::Rulebook;
use ivig_audit::scan::{Batch, Export, Pace, Tally};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("the export's file is wanted")?;
    let rulebook = Rulebook::open("aanem-2023")?;
    let export = Export::open(File::open(&file)?, &Layout::builtin()?)?;
    let as_of = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).ok_or("a day")?;
    let mut tally = Tally::default();
    let take = |batch: Batch| {
        tally += &batch.tally;
        Ok::<(), std::convert::Infallible>(())
    };
    export.scan(&rulebook, as_of, "export.csv", Pace::of(1), |_| {}, take)?;
    println!("{} in scope, out of scope: {:?}, rejected: {:?}", tally.in_scope, tally.out_of_scope, tally.rejected);
    Ok(())
}
