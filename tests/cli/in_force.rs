//! `--rules in-force`, from the option to the reports.

use std::path::Path;

use crate::command::{audit, code, export, json, latest, names, run, stderr, stdout};

/// One order that both editions speak of and say something else of, and one of the time of ICD-9-CM.
fn lines() -> Vec<String> {
    [
        ("2008-03-03", "359.71"),
        ("2010-03-03", "359.71"),
        ("2015-11-03", "G72.41"),
        ("2023-06-30", "G72.41"),
        ("2023-07-01", "G72.41"),
        ("2024-03-03", "G72.41"),
        ("", "G72.41"),
    ]
    .iter()
    .zip(1..)
    .map(|((day, dx), number)| format!("O{number},C{number},P{number},{day},1960-06-01,F,J1566,,80,{dx},,,1000.00"))
    .collect()
}

/// Audits these lines into a directory of its own, and gives the run directory.
fn audited(dir: &Path, rules: &[&str]) -> std::path::PathBuf {
    let input = export(dir, &lines()).display().to_string();
    let out = dir.join(format!("out{}", rules.len()));
    let output = audit(&[&input], &out, rules);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    latest(&out)
}

/// Service date, determination and edition of each finding, the edition without its version.
fn findings(run: &Path) -> Vec<(String, String, String)> {
    let mut reader = csv::Reader::from_path(run.join("findings.csv")).expect("findings");
    let header = reader.headers().expect("a header").clone();
    let at = |name: &str| header.iter().position(|column| column == name).expect("the column is there");
    let (day, answer, ruleset) = (at("service_date"), at("determination"), at("ruleset"));
    let cell = |record: &csv::StringRecord, at: usize| record[at].to_owned();
    reader
        .records()
        .map(|record| record.expect("a finding"))
        .map(|record| {
            let edition = record[ruleset].split('@').next().unwrap_or_default().to_owned();
            (cell(&record, day), cell(&record, answer), edition)
        })
        .collect()
}

#[test]
fn each_finding_carries_the_edition_that_was_in_force_on_its_day() {
    let dir = tempfile::tempdir().unwrap();
    let found = findings(&audited(dir.path(), &["--rules", "in-force"]));
    let editions: Vec<(&str, &str)> = found.iter().map(|(day, _, edition)| (day.as_str(), edition.as_str())).collect();
    assert_eq!(
        editions,
        [
            ("2008-03-03", "aanem-2009"),
            ("2010-03-03", "aanem-2009"),
            ("2015-11-03", "aanem-2009"),
            ("2023-06-30", "aanem-2009"),
            ("2023-07-01", "aanem-2023"),
            ("2024-03-03", "aanem-2023"),
            ("", "aanem-2023"),
        ]
    );
    let answers: Vec<&str> = found[2..].iter().map(|(_, answer, _)| answer.as_str()).collect();
    let (none, against) = ("insufficient_evidence", "not_recommended");
    assert_eq!(answers, [none, none, against, against, against]);
}

#[test]
fn without_the_option_one_edition_judges_every_order() {
    let dir = tempfile::tempdir().unwrap();
    let run = audited(dir.path(), &[]);
    assert!(findings(&run).iter().all(|(_, _, edition)| edition == "aanem-2023"));
    let page = std::fs::read_to_string(run.join("report.html")).unwrap();
    // The other edition is only what orders are compared by, in a section of its own.
    let (before, compared) = page.split_once("<section aria-labelledby=\"sensitivity\">").unwrap();
    let page = format!("{before}{}", compared.split_once("</section>").unwrap().1);
    assert!(page.contains("<dt>Ruleset</dt>") && !page.contains("aanem-2009") && !page.contains("AANEM 2009"));
    let manifest = json(&run.join("manifest.json"));
    assert_eq!(manifest["ruleset"]["id"], "aanem-2023");
    assert_eq!(manifest["rulesets"].as_array().unwrap(), &vec![manifest["ruleset"].clone()]);
    let summary = json(&run.join("summary.json"));
    assert_eq!((summary["rulesets"].as_array().unwrap().len(), &summary["rulesets"][0]["orders"]), (1, &7.into()));
}

#[test]
fn the_page_and_the_summary_name_the_edition_of_each_row() {
    let dir = tempfile::tempdir().unwrap();
    let run = audited(dir.path(), &["--rules", "in-force"]);
    let page = std::fs::read_to_string(run.join("report.html")).unwrap();
    for part in [
        "<dt>Rulesets</dt>",
        "Inclusion body myositis · AANEM 2009",
        "Inclusion body myositis · AANEM 2023",
        "A. The statement: AANEM 2023",
        "D. The statement: AANEM 2009",
        "19768755",
        "37432872",
    ] {
        assert!(page.contains(part), "`{part}` is not on the page");
    }
    let summary = json(&run.join("summary.json"));
    let rows = summary["by_guideline_row"].as_array().unwrap();
    let of = |edition: &str| {
        let row = rows.iter().find(|row| {
            row["guideline_rows"] == "inclusion-body-myositis"
                && row["ruleset"].as_str().is_some_and(|name| name.starts_with(edition))
        });
        row.map(|row| row["determination"].clone()).unwrap_or_default()
    };
    assert_eq!((of("aanem-2009"), of("aanem-2023")), ("insufficient_evidence".into(), "not_recommended".into()));
    let orders: u64 = rows.iter().filter_map(|row| row["orders"].as_u64()).sum();
    assert_eq!(orders, 7, "the lines add up to all orders");
    let decided: Vec<(&str, u64)> = summary["rulesets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edition| (edition["ruleset"].as_str().unwrap(), edition["orders"].as_u64().unwrap()))
        .collect();
    assert!(matches!(decided[..], [(newest, 3), (earlier, 4)] if newest > earlier), "{decided:?}");
    for finding in summary["top_findings"].as_array().unwrap() {
        assert!(decided.iter().any(|(name, _)| finding["ruleset"] == **name), "{finding}");
    }
    let manifest = json(&run.join("manifest.json"));
    let listed: Vec<String> = manifest["rulesets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| format!("{}@{}", each["id"].as_str().unwrap(), each["version"].as_str().unwrap()))
        .collect();
    assert!(listed.iter().eq(decided.iter().rev().map(|(name, _)| name)), "{listed:?}");
    assert_eq!(manifest["ruleset"]["id"], "in-force");
    assert!(
        manifest["rulesets"].as_array().unwrap().iter().all(|each| each["digest"] != manifest["ruleset"]["digest"])
    );
}

#[test]
fn the_choice_of_editions_makes_another_run() {
    let dir = tempfile::tempdir().unwrap();
    let input = export(dir.path(), &lines()).display().to_string();
    let out = dir.path().join("out");
    let mut said = Vec::new();
    for rules in [&["--rules", "in-force"][..], &["--rules", "in-force"], &[]] {
        let output = audit(&[&input], &out, rules);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        said.push(stderr(&output).contains("nothing new"));
    }
    assert_eq!(said, [false, true, false]);
    assert_eq!(names(&out).iter().filter(|name| name.starts_with('2')).count(), 2);
}

#[test]
fn a_sites_ruleset_stands_in_the_place_of_its_edition() {
    let dir = tempfile::tempdir().unwrap();
    let site = dir.path().join("site");
    std::fs::create_dir(&site).unwrap();
    let text = "id = \"site\"\nversion = \"0.1.0\"\ntitle = \"Site\"\nshort-title = \"Site\"\nbasis = \"local\"\n\
                status = \"draft\"\nextends = \"aanem-2023\"\nin-force-from = \"2024-01\"\n[review]\nauthor = \"site\"\n\
                checker = \"\"\nreviewed-on = \"\"\nreview-by = \"2099-12-31\"\n";
    std::fs::write(site.join("ruleset.toml"), text).unwrap();
    let found = findings(&audited(dir.path(), &["--rules", &format!("in-force:{}", site.display())]));
    let editions: Vec<&str> = found.iter().map(|(_, _, edition)| edition.as_str()).collect();
    assert_eq!(editions, [["aanem-2009"; 5].as_slice(), &["site"; 2]].concat());
}

#[test]
fn explain_and_inspect_use_the_edition_of_the_day() {
    let explained = |more: &[&str]| {
        let output = run(&[&["explain", "--rules", "in-force", "--dx", "G72.41"], more].concat());
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        stdout(&output).lines().find(|line| line.starts_with("ruleset")).unwrap_or_default().to_owned()
    };
    for (more, edition, why) in [
        (&["--date", "2015-03-01"][..], "aanem-2009@", "the edition in force on the service date"),
        (&["--date", "2024-03-01"], "aanem-2023@", "the edition in force on the service date"),
        (&["--date", "2005-03-01"], "aanem-2009@", "the first edition, since none was in force"),
        (&[], "aanem-2023@", "the newest edition, since the service date is not known"),
    ] {
        let line = explained(more);
        assert!(line.contains(edition) && line.contains(why), "{line}");
    }
    let plain = stdout(&run(&["explain", "--dx", "G72.41", "--date", "2015-03-01"]));
    assert!(plain.contains("aanem-2023@") && !plain.contains("edition in force"), "{plain}");
    let dir = tempfile::tempdir().unwrap();
    let input = export(dir.path(), &lines()).display().to_string();
    for (record, edition) in [("3", "aanem-2009@"), ("6", "aanem-2023@")] {
        let told = stdout(&run(&["explain", &input, "--record", record, "--rules", "in-force", "--json"]));
        let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
        assert!(told["ruleset"].as_str().is_some_and(|name| name.starts_with(edition)), "{told}");
        assert_eq!(told["ruleset_chosen"], "the edition in force on the service date");
    }
    let shown = run(&["inspect", &input, "--rules", "in-force", "--show-values"]);
    let text = stdout(&shown);
    assert!(text.contains("insufficient_evidence") && text.contains("not_recommended"), "{text}");
}

#[test]
fn help_says_how_to_ask_for_it() {
    for command in ["audit", "explain", "inspect"] {
        assert!(stdout(&run(&[command, "--help"])).contains("in-force"), "{command}");
    }
}
