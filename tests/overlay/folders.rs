//! Where a site's rulesets are looked for: the folder that is named, the folders beside it, and what ships.

use std::path::Path;

use ivig_audit::rules::{RuleFiles, Rulebook, Ruleset};

use crate::{BASE, HEAD, said};

/// A directory with these files, by their paths in it.
fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    dir
}

/// The least that a ruleset says which is laid over another one.
fn over(id: &str, below: &str, more: &str) -> String {
    HEAD.replace("\"site\"", &format!("\"{id}\"")).replace("aanem-2023", below) + more
}

fn open(dir: &Path, name: &str) -> Result<Ruleset, String> {
    Ruleset::open(dir.join(name).to_str().unwrap()).map_err(|error| error.to_string())
}

#[test]
fn a_site_is_laid_over_the_site_in_the_folder_beside_it() {
    let cap = "[policy.cap.codes]\nmyasthenia-gravis-without-exacerbation = \"review\"\n";
    let dir = directory(&[
        ("clinic/ruleset.toml", &over("clinic", "hospital", "[drop]\nrows = [\"polymyositis\"]\n")),
        ("hospital/ruleset.toml", &over("hospital", "network", cap)),
        ("network/ruleset.toml", &over("network", BASE, "[outside]\nestablished = [\"multiple-sclerosis\"]\n")),
        ("stranger/ruleset.toml", "this is not read"),
    ]);
    let clinic = open(dir.path(), "clinic").unwrap();
    let ids: Vec<&str> = clinic.layers.iter().map(|layer| layer.id.as_str()).collect();
    assert_eq!(ids, [BASE, "network", "hospital", "clinic"]);
    assert_eq!(said(&clinic, &["M33.20"], "").0, "not_addressed", "what the clinic drops");
    assert_eq!(said(&clinic, &["G70.00"], "").2, "review", "what the hospital caps");
    assert_eq!(said(&clinic, &["G35.A"], "").2, "clear", "what the network moves");
    assert_eq!(said(&open(dir.path(), "hospital").unwrap(), &["M33.20"], "").1, ["polymyositis"]);
    let before = clinic.info.digest;
    std::fs::write(dir.path().join("network/ruleset.toml"), over("network", BASE, "")).unwrap();
    assert_ne!(before, open(dir.path(), "clinic").unwrap().info.digest);
    let word = format!("in-force:{}", dir.path().join("clinic").display());
    let in_force = Rulebook::open(&word).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        in_force.editions().map(|edition| edition.info.id.as_str()).collect::<Vec<_>>(),
        ["aanem-2009", "clinic"]
    );
}

#[test]
fn a_chain_that_is_too_long_or_a_circle_or_leads_nowhere_is_refused() {
    let dir = directory(&[
        ("a/ruleset.toml", &over("a", "b", "")),
        ("b/ruleset.toml", &over("b", "c", "")),
        ("c/ruleset.toml", &over("c", "d", "")),
        ("d/ruleset.toml", &over("d", BASE, "")),
        ("round/ruleset.toml", &over("round", "about", "")),
        ("about/ruleset.toml", &over("about", "round", "")),
        ("lost/ruleset.toml", &over("lost", "nowhere", "")),
        ("up/ruleset.toml", &over("up", "../a", "")),
    ]);
    let refused = |name: &str| open(dir.path(), name).unwrap_err();
    assert!(refused("a").starts_with("d/ruleset.toml:") && refused("a").contains("at most 4"), "{}", refused("a"));
    assert!(open(dir.path(), "b").is_ok());
    assert!(refused("round").contains("cannot be laid over itself"), "{}", refused("round"));
    let lost = refused("lost");
    assert!(lost.contains("unknown ruleset `nowhere`") && lost.contains("or a folder beside this one"), "{lost}");
    assert!(refused("up").contains("unknown ruleset `../a`"), "a folder is named, not a path");
}

#[test]
fn what_a_site_extends_is_the_shipped_ruleset_of_that_id_before_a_folder() {
    let dir =
        directory(&[("aanem-2023/ruleset.toml", "this is not read"), ("site/ruleset.toml", &over("site", BASE, ""))]);
    let site = open(dir.path(), "site").unwrap();
    assert_eq!(site.layers[0].digest, Ruleset::builtin(BASE).unwrap().info.digest);
}

#[test]
fn an_own_copy_may_be_called_like_a_shipped_ruleset_and_cannot_extend_itself() {
    let shipped = RuleFiles::builtin();
    let files: Vec<(&str, &str)> = shipped.below(BASE).collect();
    let copy = directory(&files);
    let path = copy.path().join(BASE).join("ruleset.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("short-title       = \"AANEM 2023\"", "short-title = \"Our copy\"")).unwrap();
    assert_eq!(open(copy.path(), BASE).unwrap().info.short_title, "Our copy");
    let itself = directory(&[("aanem-2023/ruleset.toml", &over(BASE, BASE, ""))]);
    let refused = open(itself.path(), BASE).unwrap_err();
    assert!(refused.contains("a ruleset cannot be laid over itself"), "{refused}");
}

#[test]
fn a_ruleset_called_like_a_shared_folder_is_refused_by_that_reason() {
    for name in ["codes", "products", "layouts", "refresh"] {
        let dir = directory(&[(&format!("{name}/ruleset.toml"), &over(name, BASE, ""))]);
        let refused = open(dir.path(), name).unwrap_err();
        assert!(refused.contains(&format!("`{name}` is the name of a folder of the rules that every")), "{refused}");
    }
}

#[test]
fn a_table_in_a_form_that_nothing_reads_is_refused_below_codes() {
    let head = over("site", BASE, "");
    for path in ["site/codes/cidp.xlsx", "site/codes/valid/icd10cm.txt", "codes/cidp.CSV"] {
        let dir = directory(&[("site/ruleset.toml", &head), (path, "code")]);
        let refused = open(dir.path(), "site").unwrap_err();
        assert!(refused.contains(path) && refused.contains("nothing reads this file"), "{refused}");
    }
    let left_behind =
        directory(&[("site/ruleset.toml", &head), ("site/codes/.cidp.csv.swp", ""), ("site/codes/~$cidp.xlsx", "")]);
    assert!(open(left_behind.path(), "site").is_ok());
}

#[test]
fn one_ruleset_is_not_several() {
    for word in ["in-force", "in-force:anywhere"] {
        let refused = Ruleset::open(word).unwrap_err().to_string();
        assert!(refused.contains("several rulesets") && refused.contains("`aanem-2009` or `aanem-2023`"), "{refused}");
    }
    let unknown = Ruleset::open("aanem-1999").unwrap_err().to_string();
    assert!(unknown.contains("accepted are `aanem-2009` or `aanem-2023`, or a directory"), "{unknown}");
}
