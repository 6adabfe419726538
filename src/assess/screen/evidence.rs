//! What tells a product besides its code: the NDC and the product's name, each read once.

use crate::codes::ProductCode;
use crate::order::ProductCodes;
use crate::rules::{Named, ProductId, ProductKind, Route, Ruleset, Told};

/// What NDC and name tell.
pub(in crate::assess) struct Evidence {
    ndc: Option<Named>,
    name: Told,
    /// Whether there is an NDC of which no reading is listed.
    another_ndc: bool,
}

impl Evidence {
    /// Reads both. What leaves the route open goes under the skin where a modifier, the name or the route's own cell says
    /// so; that cell tells a general name by vein from one into a muscle too.
    pub fn read(ruleset: &Ruleset, product: &ProductCodes) -> Self {
        let under_skin = super::under_skin(ruleset, product);
        let route = ruleset.products.route(&product.route);
        let given = |kind| match (kind, route) {
            (ProductKind::DualRoute | ProductKind::RouteUnstated, _) if under_skin => ProductKind::Subcutaneous,
            (ProductKind::RouteUnstated, Some(Route::Muscle)) => ProductKind::OtherGlobulin,
            (ProductKind::RouteUnstated, Some(Route::Vein)) => ProductKind::Intravenous,
            (kind, _) => kind,
        };
        let name = match ruleset.products.told(&product.name) {
            Told::Product(named) => Told::Product(Named { kind: given(named.kind), ..named }),
            told => told,
        };
        let named_under_skin = matches!(name, Told::Product(Named { kind: ProductKind::Subcutaneous, .. }));
        let ndc = ruleset.products.find_ndc(&product.ndc).map(|(_, id)| match ruleset.products.get(id).kind {
            ProductKind::DualRoute if under_skin || named_under_skin => Named { id, kind: ProductKind::Subcutaneous },
            kind => Named { id, kind },
        });
        let listed = product.ndc.iter().any(|ndc| ruleset.products.find(ProductCode::Ndc(ndc.product())).is_some());
        Self { ndc, name, another_ndc: !product.ndc.is_empty() && !listed }
    }

    /// The product that they name: the NDC before the name.
    pub fn named(&self) -> Option<Named> {
        self.ndc.or(match self.name {
            Told::Product(named) => Some(named),
            _ => None,
        })
    }

    /// Whether they are those of something that is no globulin. A name that speaks of some globulin is not, whatever the
    /// NDC; without a name the NDC tells.
    pub fn is_of_another(&self) -> bool {
        match self.name {
            Told::Another => self.ndc.is_none(),
            Told::Nothing => self.another_ndc,
            Told::Product(_) | Told::Globulin => false,
        }
    }

    /// Whether NDC or name tell that an order, which its code puts in scope, is of something else or goes another way.
    pub fn differs(&self) -> bool {
        let name = match self.name {
            Told::Product(named) => Some(named),
            _ => None,
        };
        [self.ndc, name].into_iter().flatten().any(|named| !named.kind.is_by_vein())
    }

    /// Whether an order is in scope by a general name that tells no route.
    pub fn leaves_route_open(&self, id: ProductId) -> bool {
        self.name == Told::Product(Named { id, kind: ProductKind::RouteUnstated })
    }
}
