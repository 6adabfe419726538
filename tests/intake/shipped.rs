//! Every shipped layout: it parses, says where its names are known from, and has examples. That they hold is tested beside.

use std::path::{Path, PathBuf};

use ivig_audit::intake::Layout;

/// Examples that a layout has at least: an ordinary line, its dirt, and one that must not be read as it seems.
const EXAMPLES_MIN: usize = 3;

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/layouts");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder of layouts")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    files
}

#[test]
fn every_shipped_layout_parses_under_the_id_of_its_file() {
    for path in files() {
        let text = std::fs::read_to_string(&path).expect("a layout is text");
        let layout = Layout::parse(&path.display().to_string(), &text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(Some(layout.id.as_str()), path.file_stem().and_then(|stem| stem.to_str()), "{}", path.display());
        assert!(layout.id == "generic" || !layout.basis.is_empty(), "{}: where are its names known from?", layout.id);
        assert!(layout.id == "generic" || layout.recognise.is_some(), "{}: how is it told from others?", layout.id);
        assert!(layout.examples.len() >= EXAMPLES_MIN, "{}: {} examples", layout.id, layout.examples.len());
    }
}

#[test]
fn examples_of_one_layout_have_names_of_their_own() {
    for layout in Layout::builtin().expect("the shipped layouts are valid") {
        let mut names: Vec<&str> = layout.examples.iter().map(|example| example.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), layout.examples.len(), "{}: two examples share a name", layout.id);
    }
}
