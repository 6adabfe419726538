//! Where rule files come from: built into the program, or a directory of a site.

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};

use super::error::{Problem, RulesError};

static BUILTIN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// All files of a rules directory, path below it to text. Paths use `/`.
#[derive(Debug, Clone, Default)]
pub struct RuleFiles {
    files: BTreeMap<String, String>,
}

impl RuleFiles {
    /// The files that ship with the program.
    #[must_use]
    pub fn builtin() -> Self {
        fn walk(dir: &Dir<'_>, files: &mut BTreeMap<String, String>) {
            for file in dir.files() {
                if let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
                    files.insert(path.replace('\\', "/"), text.to_owned());
                }
            }
            for child in dir.dirs() {
                walk(child, files);
            }
        }
        let mut files = BTreeMap::new();
        walk(&BUILTIN, &mut files);
        Self { files }
    }

    /// The built-in files with one ruleset directory of a site laid in. `dir` holds a `ruleset.toml`; if
    /// `codes` or `products` stand beside it, they replace the built-in ones. Returns the files and the
    /// name under which the ruleset is found in them.
    ///
    /// # Errors
    /// [`RulesError`] if the directory or one of its files cannot be read as text.
    pub fn with_site_ruleset(dir: &Path) -> Result<(Self, String), RulesError> {
        let unreadable =
            |path: &Path, what: &str| RulesError::one(Problem::new(&path.display().to_string(), None, what));
        let name = dir
            .canonicalize()
            .ok()
            .and_then(|path| path.file_name().map(|name| name.to_string_lossy().into_owned()))
            .ok_or_else(|| unreadable(dir, "no such directory; give one that holds a ruleset.toml"))?;
        if !dir.join("ruleset.toml").is_file() {
            return Err(unreadable(dir, "the directory holds no ruleset.toml"));
        }
        let mut files = Self::builtin();
        files.files.retain(|path, _| !path.starts_with(&format!("{name}/")));
        let parent = dir.canonicalize().ok().and_then(|path| path.parent().map(Path::to_path_buf));
        let mut roots = vec![(name.clone(), dir.to_path_buf())];
        for shared in ["codes", "products"] {
            if let Some(path) = parent.as_ref().map(|parent| parent.join(shared)).filter(|path| path.is_dir()) {
                files.files.retain(|path, _| !path.starts_with(&format!("{shared}/")));
                roots.push((shared.to_owned(), path));
            }
        }
        for (prefix, root) in roots {
            files.read_dir(&prefix, &root)?;
        }
        Ok((files, name))
    }

    fn read_dir(&mut self, prefix: &str, dir: &Path) -> Result<(), RulesError> {
        let unreadable = |path: &Path, error: std::io::Error| {
            RulesError::one(Problem::new(&path.display().to_string(), None, error.to_string()))
        };
        for entry in std::fs::read_dir(dir).map_err(|error| unreadable(dir, error))? {
            let path = entry.map_err(|error| unreadable(dir, error))?.path();
            let below = format!("{prefix}/{}", path.file_name().unwrap_or_default().to_string_lossy());
            if path.is_dir() {
                self.read_dir(&below, &path)?;
            } else if path.extension().is_some_and(|ext| ext == "toml" || ext == "csv" || ext == "md") {
                let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
                self.files.insert(below, text);
            }
        }
        Ok(())
    }

    /// Puts one file in, replacing what was there. For tests and for rules that are built by a program.
    pub fn insert(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.files.insert(path.into(), text.into());
    }

    /// The text of one file.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// The path, as it is kept here, and the text of one file.
    #[must_use]
    pub fn entry(&self, path: &str) -> Option<(&str, &str)> {
        self.files.get_key_value(path).map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Paths and texts below a folder, in path order.
    pub fn below<'a>(&'a self, folder: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let folder = format!("{folder}/");
        self.files
            .iter()
            .filter(move |(path, _)| path.starts_with(&folder))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// All paths and texts, in path order.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The ids of the rulesets: folders that hold a `ruleset.toml`.
    #[must_use]
    pub fn ruleset_ids(&self) -> Vec<String> {
        self.files.keys().filter_map(|path| path.strip_suffix("/ruleset.toml")).map(str::to_owned).collect()
    }

    /// BLAKE3 digest, as hex, of the files that decide what a ruleset says: its own, those of the rulesets it is
    /// laid over, and the codes and products.
    #[must_use]
    pub fn digest<'a>(&self, layers: impl IntoIterator<Item = &'a str>) -> String {
        let mut hasher = blake3::Hasher::new();
        for folder in layers.into_iter().chain(["codes", "products"]) {
            for (path, text) in self.below(folder).filter(|(path, _)| !path.ends_with(".md")) {
                for part in [path, text] {
                    hasher.update(&(part.len() as u64).to_le_bytes());
                    hasher.update(part.as_bytes());
                }
            }
        }
        hasher.finalize().to_hex().to_string()
    }
}
