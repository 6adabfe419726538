//! The columns of the two exports, in the names of the `generic` layout, and
//! some that nobody maps.

use std::ops::Range;

use crate::export::draft::Draft;
use crate::export::line::Line;
use crate::export::patient::MOST_DIAGNOSES;
use crate::export::settings::Export;

const CLAIMS: &str = "line_id,claim_id,patient_id,service_date,birth_date,sex,revenue_code,hcpcs,modifier1,modifier2,\
modifier3,modifier4,ndc,units,dx1,dx2,dx3,dx4,dx5,dx6,dx7,dx8,dx9,dx10,dx11,dx12,dx_version,dx_pointer,npi,facility_id,\
plan_name,payer,place_of_service,billed,allowed,paid,auth_number,auth_decision,line_status,indication_text,batch_id";

const ORDERS: &str = "order_id,mrn,order_date,dob,sex,weight_kg,department,product_code,modifier,product_name,ndc,units,\
diagnoses,indication_text,ordering_npi,facility_id,payer,place_of_service,frequency,billed,paid,auth_number,auth_status,\
order_status,entered_by";

/// A layout's header and where the columns stand that dirt falls on.
pub struct Layout {
    /// The header line without its end.
    pub header: &'static str,
    /// Ids that may look like formulas.
    pub ids: [usize; 2],
    /// Service date and birth date.
    pub dates: [usize; 2],
    /// The product's code.
    pub product: usize,
    /// Diagnoses: one column each, or one for all.
    pub dx: Range<usize>,
    /// Numbers that may come as floats.
    pub whole: [usize; 3],
    /// The billed amount.
    pub billed: usize,
    /// The payer.
    pub payer: usize,
    /// The column that may span lines.
    pub text: usize,
    /// Columns that may hold a null token instead of nothing.
    pub empty: Vec<usize>,
}

impl Layout {
    /// The layout of an export.
    pub fn of(export: Export) -> Self {
        let (header, ids, dates, whole, product, text) = match export {
            Export::Claims => {
                (CLAIMS, ["claim_id", "auth_number"], ["service_date", "birth_date"], "npi", "hcpcs", "dx1")
            }
            Export::Orders => (
                ORDERS,
                ["order_id", "auth_number"],
                ["order_date", "dob"],
                "ordering_npi",
                "product_code",
                "diagnoses",
            ),
        };
        let names: Vec<&str> = header.split(',').collect();
        let at = |name: &str| names.iter().position(|other| *other == name).unwrap_or(0);
        let first_dx = at(text);
        let empties = |name: &&str| {
            name.starts_with("modifier")
                || name.starts_with("dx1")
                || ["ndc", "auth_number", "dx7", "dx8", "dx9", "diagnoses"].contains(name)
        };
        Self {
            header,
            ids: ids.map(at),
            dates: dates.map(at),
            product: at(product),
            dx: first_dx..first_dx + if export == Export::Claims { MOST_DIAGNOSES } else { 1 },
            whole: [at(whole), at("units"), at("place_of_service")],
            billed: at("billed"),
            payer: at("payer"),
            text: at("indication_text"),
            empty: names.iter().filter(|name| empties(name)).map(|name| at(name)).collect(),
        }
    }
}

/// Writes the cells of a record.
pub fn cells(export: Export, draft: &mut Draft, line: &mut Line) {
    line.clear();
    match export {
        Export::Claims => claim(draft, line),
        Export::Orders => order(draft, line),
    }
}

const PLACES: [&str; 4] = ["11", "22", "12", "24"];
const LINE_STATUS: [&str; 8] = ["paid", "paid", "paid", "paid", "paid", "paid", "denied", "adjusted"];
const DECISIONS: [&str; 8] =
    ["approved", "approved", "approved", "approved", "approved", "partial", "denied", "pended"];

fn claim(draft: &mut Draft, line: &mut Line) {
    line.id("L", draft.number, 12);
    line.id("C", draft.claim, 12);
    line.id("P", draft.patient, 6);
    line.date(draft.service);
    line.date(draft.birth);
    line.plain(if draft.female { "F" } else { "M" });
    line.plain(if draft.name.is_empty() { "0510" } else { "0636" });
    line.plain(draft.code);
    let mut modifiers = draft.modifiers.split(' ');
    for _ in 0..4 {
        line.plain(modifiers.next().unwrap_or_default());
    }
    line.plain(draft.ndc);
    line.minus(draft.takes_back);
    line.number(Some(draft.units));
    for at in 0..MOST_DIAGNOSES {
        line.plain(draft.dx.get(at).copied().unwrap_or_default());
    }
    line.plain("10");
    pointer(draft, line);
    provider(draft, line);
    line.text(&[draft.plan]);
    line.id("PAYER-", 1 + draft.patient % 14, 2);
    line.plain(PLACES[usize::try_from(draft.claim % 4).unwrap_or(0)]);
    for cents in draft.cents {
        line.minus(draft.takes_back);
        line.cents(cents);
    }
    authorization(draft, line, if draft.name.is_empty() { 60 } else { 700 });
    let status = draft.chaff.one(&LINE_STATUS).copied().unwrap_or_default();
    line.plain(if draft.status.is_empty() { status } else { draft.status });
    line.text(&draft.words);
    line.id("SYNTHETIC/INBOUND/837/BATCH-", 1 + draft.number / 5000, 8);
}

fn order(draft: &mut Draft, line: &mut Line) {
    line.id("O", draft.number, 7);
    line.id("P", draft.patient, 6);
    line.date(draft.service);
    line.date(draft.birth);
    line.plain(if draft.female { "F" } else { "M" });
    line.number(Some(48 + draft.patient * 7 % 60));
    line.plain(
        ["INFUSION CENTER", "INPATIENT", "CLINIC", "HOME INFUSION"][usize::try_from(draft.patient % 4).unwrap_or(0)],
    );
    line.plain(draft.code);
    line.plain(draft.modifiers);
    line.text(&[draft.name]);
    line.plain(draft.ndc);
    line.number(Some(draft.units));
    line.text(&[&draft.dx.join(";")]);
    line.text(&draft.words);
    provider(draft, line);
    line.id("PAYER-", 1 + draft.patient % 14, 2);
    line.plain(PLACES[usize::try_from(draft.patient % 4).unwrap_or(0)]);
    line.plain(["every 3 weeks", "every 4 weeks", "once", "5 days"][usize::try_from(draft.patient % 4).unwrap_or(0)]);
    line.cents(draft.cents[0]);
    line.cents(draft.cents[2]);
    authorization(draft, line, 700);
    line.plain(if draft.chaff.per_mille(900) { "completed" } else { "signed" });
    line.id("U", 1 + draft.chaff.below(40), 4);
}

/// Positions as `1:2`; one line in ten leaves them out.
fn pointer(draft: &mut Draft, line: &mut Line) {
    let (first, count) = draft.pointer;
    let mut text = String::new();
    if draft.chaff.per_mille(900) {
        for at in first + 1..=first + count {
            if !text.is_empty() {
                text.push(':');
            }
            text.push_str(&at.to_string());
        }
    }
    line.plain(&text);
}

/// A provider number that begins with 9 is nobody's, and a facility.
fn provider(draft: &mut Draft, line: &mut Line) {
    let (prescriber, site) = draft.provider;
    line.id("9", 800_000_000 + prescriber, 9);
    line.id("F", site, 4);
}

fn authorization(draft: &mut Draft, line: &mut Line, share: u64) {
    if draft.chaff.per_mille(share) {
        line.id("A", draft.chaff.below(10_000_000), 7);
        line.plain(draft.chaff.one(&DECISIONS).copied().unwrap_or_default());
    } else {
        line.plain("");
        line.plain("");
    }
}
