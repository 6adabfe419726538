//! The account of a run: what the scan counted, held against what was written and read again.

use std::collections::BTreeMap;

use crate::manifest::{self, Counts, Lines, Orders, Reconciliation, Records, Sums as SumsText};
use crate::scan::{CompanionTally, LineCounts, Tally};
use crate::summary::Summary;
use crate::table::Sums;
use crate::table::decimal::{MONEY_PLACES, UNIT_PLACES, plain};

/// What was counted over all inputs.
#[derive(Debug, Default)]
pub(super) struct Account {
    pub tally: Tally,
    pub lines: LineCounts,
    /// Physical lines as counted from the bytes alone.
    pub lines_seen: u64,
    /// Companions, by the word under which the manifest names them.
    pub companions: BTreeMap<String, CompanionAccount>,
    /// Orders and records that were kept until the companions were read.
    pub kept: Option<KeptAccount>,
}

/// What was kept of the lines, before companions were read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct KeptAccount {
    pub records: u64,
    pub orders: u64,
}

/// What was counted over the files of one companion.
#[derive(Debug, Default)]
pub(super) struct CompanionAccount {
    pub files: u64,
    pub again: bool,
    pub tally: CompanionTally,
    pub lines: LineCounts,
    pub lines_seen: u64,
    pub sought: manifest::Sought,
}

impl CompanionAccount {
    fn counts(&self) -> manifest::Companion {
        let moved = self.tally.lines_rejected_by_intake;
        manifest::Companion {
            files: self.files,
            again: self.again,
            records: self.lines.all_records(),
            kept: self.tally.kept,
            other: self.tally.other,
            not_counted: self.tally.not_counted,
            rejected: self.tally.rejected.iter().map(|(reason, count)| ((*reason).to_owned(), *count)).collect(),
            lines: Lines {
                read: self.lines_seen,
                header: self.lines.header,
                blank: self.lines.blank,
                records: self.lines.record_lines.saturating_sub(moved),
                rejected: self.lines.rejected_lines + moved,
            },
            orders: self.sought.clone(),
        }
    }
}

/// What the writers say they wrote.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written {
    pub table_rows: u64,
    pub findings: u64,
    pub rejected: u64,
    pub rejected_lines: u64,
}

fn money(sum: Option<i128>) -> Option<String> {
    sum.map(|minor| plain(minor, MONEY_PLACES))
}

fn quantity(sum: Option<i128>) -> Option<String> {
    sum.map(|minor| plain(minor, UNIT_PLACES))
}

/// Sums as a manifest carries them.
pub(super) fn in_words(sums: &Sums) -> SumsText {
    SumsText {
        units: quantity(sums.units),
        grams: quantity(sums.grams),
        billed: money(sums.billed),
        allowed: money(sums.allowed),
        paid: money(sums.paid),
    }
}

impl Account {
    /// The counts as the manifest carries them.
    pub fn counts(&self) -> Counts {
        let (tally, lines) = (&self.tally, &self.lines);
        let moved = tally.lines_rejected_by_intake;
        Counts {
            lines: Lines {
                read: self.lines_seen,
                header: lines.header,
                blank: lines.blank,
                records: lines.record_lines.saturating_sub(moved),
                rejected: lines.rejected_lines + moved,
            },
            records: Records {
                read: lines.all_records(),
                in_scope: tally.in_scope,
                out_of_scope: tally
                    .out_of_scope
                    .iter()
                    .map(|(reason, count)| (reason.as_str().to_owned(), *count))
                    .collect(),
                rejected: tally.rejected.iter().map(|(reason, count)| ((*reason).to_owned(), *count)).collect(),
            },
            orders: Orders {
                total: tally.orders(),
                by_determination: tally
                    .by_determination
                    .iter()
                    .map(|(answer, count)| (answer.as_str().to_owned(), *count))
                    .collect(),
                by_flag: tally.by_flag.iter().map(|(flag, count)| (flag.as_str().to_owned(), *count)).collect(),
            },
            sums: in_words(&tally.sums),
            companions: self.companions.iter().map(|(role, each)| (role.clone(), each.counts())).collect(),
        }
    }

    /// Every sum that must hold, each between two figures that were made independently.
    pub fn reconcile(&self, counts: &Counts, summary: &Summary, written: Written) -> Reconciliation {
        let mut sums = Reconciliation::of(counts);
        sums.require(
            "framing and intake count the same records",
            ("framing", self.lines.all_records()),
            ("intake", self.tally.records()),
        );
        sums.require(
            "every order is a row of the table",
            ("scan", counts.orders.total),
            ("rows written", written.table_rows),
        );
        sums.require(
            "the table as read again holds every order",
            ("scan", counts.orders.total),
            ("table", summary.totals.orders),
        );
        for (answer, count) in &counts.orders.by_determination {
            sums.require(
                &format!("orders that are {answer}"),
                ("scan", *count),
                ("table", summary.orders_determined(answer)),
            );
        }
        for (flag, count) in &counts.orders.by_flag {
            sums.require(
                &format!("orders with flag {flag}"),
                ("scan", *count),
                ("table", summary.orders_flagged(flag)),
            );
        }
        let findings = summary.orders_flagged("flagged") + summary.orders_flagged("review");
        sums.require("every finding is listed", ("table", findings), ("findings.csv", written.findings));
        sums.require(
            "every rejection is listed",
            ("scan", counts.rejections_listed()),
            ("rejected.csv", written.rejected),
        );
        sums.require(
            "every line of a rejected record is listed",
            ("scan", counts.rejected_lines_listed()),
            ("rejected.csv", written.rejected_lines),
        );
        if let Some(kept) = self.kept {
            sums.require(
                "every record that was kept for joining is in scope",
                ("kept", kept.records),
                ("in scope", counts.records.in_scope),
            );
            sums.require("joining loses no order", ("kept", kept.orders), ("assessed", counts.orders.total));
        }
        let table = in_words(&summary.sums);
        let pairs = [
            ("units", &counts.sums.units, table.units),
            ("grams", &counts.sums.grams, table.grams),
            ("billed", &counts.sums.billed, table.billed),
            ("allowed", &counts.sums.allowed, table.allowed),
            ("paid", &counts.sums.paid, table.paid),
        ];
        for (name, scan, table) in pairs {
            sums.require(&format!("sum of {name}"), ("scan", scan.clone()), ("table", table));
        }
        sums
    }
}
