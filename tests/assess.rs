//! What the audit says of one order: worked cases, the statement clause by clause, a brute-force oracle for
//! the govern step, properties that must hold for any order, and the sentences that people read.

#[path = "assess/bench.rs"]
mod bench;
#[path = "assess/cases.rs"]
mod cases;
#[path = "assess/cases_of_text.rs"]
mod cases_of_text;
#[path = "assess/icd9.rs"]
mod icd9;
#[path = "assess/limits.rs"]
mod limits;
#[path = "assess/oracle.rs"]
mod oracle;
#[path = "assess/properties.rs"]
mod properties;
#[path = "assess/sentences.rs"]
mod sentences;
#[path = "assess/statement.rs"]
mod statement;
#[path = "assess/windows.rs"]
mod windows;
