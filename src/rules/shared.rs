//! What the rulesets of one rules directory have in common, so that several editions read it once.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use super::compile::Layer;
use super::error::{Problem, RulesError};
use super::files::RuleFiles;
use super::list::CodeLists;
use super::product::Products;

/// Each part is read when the first ruleset needs it, and what is wrong in it is told to each that does.
pub(super) struct Shared<'f> {
    pub files: &'f RuleFiles,
    lists: OnceCell<(CodeLists, Vec<Problem>)>,
    products: OnceCell<Result<Arc<Products>, RulesError>>,
    layers: RefCell<BTreeMap<String, Layer<'f>>>,
}

impl<'f> Shared<'f> {
    /// Of these files nothing is read yet.
    pub fn of(files: &'f RuleFiles) -> Self {
        Self { files, lists: OnceCell::new(), products: OnceCell::new(), layers: RefCell::default() }
    }

    /// The lists below `codes/`, and what is wrong in them.
    pub fn lists(&self) -> (CodeLists, Vec<Problem>) {
        self.lists.get_or_init(|| CodeLists::shared(self.files)).clone()
    }

    /// What stands below `products/`.
    pub fn products(&self) -> Result<Arc<Products>, RulesError> {
        self.products.get_or_init(|| Products::load(self.files).map(Arc::new)).clone()
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
