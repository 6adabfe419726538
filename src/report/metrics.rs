//! `metrics.prom`, in the form that `node_exporter` reads from a text file.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::manifest::{Counts, Program, Ruleset};

/// What the operator's monitoring is told. With the manifest, the only output
/// that holds a clock.
#[derive(Debug, Clone, Copy)]
pub struct Metrics<'run> {
    /// What the scan counted.
    pub counts: &'run Counts,
    /// The ruleset that decided.
    pub ruleset: &'run Ruleset,
    /// The program that ran.
    pub program: &'run Program,
    /// End of the run, seconds since 1970 in UTC.
    pub finished: u64,
    /// Duration of the run in milliseconds.
    pub milliseconds: u64,
}

/// The text of `metrics.prom`.
#[must_use]
pub fn render(metrics: &Metrics<'_>) -> String {
    let (records, orders) = (&metrics.counts.records, &metrics.counts.orders);
    let outcomes = BTreeMap::from([
        ("in_scope".to_owned(), records.in_scope),
        ("out_of_scope".to_owned(), records.out_of_scope_total()),
        ("rejected".to_owned(), records.rejected_total()),
    ]);
    let mut text = String::new();
    family(&mut text, "records", "Records of the last run by outcome.", "outcome", &outcomes);
    let help = "Records out of scope in the last run by reason.";
    family(&mut text, "records_out_of_scope", help, "reason", &records.out_of_scope);
    let help = "Records that could not be read in the last run by reason.";
    family(&mut text, "records_rejected", help, "reason", &records.rejected);
    let help = "In-scope orders of the last run by determination.";
    family(&mut text, "orders", help, "determination", &orders.by_determination);
    let help = "In-scope orders of the last run by flag (a prompt for a clinician's review).";
    family(&mut text, "orders_by_flag", help, "flag", &orders.by_flag);
    head(&mut text, "last_success_timestamp_seconds", "End of the last published run.");
    let _ = writeln!(text, "ivig_audit_last_success_timestamp_seconds {}", metrics.finished);
    head(&mut text, "run_duration_seconds", "Duration of the last published run.");
    let (seconds, rest) = (metrics.milliseconds / 1000, metrics.milliseconds % 1000);
    let _ = writeln!(text, "ivig_audit_run_duration_seconds {seconds}.{rest:03}");
    head(&mut text, "build_info", "The program and ruleset of the last published run.");
    let (version, ruleset) = (escaped(&metrics.program.version), escaped(&metrics.ruleset.label()));
    let _ = writeln!(text, "ivig_audit_build_info{{version=\"{version}\",ruleset=\"{ruleset}\"}} 1");
    text
}

fn head(text: &mut String, name: &str, help: &str) {
    let _ = writeln!(text, "# HELP ivig_audit_{name} {help}\n# TYPE ivig_audit_{name} gauge");
}

/// One gauge with one label. A family without any value is left out.
fn family(text: &mut String, name: &str, help: &str, label: &str, values: &BTreeMap<String, u64>) {
    if values.is_empty() {
        return;
    }
    head(text, name, help);
    for (value, number) in values {
        let _ = writeln!(text, "ivig_audit_{name}{{{label}=\"{}\"}} {number}", escaped(value));
    }
}

/// A label value in the exposition format.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Records;

    #[test]
    fn the_text_is_in_the_exposition_format() {
        let counts = Counts {
            records: Records {
                read: 3,
                in_scope: 2,
                rejected: [("a\"b\\c\n".to_owned(), 1)].into(),
                ..Records::default()
            },
            ..Counts::default()
        };
        let ruleset = Ruleset { id: "r".to_owned(), version: "1".to_owned(), digest: String::new() };
        let program = Program { name: "p".to_owned(), version: "0.1.0".to_owned(), digest: None };
        let metrics =
            Metrics { counts: &counts, ruleset: &ruleset, program: &program, finished: 17, milliseconds: 1_005 };
        let text = render(&metrics);
        assert!(text.contains("ivig_audit_records{outcome=\"in_scope\"} 2\n"));
        assert!(text.contains("ivig_audit_records_rejected{reason=\"a\\\"b\\\\c\\n\"} 1\n"));
        assert!(text.contains("ivig_audit_run_duration_seconds 1.005\n"));
        assert!(text.contains("ivig_audit_build_info{version=\"0.1.0\",ruleset=\"r@1\"} 1\n"));
        assert!(text.lines().all(|line| line.starts_with("# ") || line.starts_with("ivig_audit_")));
        assert!(text.ends_with('\n') && !text.contains("orders_by_flag"));
    }
}
