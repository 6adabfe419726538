//! What the rulesets of one rules directory have in common, so that several editions read it once.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use super::compile::Layer;
use super::course::Course;
use super::error::{Problem, RulesError};
use super::files::RuleFiles;
use super::list::CodeLists;
use super::product::Products;

/// Each part is read when the first ruleset needs it, and what is wrong in it is told to each that does.
pub(super) struct Shared<'f> {
    pub files: &'f RuleFiles,
    lists: OnceCell<(CodeLists, Vec<Problem>)>,
    products: OnceCell<Result<Arc<Products>, RulesError>>,
    courses: RefCell<BTreeMap<&'f str, Arc<Course>>>,
    layers: RefCell<BTreeMap<String, Layer<'f>>>,
}

impl<'f> Shared<'f> {
    /// Of these files nothing is read yet.
    pub fn of(files: &'f RuleFiles) -> Self {
        Self {
            files,
            lists: OnceCell::new(),
            products: OnceCell::new(),
            courses: RefCell::default(),
            layers: RefCell::default(),
        }
    }

    /// The lists below `codes/`, and what is wrong in them.
    pub fn lists(&self) -> (CodeLists, Vec<Problem>) {
        self.lists.get_or_init(|| CodeLists::shared(self.files)).clone()
    }

    /// What stands below `products/`.
    pub fn products(&self) -> Result<Arc<Products>, RulesError> {
        self.products.get_or_init(|| Products::load(self.files).map(Arc::new)).clone()
    }

    /// The patterns over time of the first of these rulesets that has some of its own, or else those that all share;
    /// nothing is looked for where there are none.
    pub fn course<'id>(&self, mut layers: impl Iterator<Item = &'id str>) -> Result<Arc<Course>, RulesError> {
        let own = layers.find_map(|id| self.files.entry(&format!("{id}/{}", Course::FILE)));
        let Some((path, text)) = own.or_else(|| self.files.entry(Course::FILE)) else {
            return Ok(Arc::default());
        };
        if let Some(course) = self.courses.borrow().get(path) {
            return Ok(Arc::clone(course));
        }
        let course = Arc::new(Course::read(path, text)?);
        self.courses.borrow_mut().insert(path, Arc::clone(&course));
        Ok(course)
    }

    /// A folder of a ruleset as it is written; `read` reads one that was not asked for before.
    pub fn layer(
        &self,
        id: &str,
        read: impl FnOnce() -> Result<Layer<'f>, RulesError>,
    ) -> Result<Layer<'f>, RulesError> {
        if let Some(layer) = self.layers.borrow().get(id) {
            return Ok(layer.clone());
        }
        let layer = read()?;
        self.layers.borrow_mut().insert(id.to_owned(), layer.clone());
        Ok(layer)
    }
}
