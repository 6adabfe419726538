//! Every lint has an id, a reason, and a bad example that it alone catches; what ships is clean.

use chrono::NaiveDate;
use ivig_audit::assess::check::run_examples;
use ivig_audit::rules::lint::{Finding, LINTS, Severity, check, lock_of};
use ivig_audit::rules::{RuleFiles, Ruleset};

const RULESET: &str = "aanem-2023";

/// The day of the check.
const DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 5, 1).unwrap();

const HOME: &str = "aanem-2023/ruleset.toml";
const SFN: &str = "aanem-2023/indications/small-fiber-neuropathy.toml";
const GBS: &str = "aanem-2023/indications/guillain-barre.toml";
const CIDP: &str = "aanem-2023/indications/cidp.toml";
const MG: &str = "aanem-2023/indications/myasthenia-gravis.toml";
const FACTS: &str = "aanem-2023/facts.toml";
const SHARED: &str = "codes/shared.csv";
const VALID: &str = "codes/valid/icd10cm.csv";

/// A fact that only ages below those of adults give.
const INFANTS: &str = r#"[[fact]]
id = "infant"
label = "whether the patient is an infant"
ask = "the date of birth"
values = ["yes", "no"]
value-labels = ["an infant", "no infant"]
[[fact.source]]
value = "yes"
age-below = 1
[[fact.source]]
value = "no"
age-from = 1

[[fact]]
id           = "mg-course""#;

/// An indication whose name counts for adults only, and whose row is for children.
const OUT_OF_REACH: &str = r#"
id = "made-up"
label = "A made-up indication"
why = "Its row cannot be reached."
not-addressed = [{ age-group = "adult" }]
[text]
names = ["made up disease"]
requires = { age-group = "adult" }
[[row]]
id = "made-up"
label = "A made-up indication"
when = { age-group = "pediatric" }
recommendation = "not-recommended"
cite = { statement = "insufficient-evidence", basis = "interpreted" }
[[example]]
name = "one"
near-miss = true
order = { dx = [], text = "made up disease" }
expect = { rows = ["made-up"] }
[[example]]
name = "two"
order = { dx = [], age = 7 }
expect = { rows = ["made-up"] }
[[example]]
name = "three"
order = { dx = [], age = 8 }
expect = { rows = ["made-up"] }
"#;

/// A change of one file: the text that goes, and the text that comes.
type Edit = (&'static str, &'static str, &'static str);

/// A bad ruleset: the lint that must catch it, and what was changed.
struct Bad {
    lint: &'static str,
    edits: &'static [Edit],
    /// A part of what is said.
    says: &'static str,
}

const BAD: &[Bad] = &[
    Bad {
        lint: "refines-cycle",
        edits: &[(GBS, "[[match]]", "refines = [\"miller-fisher\"]\n[[match]]")],
        says: "refine each other",
    },
    Bad { lint: "no-near-miss", edits: &[(CIDP, "near-miss = true", "near-miss = false")], says: "no near miss" },
    Bad { lint: "too-few-examples", edits: &[(CIDP, "rows = [\"cidp\"", "rows = [\"none\"")], says: "row `cidp` has" },
    Bad {
        lint: "phrase-never-fires",
        edits: &[(CIDP, "names = [", "names = [\"chronic polyneuropathy of nobody\",")],
        says: "no example fires `chronic polyneuropathy of nobody`",
    },
    Bad {
        lint: "unreachable-row",
        edits: &[(FACTS, "age-below = 18", "age-below = 0")],
        says: "no source and no default gives age-group = pediatric",
    },
    Bad {
        lint: "unreachable-row",
        edits: &[("aanem-2023/indications/made-up.toml", "", OUT_OF_REACH)],
        says: "it needs age-group = pediatric where age-group = adult is required",
    },
    Bad {
        lint: "phrase-never-fires",
        edits: &[(CIDP, "names = [\n  ", "names = [\n  \"never said so\", ")],
        says: "never said so",
    },
    Bad {
        lint: "unreachable-row",
        edits: &[
            (FACTS, "[[fact]]\nid           = \"mg-course\"", INFANTS),
            (GBS, "{ age-group = \"adult\" }", "{ age-group = \"adult\", infant = \"yes\" }"),
            (GBS, "[[match]]", "not-addressed = [{ age-group = \"adult\", infant = \"no\" }]\n[[match]]"),
        ],
        says: "no order can reach row `gbs-adult`: infant = yes is given at ages or on days at which the rest is not",
    },
    Bad {
        lint: "overlapping-rows",
        edits: &[(SFN, "together = [[\"sfn-ts-hds\", \"sfn-fgfr3\"]]", "")],
        says: "`together = [[\"sfn-ts-hds\", \"sfn-fgfr3\"]]`",
    },
    Bad {
        lint: "overlapping-rows",
        edits: &[(SFN, "recommendation = \"not-recommended\"", "recommendation = \"consider\"")],
        says: "`sfn-ts-hds` (consider) and `sfn-fgfr3` (not-recommended) can hold together",
    },
    Bad {
        lint: "overlapping-rows",
        edits: &[(GBS, "[[match]]", "together = [[\"gbs-adult\", \"gbs-pediatric\"]]\n[[match]]")],
        says: "which are not rows of it that can hold together",
    },
    Bad {
        lint: "uncovered-fact",
        edits: &[(MG, "not-addressed = [{ mg-course = \"stable\", mg-setting = \"setting-not-addressed\" }]", "")],
        says: "no row speaks of mg-course = stable, mg-setting = setting-not-addressed;",
    },
    Bad {
        lint: "uncovered-fact",
        edits: &[(MG, "not-addressed = [{ mg-course = \"stable\", ", "not-addressed = [{ ")],
        says: "is declared as not addressed, and row `mg-exacerbation` can hold there",
    },
    Bad {
        lint: "statement-not-cited",
        edits: &[("aanem-2023/indications/necrotizing-myopathy.toml", "\"class-iv-only\"", "\"class-iv-consider\"")],
        says: "statement `class-iv-only` is cited by no row",
    },
    Bad {
        lint: "statement-quote-changed",
        edits: &[(HOME, "text = \"Insufficient evidence exists", "text = \"No evidence exists")],
        says: "the words of statement `insufficient-evidence` are not those that were locked",
    },
    Bad {
        lint: "statement-quote-changed",
        edits: &[(HOME, "lock = \"", "# \"")],
        says: "statement `class-i-recommended` is not locked",
    },
    Bad { lint: "unknown-open-question", edits: &[(CIDP, "(J9)", "(J99)")], says: "there is no open question `J99`" },
    Bad {
        lint: "unknown-pattern-row",
        edits: &[("patterns.toml", "\"mmn\"", "\"mmm\"")],
        says: "no edition has a row `mmm`",
    },
    Bad {
        lint: "list-not-used",
        edits: &[("codes/unused.csv", "", "system,code,match,label,valid_from,valid_to,source,confidence\n")],
        says: "no rule uses this code list",
    },
    Bad {
        lint: "code-in-two-lists",
        edits: &[(SHARED, "neuropathy-beside-paraprotein,polyneuropathy-in-disease,", "#,#,")],
        says: "also stands in `polyneuropathy-in-disease`",
    },
    Bad {
        lint: "code-in-two-lists",
        edits: &[(SHARED, "list_a,list_b,reason\n", "list_a,list_b,reason\namyloidosis,asthma,none is shared\n")],
        says: "`amyloidosis` and `asthma` share no code",
    },
    Bad {
        lint: "code-not-in-system",
        edits: &[("codes/cidp.csv", "G61.81", "G61.87")],
        says: "the classification does not know `G61.87`",
    },
    Bad {
        lint: "code-not-in-system",
        edits: &[("codes/amyloidosis.csv", "E85", "E85.6")],
        says: "no code below `E85.6`",
    },
    Bad {
        lint: "code-not-in-system",
        edits: &[("codes/multifocal-motor-neuropathy.csv", "2016-10-01", "2015-10-01")],
        says: "was valid from 2016-10-01 to open",
    },
    Bad {
        lint: "window-reversed",
        edits: &[("products/hcpcs.csv", "2021-01-01,2021-03-31", "2021-04-01,2021-03-31")],
        says: "valid_from 2021-04-01 is after valid_to 2021-03-31",
    },
    Bad {
        lint: "window-overlap",
        edits: &[(VALID, "D47.0,0,2017-10-01,", "D47.0,0,2017-09-30,")],
        says: "share a day",
    },
    Bad {
        lint: "window-gap",
        edits: &[(VALID, "D47.0,0,2017-10-01,", "D47.0,1,2017-10-05,")],
        says: "no window holds the days between 2017-09-30",
    },
    Bad {
        lint: "review-overdue",
        edits: &[(HOME, "review-by   = \"2027-04-30\"", "review-by   = \"2026-04-30\"")],
        says: "the review was due by 2026-04-30, and it is 2026-05-01",
    },
    Bad {
        lint: "status-without-signature",
        edits: &[(HOME, "\"draft\"", "\"final\"")],
        says: "the status is `final` and nobody has signed",
    },
    Bad {
        lint: "unverified-fact",
        edits: &[("products/hcpcs.csv", "J1459,Privigen,", "J1459,Privigen (unverified),")],
        says: "J1459, Privigen (unverified)",
    },
];

fn findings(files: &RuleFiles) -> Vec<Finding> {
    let ruleset = Ruleset::load(files, RULESET).unwrap_or_else(|error| panic!("{error}"));
    check(files, &ruleset, DAY)
}

fn told(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(ToString::to_string).collect()
}

fn edited(edits: &[Edit]) -> RuleFiles {
    let mut files = RuleFiles::builtin();
    for (path, from, to) in edits {
        let text = files.get(path).unwrap_or_default().to_owned();
        assert!(text.contains(from), "{path} holds no `{from}`");
        let every = from.contains("rows = ") || from.contains("near-miss");
        files.insert(*path, if every { text.replace(from, to) } else { text.replacen(from, to, 1) });
    }
    files
}

#[test]
fn what_ships_has_no_error_and_says_that_nobody_signed() {
    let files = RuleFiles::builtin();
    for id in files.ruleset_ids() {
        let ruleset = Ruleset::load(&files, &id).unwrap_or_else(|error| panic!("{error}"));
        let found = check(&files, &ruleset, DAY);
        let errors: Vec<&Finding> = found.iter().filter(|each| each.lint.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{}", told(&found).join("\n"));
        assert_eq!(found.iter().any(|each| each.lint.id == "unsigned"), ruleset.info.review.checker.is_empty());
    }
}

/// An overlay is checked with what it takes over, and answers for its own files only.
#[test]
fn the_worked_overlay_has_no_error() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/overlay/our-hospital");
    let (files, name) = RuleFiles::with_site_ruleset(&dir).unwrap_or_else(|error| panic!("{error}"));
    let ruleset = Ruleset::load(&files, &name).unwrap_or_else(|error| panic!("{error}"));
    let found = check(&files, &ruleset, DAY);
    let errors: Vec<&Finding> = found.iter().filter(|each| each.lint.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{}", told(&found).join("\n"));
}

#[test]
fn what_an_overlay_gets_wrong_is_told_with_its_own_file() {
    let mut files = RuleFiles::builtin();
    let head = "id = \"site\"\nversion = \"1\"\ntitle = \"Site\"\nshort-title = \"Site\"\nbasis = \"local\"\nstatus = \"draft\"\n\
        extends = \"aanem-2023\"\n[review]\nauthor = \"site\"\nchecker = \"\"\nreviewed-on = \"\"\nreview-by = \"2026-01-31\"\n\
        [[statement]]\nid = \"own\"\ntext = \"Words of our own\"\n";
    files.insert("site/ruleset.toml", head);
    files.insert(
        "site/codes/ours.csv",
        "system,code,match,label,valid_from,valid_to,source,confidence\n\
        icd10cm,G61.81,exact,Chronic inflammatory demyelinating polyneuritis,2015-10-01,,test,high\n",
    );
    let ruleset = Ruleset::load(&files, "site").unwrap_or_else(|error| panic!("{error}"));
    let found = check(&files, &ruleset, DAY);
    let mut errors: Vec<(&str, &str)> = found
        .iter()
        .filter(|each| each.lint.severity == Severity::Error)
        .map(|each| (each.lint.id, each.problem.file.as_str()))
        .collect();
    errors.sort_unstable();
    assert_eq!(
        errors,
        [
            ("code-in-two-lists", "codes/cidp.csv"),
            ("list-not-used", "site/codes/ours.csv"),
            ("review-overdue", "site/ruleset.toml"),
            ("statement-not-cited", "site/ruleset.toml"),
            ("statement-quote-changed", "site/ruleset.toml"),
        ],
        "{:#?}",
        told(&found)
    );
    files.insert("site/codes/shared.csv", "list_a,list_b,reason\ncidp,ours,the site counts it apart\n");
    let found = check(&files, &Ruleset::load(&files, "site").unwrap(), DAY);
    assert!(!found.iter().any(|each| each.lint.id == "code-in-two-lists"), "{:#?}", told(&found));
}

/// Holds that what ships is clean where a bad example is not, and that its own lint says so and no other.
fn caught(bad: &Bad, shipped: &[String]) {
    let found = findings(&edited(bad.edits));
    let new: Vec<&Finding> = found.iter().filter(|each| !shipped.contains(&each.to_string())).collect();
    let new_told: Vec<String> = new.iter().map(ToString::to_string).collect();
    assert!(!new.is_empty(), "{} found nothing in {:?}", bad.lint, bad.edits);
    assert!(new.iter().all(|each| each.lint.id == bad.lint), "{}: {new_told:#?}", bad.lint);
    assert!(new_told.iter().any(|line| line.contains(bad.says)), "`{}` is not said: {new_told:#?}", bad.says);
    assert!(new.iter().all(|each| each.problem.file.contains('.')), "{new_told:#?}");
}

#[test]
fn every_bad_example_is_caught_by_its_lint_and_by_no_other() {
    let shipped = told(&findings(&RuleFiles::builtin()));
    std::thread::scope(|scope| {
        for some in BAD.chunks(BAD.len().div_ceil(2)) {
            scope.spawn(|| some.iter().for_each(|bad| caught(bad, &shipped)));
        }
    });
}

#[test]
fn every_lint_has_a_bad_example() {
    for lint in LINTS.iter().filter(|lint| lint.id != "unsigned") {
        assert!(BAD.iter().any(|bad| bad.lint == lint.id), "{} has no bad example", lint.id);
    }
}

/// The bad example of `unsigned` is what ships.
#[test]
fn a_signature_with_its_day_takes_the_note_away_and_lets_the_status_rise() {
    let signed = edited(&[
        (HOME, "checker     = \"\"", "checker = \"A. Neurologist\""),
        (HOME, "reviewed-on = \"\"", "reviewed-on = \"2026-04-30\""),
        (HOME, "\"draft\"", "\"signed\""),
    ]);
    let found = told(&findings(&signed));
    assert!(!found.iter().any(|line| line.contains("[unsigned]") || line.contains("signature")), "{found:#?}");
    let without_day = edited(&[(HOME, "checker     = \"\"", "checker = \"A. Neurologist\"")]);
    assert!(told(&findings(&without_day)).iter().any(|line| line.contains("[unsigned]")));
}

#[test]
fn lints_have_ids_that_sort_of_stay_and_reasons_that_are_sentences() {
    for (at, lint) in LINTS.iter().enumerate() {
        assert!(lint.id.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", lint.id);
        assert!(!LINTS[..at].iter().any(|other| other.id == lint.id), "{} stands twice", lint.id);
        assert!(lint.reason.len() > 30 && lint.reason.ends_with('.'), "{}: {}", lint.id, lint.reason);
    }
    let severities: Vec<Severity> = LINTS.iter().map(|lint| lint.severity).collect();
    assert!(severities.is_sorted(), "errors come first");
}

#[test]
fn a_finding_names_file_line_and_lint() {
    let found = told(&findings(&edited(BAD.iter().find(|bad| bad.lint == "statement-quote-changed").unwrap().edits)));
    let line = found.iter().find(|line| line.contains("locked")).unwrap();
    let start = line.strip_prefix("aanem-2023/ruleset.toml:").unwrap_or_else(|| panic!("{line}"));
    let (number, rest) = start.split_once(": ").unwrap();
    assert!(number.parse::<usize>().unwrap() > 30 && rest.starts_with("[statement-quote-changed] "), "{line}");
}

#[test]
fn a_single_letter_of_a_quotation_breaks_its_lock() {
    let ruleset = Ruleset::builtin(RULESET).unwrap();
    for statement in &ruleset.statements {
        assert_eq!(statement.lock.as_deref(), Some(lock_of(&statement.text).as_str()), "{}", statement.id);
        assert_ne!(lock_of(&statement.text), lock_of(&statement.text.to_uppercase()));
    }
}

/// A list that another ruleset of the directory names is used.
#[test]
fn a_list_is_used_if_any_ruleset_beside_names_it() {
    let mut files = edited(BAD.iter().find(|bad| bad.lint == "list-not-used").unwrap().edits);
    files.insert("other/ruleset.toml", "");
    files.insert("other/indications/one.toml", "codes = \"unused\"");
    assert!(!told(&findings(&files)).iter().any(|line| line.contains("list-not-used")));
}

#[test]
fn the_shipped_examples_still_hold_with_the_declarations() {
    let outcome = run_examples(&Ruleset::builtin(RULESET).unwrap());
    assert!(outcome.failures.is_empty());
}

#[test]
fn a_phrase_that_fires_in_no_example_is_told_in_its_file() {
    let silent = |path: &str, from: &str, to: &str| {
        let mut files = RuleFiles::builtin();
        let text = files.get(path).unwrap_or_else(|| panic!("{path} ships")).replacen(from, to, 1);
        files.insert(path, text);
        let ruleset = Ruleset::load(&files, RULESET).unwrap_or_else(|error| panic!("{error}"));
        let found: Vec<Finding> =
            check(&files, &ruleset, DAY).into_iter().filter(|found| found.lint.id == "phrase-never-fires").collect();
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].problem.file, path);
        assert!(found[0].problem.message.contains("no example fires `never said so`"), "{found:?}");
    };
    silent(CIDP, "names = [\n  ", "names = [\n  \"never said so\", ");
    silent(CIDP, "with-words = [", "with-words = [\"never said so\", ");
    silent(FACTS, "phrases = [\n  ", "phrases = [\n  \"never said so\", ");
    silent("aanem-2023/text.toml", "phrases = [\n  ", "phrases = [\n  \"never said so\", ");
}
