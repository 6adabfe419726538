//! The page of an indication reads for a clinician, in full and in order.

use ivig_audit::rules::page::{find, page};
use ivig_audit::rules::{RuleFiles, Ruleset};

fn shipped() -> Ruleset {
    Ruleset::builtin("aanem-2023").unwrap_or_else(|error| panic!("{error}"))
}

fn page_of(id: &str) -> String {
    let ruleset = shipped();
    page(&ruleset, find(&ruleset, id).unwrap_or_else(|| panic!("{id}")))
}

/// The page with every run of spaces and line ends as one space.
fn flowing(page: &str) -> String {
    page.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn small_fiber_neuropathy_reads_as_a_page() {
    let page = page_of("small-fiber-neuropathy");
    let headings: Vec<&str> = page
        .lines()
        .zip(page.lines().skip(1))
        .filter(|(_, line)| !line.is_empty() && line.chars().all(|c| c == '-' || c == '='))
        .map(|(heading, _)| heading)
        .collect();
    assert_eq!(
        headings,
        [
            "Small fiber neuropathy",
            "Why it is read as it is",
            "What the statement says",
            "Diagnosis codes",
            "Names in the text of an order",
            "What is asked besides",
            "What is missed",
            "Examples",
            "Near misses: what it must not be taken for",
        ]
    );
    let text = flowing(&page);
    for part in [
        "Status: draft; no clinician has signed it yet; to be reviewed by 2027-04-30.",
        "\"based on Class I evidence, IVIG is not recommended for inclusion body myositis,",
        "PMID 37432872, doi:10.1002/mus.27922]",
        "Row Small fiber neuropathy with FGFR3 antibodies (sfn-fgfr3) Says Not recommended; Class I; the statement says so outright When whether FGFR3 antibodies were found: FGFR3 antibodies",
        "an order is then \"not addressed\": - whether TS-HDS antibodies were found: no TS-HDS antibodies, or none reported; and",
        "No code brings it up; only the text of an order can.",
        "small fiber neuropathy; small fibre neuropathy; sfn;",
        "- polyneuropathy unspecific: G60.3,",
        "Beside other codes only, or without any, a flag is lowered to review, and what is clear stays clear.",
        "Presumed if nothing else is said: no FGFR3 antibody is mentioned.",
        "If it stays open, the reviewer is asked for the FGFR3 antibody result.",
        "- A cause that is neither coded nor in the text.",
        "- FGFR3 antibodies and no code at all Order no diagnosis code; \"SFN FGFR3+\" Answer not recommended (sfn-fgfr3); for review",
        "- a cause is known Order E11.42; \"diabetic small fiber neuropathy\" Answer not addressed; for review",
    ] {
        assert!(text.contains(part), "`{part}` is missing:\n{page}");
    }
}

#[test]
fn codes_stand_with_title_dates_and_how_closely_they_stand() {
    let mmn = flowing(&page_of("mmn"));
    assert!(
        mmn.contains("The code means this and nothing else: Multifocal motor neuropathy: ICD-10-CM G61.82"),
        "{mmn}"
    );
    assert!(mmn.contains("valid from 2016-10-01"), "{mmn}");
    let gbs = flowing(&page_of("guillain-barre"));
    assert!(gbs.contains("The code means this and other things as well:"), "{gbs}");
    assert!(gbs.contains("\"gbs\": beside a code of") && gbs.contains("never where it holds \"strep\""), "{gbs}");
    assert!(gbs.contains("It gives way where the text names: Miller Fisher syndrome."), "{gbs}");
    assert!(gbs.contains("- J13: Adults are 18 and older on the service date."), "{gbs}");
    let protein = flowing(&page_of("paraproteinemic-neuropathy"));
    assert!(protein.contains("One code of each of these groups on the same order, in any order: monoclonal gammopathy; neuropathy beside paraprotein."), "{protein}");
    assert!(
        protein.contains(
            "Only when: whether the neuropathy is due to the monoclonal protein: due to the monoclonal protein"
        ),
        "{protein}"
    );
}

#[test]
fn a_row_finds_the_page_of_its_indication() {
    let ruleset = shipped();
    assert_eq!(find(&ruleset, "gbs-pediatric").map(|found| found.id.as_str()), Some("guillain-barre"));
    assert!(find(&ruleset, "nosuch").is_none());
}

/// No word of the file format, and nothing wider than a page.
#[test]
fn every_page_of_every_shipped_ruleset_is_complete_and_plain() {
    for id in RuleFiles::builtin().ruleset_ids() {
        let ruleset = Ruleset::builtin(&id).unwrap_or_else(|error| panic!("{error}"));
        for indication in &ruleset.indications {
            let page = page(&ruleset, indication);
            for line in page.lines() {
                assert!(line.chars().count() <= 100 && line == line.trim_end(), "{}: `{line}`", indication.id);
            }
            let text = flowing(&page);
            for row in &ruleset.rows[indication.rows.clone()] {
                assert!(text.contains(&format!("({})", row.id)), "{}", row.id);
            }
            let said = indication.examples.iter().map(|(_, example)| example.name.as_str());
            for part in said.chain(indication.misses.iter().map(String::as_str)) {
                assert!(text.contains(&flowing(part)), "{}: `{part}` is missing", indication.id);
            }
            for jargon in ["near_miss", "near-miss", "all-of", "negated-value", "not_", "indeterminate_", "[["] {
                assert!(!text.contains(jargon), "{}: `{jargon}`", indication.id);
            }
            assert!(!page.contains("\n\n\n"), "{}", indication.id);
        }
    }
}
