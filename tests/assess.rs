//! What the audit says of one order: worked cases, the statement clause by clause, a brute-force oracle for
//! the govern step, properties that must hold for any order, and the sentences that people read.

#[path = "assess/age.rs"]
mod age;
#[path = "assess/asked_for.rs"]
mod asked_for;
#[path = "assess/bench.rs"]
mod bench;
#[path = "assess/cases.rs"]
mod cases;
#[path = "assess/cases_of_text.rs"]
mod cases_of_text;
#[path = "assess/generated.rs"]
mod generated;
#[path = "assess/icd9.rs"]
mod icd9;
#[path = "assess/limits.rs"]
mod limits;
#[path = "assess/oracle.rs"]
mod oracle;
#[path = "assess/pool.rs"]
mod pool;
#[path = "assess/products.rs"]
mod products;
#[path = "assess/properties.rs"]
mod properties;
#[path = "assess/sentences.rs"]
mod sentences;
#[path = "assess/statement.rs"]
mod statement;
#[path = "assess/statement_2009.rs"]
mod statement_2009;
#[path = "assess/unchanged.rs"]
mod unchanged;
#[path = "assess/variants.rs"]
mod variants;
#[path = "assess/windows.rs"]
mod windows;
#[path = "assess/would_change.rs"]
mod would_change;
