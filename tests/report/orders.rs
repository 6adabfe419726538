//! Invented assessed orders, the same for the same seed, and what surrounds them.
//!
//! Every id carries a canary, so that a test can look for it where it must not be.

use chrono::{Days, NaiveDate};
use ivig_audit::manifest::{Counts, Input, Lines, Orders, Program, Records, Ruleset};
use ivig_audit::report::facts::{Appendix, Exclusion, Fact, GuidelineRow, Indication, ScopeStep, Source};
use ivig_audit::table::Row;

pub const PATIENT_CANARY: &str = "PTCANARY";
pub const ORDER_CANARY: &str = "ORDCANARY";

const ROWS: [(&str, &str, &str, &str, &str); 25] = [
    ("cidp", "Chronic inflammatory demyelinating polyneuropathy", "recommended", "I", "class-i"),
    ("gbs-adult", "Guillain-Barré syndrome, adults", "recommended", "I", "class-i"),
    ("gbs-pediatric", "Guillain-Barré syndrome, children", "recommended", "II", "class-ii"),
    ("mmn", "Multifocal motor neuropathy", "recommended", "I", "class-i"),
    ("dermatomyositis", "Dermatomyositis", "recommended", "I", "class-i"),
    ("stiff-person", "Stiff-person syndrome", "recommended", "I", "class-i"),
    ("mg-exacerbation", "Myasthenia gravis, exacerbation", "recommended", "I", "class-i"),
    ("mg-stable", "Myasthenia gravis, stable disease", "not_recommended", "I", "class-i"),
    ("lems", "Lambert-Eaton myasthenic syndrome", "recommended", "II", "class-ii"),
    ("inclusion-body-myositis", "Inclusion body myositis", "not_recommended", "I", "not"),
    ("post-polio", "Post-polio syndrome", "not_recommended", "I", "not"),
    ("igm-paraproteinemic", "IgM paraproteinemic neuropathy", "not_recommended", "I", "not"),
    ("igg-paraproteinemic", "IgG paraproteinemic neuropathy", "insufficient_evidence", "", "insufficient"),
    ("iga-paraproteinemic", "IgA paraproteinemic neuropathy", "insufficient_evidence", "", "insufficient"),
    ("sfn-idiopathic", "Small fiber neuropathy, idiopathic", "not_recommended", "I", "not"),
    ("sfn-ts-hds", "Small fiber neuropathy with TS-HDS antibody", "not_recommended", "I", "not"),
    ("sfn-fgfr3", "Small fiber neuropathy with FGFR3 antibody", "not_recommended", "I", "not"),
    ("anti-hmgcr-myopathy", "Anti-HMGCR necrotizing myopathy", "consider", "IV", "consider"),
    ("necrotizing-myopathy-other", "Necrotizing myopathy, other", "insufficient_evidence", "IV", "consider"),
    ("miller-fisher", "Miller Fisher syndrome", "insufficient_evidence", "", "insufficient"),
    ("autonomic", "Autonomic neuropathy", "insufficient_evidence", "", "insufficient"),
    ("chronic-autoimmune", "Chronic autoimmune neuropathy", "insufficient_evidence", "", "insufficient"),
    ("polymyositis", "Polymyositis", "insufficient_evidence", "", "insufficient"),
    ("brachial-plexopathy", "Idiopathic brachial plexopathy", "insufficient_evidence", "", "insufficient"),
    ("dlrpn", "Diabetic lumbosacral radiculoplexopathy", "insufficient_evidence", "", "insufficient"),
];

fn statement(id: &str) -> &'static str {
    match id {
        "class-i" => {
            "Based on Class I evidence, IVIG is recommended in the treatment of … myasthenia gravis exacerbations but not stable disease."
        }
        "class-ii" => {
            "Based on Class II evidence, IVIG is also recommended for Lambert-Eaton myasthenic syndrome and pediatric GBS."
        }
        "not" => "In contrast, based on Class I evidence, IVIG is not recommended for …",
        "consider" => {
            "Although only Class IV evidence exists …, it should be considered for … given the risk of long-term disability."
        }
        _ => "Insufficient evidence exists for the use of IVIG in …",
    }
}

/// A small generator of numbers, so that the orders need no dependency.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// `number` orders; with `money`, most have an allowed amount.
pub fn orders(number: u64, money: bool) -> Vec<Row> {
    let mut numbers = Numbers(number.wrapping_add(7));
    (1..=number).map(|record| order(record, number, money, &mut numbers)).collect()
}

fn order(record: u64, number: u64, money: bool, numbers: &mut Numbers) -> Row {
    let patient = numbers.below(number / 3 + 1);
    let grams = i64::try_from(20_000 + numbers.below(60) * 500).expect("small");
    let cents = i64::try_from(numbers.below(2_000_000)).expect("small");
    let first = NaiveDate::from_ymd_opt(2023, 7, 3).expect("a date");
    let mut row = Row {
        source_file: "claims.csv".to_owned(),
        record,
        order_id: Some(format!("=1+{ORDER_CANARY}{record}")),
        claim_id: Some(format!("@{ORDER_CANARY}{}", record / 2)),
        patient_id: (numbers.below(20) > 0).then(|| format!("{PATIENT_CANARY}{patient}")),
        service_date: (numbers.below(50) > 0).then(|| first + Days::new(numbers.below(700))),
        age_years: Some(i32::try_from(numbers.below(90)).expect("small")),
        product_system: Some("hcpcs".to_owned()),
        product_code: Some("J1569".to_owned()),
        units: Some(grams * 2),
        grams: (numbers.below(12) > 0).then_some(grams),
        diagnoses: vec!["G61.81".to_owned()],
        reason: format!("-about {PATIENT_CANARY}{patient}"),
        ruleset: "aanem-2023@1.0.0".to_owned(),
        provider_id: Some("PRCANARY".to_owned()),
        allowed: (money && numbers.below(9) > 0).then_some(cents),
        billed: (money && !record.is_multiple_of(3)).then_some(cents * 2),
        ..Row::default()
    };
    if numbers.below(10) == 0 {
        row.warnings = vec!["code-not-valid-on-date".to_owned()];
    }
    if row.service_date.is_none() {
        row.warnings.push("service-date-unreadable".to_owned());
    }
    decide(&mut row, numbers);
    row
}

fn decide(row: &mut Row, numbers: &mut Numbers) {
    let text = |value: &str| value.to_owned();
    row.certainty = text(["stated", "stated", "presumed", "text"][usize::try_from(numbers.below(4)).expect("small")]);
    match numbers.below(20) {
        0 | 1 => {
            row.determination = text("indeterminate");
            row.guideline_rows = vec![text("igm-paraproteinemic"), text("igg-paraproteinemic")];
            row.indication = Some(text("paraproteinemic-neuropathy"));
            row.open = vec![text("insufficient_evidence"), text("not_recommended")];
            row.wanting = Some(text(if numbers.below(4) == 0 { "antibody" } else { "isotype" }));
            row.would_change = vec![text("serum immunofixation with the isotype of the paraprotein")];
            row.flag = text(if numbers.below(2) == 0 { "flagged" } else { "review" });
        }
        2 => (row.determination, row.flag) = (text("no_diagnosis"), text("review")),
        3 => (row.determination, row.flag) = (text("not_addressed"), text("review")),
        4..=6 => (row.determination, row.flag) = (text("other_use"), text("clear")),
        _ => {
            let weight = numbers.below(25).min(numbers.below(25));
            let (id, _, says, class, _) = ROWS[usize::try_from(weight).expect("small")];
            row.determination = text(says);
            row.guideline_rows = vec![text(id)];
            if id == "sfn-ts-hds" {
                row.guideline_rows.push(text("sfn-fgfr3"));
            }
            row.indication = Some(text(id));
            row.evidence_class = (!class.is_empty()).then(|| text(class)).into_iter().collect();
            let proxy = numbers.below(4) == 0;
            let supported = matches!(says, "recommended" | "consider");
            row.flag = text(if supported {
                "clear"
            } else if proxy {
                "review"
            } else {
                "flagged"
            });
            if !supported {
                row.would_change = vec![text("isotype"), text("<b>antibody</b> report")];
            }
        }
    }
}

/// Counts as a scan that found these orders would have made them.
pub fn counts(rows: &[Row]) -> Counts {
    let in_scope = rows.len() as u64;
    let mut orders = Orders { total: in_scope, ..Orders::default() };
    for row in rows {
        *orders.by_determination.entry(row.determination.clone()).or_default() += 1;
        *orders.by_flag.entry(row.flag.clone()).or_default() += 1;
    }
    let out = [("not-immune-globulin", 91_204), ("not-by-vein", 310), ("no-product", 7), ("wasted-drug-line", 12)];
    let rejected = [("field-count", 9), ("swallowed-lines", 2)];
    let count = |pairs: &[(&str, u64)]| pairs.iter().map(|(reason, number)| ((*reason).to_owned(), *number)).collect();
    let read = in_scope + 91_204 + 310 + 7 + 12 + 11;
    Counts {
        lines: Lines { read: read + 2, header: 1, blank: 1, records: read - 11, rejected: 11 },
        records: Records { read, in_scope, out_of_scope: count(&out), rejected: count(&rejected) },
        orders,
        ..Counts::default()
    }
}

pub fn inputs(records: u64) -> Vec<Input> {
    vec![Input {
        file: "claims.csv".to_owned(),
        role: None,
        bytes: 1_000_000,
        content_blake3: None,
        undecodable: 0,
        blake3: "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262".to_owned(),
        dialect: "comma, quoted, UTF-8, LF".to_owned(),
        layout: "generic".to_owned(),
        records,
        lines: records + 2,
    }]
}

pub fn ruleset() -> Ruleset {
    Ruleset { id: "aanem-2023".to_owned(), version: "1.0.0".to_owned(), digest: "00ff".to_owned() }
}

pub fn program() -> Program {
    Program { name: "ivig-audit".to_owned(), version: "0.1.0".to_owned(), digest: None }
}

pub fn exclusions() -> Vec<Exclusion> {
    let exclusion = |reason: &str, label: &str, step| Exclusion {
        reason: reason.to_owned(),
        label: label.to_owned(),
        step,
        is_unidentified: reason == "no-product",
    };
    vec![
        exclusion("not-immune-globulin", "Another product", ScopeStep::NotImmuneGlobulin),
        exclusion("no-product", "could not be identified: no product code", ScopeStep::NotImmuneGlobulin),
        exclusion("not-by-vein", "Given under the skin or into the muscle", ScopeStep::NotByVein),
    ]
}

/// Several rows may share an indication.
fn indication(row: &str) -> &str {
    ["gbs", "mg", "sfn"].into_iter().find(|family| row.split('-').next() == Some(family)).unwrap_or(row)
}

pub fn appendix() -> Appendix {
    let rows = ROWS.map(|(id, label, recommendation, class, cite)| GuidelineRow {
        id: id.to_owned(),
        indication: indication(id).to_owned(),
        label: label.to_owned(),
        recommendation: recommendation.to_owned(),
        evidence: (!class.is_empty()).then(|| class.to_owned()),
        statement: statement(cite).to_owned(),
        basis: if id == "necrotizing-myopathy-other" { "interpreted" } else { "stated" }.to_owned(),
        cited: "AANEM 2023".to_owned(),
    });
    let known = ROWS.map(|(id, label, ..)| (indication(id).to_owned(), label.split(',').next().unwrap_or(label)));
    let indications =
        known.into_iter().chain([("paraproteinemic-neuropathy".to_owned(), "Neuropathy with a paraprotein")]);
    Appendix {
        ruleset_id: "aanem-2023".to_owned(),
        version: "1.0.0".to_owned(),
        digest: "00ff".to_owned(),
        short_title: "AANEM 2023".to_owned(),
        status: "draft".to_owned(),
        basis: "guideline".to_owned(),
        source: Source {
            title: "Updated consensus statement: Intravenous immunoglobulin in the treatment of neuromuscular disorders report of the AANEM ad hoc committee".to_owned(),
            citation: "AANEM ad hoc committee. Muscle & Nerve 2023. PMID 37432872, doi:10.1002/mus.27922".to_owned(),
            read: "abstract only".to_owned(),
            copyright: String::new(),
        },
        below: Vec::new(),
        in_force_from: "2023-07".to_owned(),
        in_force: "2023-07 (not verified)".to_owned(),
        code_facts: ("2015-10-01".to_owned(), "2025-01-31".to_owned()),
        rows: rows.into(),
        facts: [
            ("isotype", "the isotype of the paraprotein", "an immunofixation that names the isotype"),
            ("antibody", "the antibody of a small fiber neuropathy", "the antibody panel"),
        ]
        .map(|(id, label, ask)| (id.to_owned(), Fact { label: label.to_owned(), ask: ask.to_owned() }))
        .into(),
        indications: indications
            .map(|(id, label)| {
                let codes = vec![format!("exact: codes of {id}")];
                (id, Indication { label: label.to_owned(), codes })
            })
            .collect(),
        policy: vec!["Several definite rows on one order: the best supported governs, and the others are listed.".to_owned()],
        open_questions: vec!["Whether the code without mention of exacerbation may be read as stable disease.".to_owned()],
    }
}
