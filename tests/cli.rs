//! The program as an operator runs it: exit codes, messages, files, sums, and what it never shows.
#![cfg(feature = "table")]

#[path = "cli/command.rs"]
mod command;
#[expect(dead_code, reason = "exports of several files are made elsewhere")]
#[path = "../scripts/generate/export.rs"]
mod export;
#[path = "cli/published.rs"]
mod published;

/// The same totals in all five reports of a run.
#[path = "cli/agreement.rs"]
mod agreement;

/// Values planted in the demo exports: where they may be found, and where not.
#[path = "cli/canaries.rs"]
mod canaries;

/// `changes`, `--previous` and `--fail-on new`.
#[path = "cli/changes.rs"]
mod changes;

/// What one run over the demo exports publishes, and that the sums hold.
#[path = "cli/demo.rs"]
mod demo;

/// The same bytes for any number of threads, any chunk size, and from standard input.
#[path = "cli/determinism.rs"]
mod determinism;

/// Lines that files share.
#[path = "cli/duplicates.rs"]
mod duplicates;

/// Each way in which a run fails: its exit code, its message, and that nothing is published.
#[path = "cli/failures.rs"]
mod failures;

/// Header and trailer records, encodings, a missing header line: every physical line is accounted for.
#[path = "cli/files.rs"]
mod files;

/// The generated exports of several files, from the command line to each order's answer.
#[path = "cli/generated.rs"]
mod generated;

/// `--rules in-force`: the edition of each order's day, from the option to the reports.
#[path = "cli/in_force.rs"]
mod in_force;

/// `inspect` on files that no layout knows, and the layouts that it drafts.
#[path = "cli/inspect.rs"]
mod inspect;

/// Exports of several files: what is joined, counted, refused and said.
#[path = "cli/joins.rs"]
mod joins;

/// A run of 100,000 findings.
#[path = "cli/many_findings.rs"]
mod many_findings;

/// A run that is killed at any time leaves the old state or the new one, and the next run is whole.
#[path = "cli/killed.rs"]
mod killed;

/// `explain`, `inspect`, `rules`, `layouts`, `completions`, `man`.
#[path = "cli/other_commands.rs"]
mod other_commands;

/// Compressed and in other encodings: the same findings, told as what it is; cut, and nothing is published.
#[path = "cli/packed.rs"]
mod packed;

/// No value of any record in messages, page, summary, manifest or metrics.
#[path = "cli/privacy.rs"]
mod privacy;

/// Products named by NDC, by name, and by codes of every system.
#[path = "cli/products.rs"]
mod products;

/// `--pseudonym-key`: labels that stay, and a key that is written nowhere.
#[path = "cli/pseudonyms.rs"]
mod pseudonyms;

/// The README's examples, run as a reader types them.
#[path = "cli/readme.rs"]
mod readme;

/// Exports of several files, shuffled, parted and packed: the same results.
#[path = "cli/rearranged.rs"]
mod rearranged;

/// `report`: the same reports from stored assessments.
#[path = "cli/report_command.rs"]
mod report_command;

/// A site's own rules over the shipped ones, and `rules diff`.
#[path = "cli/site_rules.rs"]
mod site_rules;

/// What exports get wrong most easily: each trap by its name.
#[path = "cli/traps.rs"]
mod traps;
