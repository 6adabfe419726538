//! The shipped rulesets: they load, and every example in them holds.
use ivig_audit::assess::check::run_examples;
use ivig_audit::rules::Ruleset;

#[test]
fn every_example_of_every_shipped_ruleset_holds() {
    let ruleset = Ruleset::builtin("aanem-2023").unwrap_or_else(|error| panic!("{error}"));
    let outcome = run_examples(&ruleset);
    println!("{} examples, {} near misses", outcome.examples, outcome.near_misses);
    let failures: Vec<String> = outcome.failures.iter().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
