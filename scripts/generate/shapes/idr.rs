//! Claims of CMS in normal form: claims, lines, diagnoses in long form by a key of four columns, beneficiaries, and the
//! decisions on requests for authorization, which no line has the number of.

use std::io;

use chrono::{Days, NaiveDate};

use crate::export::catalogue::Product;
use crate::export::random::{Random, Stream};
use crate::export::shapes::BLOCK;
use crate::export::shapes::case::{Care, Case, Era, undotted};
use crate::export::shapes::settings::Settings;
use crate::export::shapes::sheet::{Form, Sheet, names};
use crate::export::shapes::tables::{Coding, Tables};
use crate::export::shapes::truth::{Ledger, OTHER_PRODUCT, Order, Place};
use crate::export::truth::OUT_OF_SCOPE;

const FORM: Form = Form { delimiter: b',', end: "\n", quoted_header: false, quotes: true };

const CLAIMS: &str = "CLM_DT_SGNTR_SK CLM_UNIQ_ID CLM_RLT_COND_SGNTR_SK CLM_TYPE_CD CLM_SRC_ID CLM_FROM_DT CLM_THRU_DT \
CLM_CNTL_NUM CLM_ORIG_CNTL_NUM CLM_NUM_SK CLM_EFCTV_DT CLM_IDR_LD_DT CLM_OBSLT_DT GEO_BENE_SK BENE_SK CLM_DISP_CD \
CLM_QUERY_CD CLM_SBMT_CHRG_AMT CLM_BILL_FREQ_CD CLM_NCH_PRMRY_PYR_CD IDR_INSRT_TS IDR_UPDT_TS CLM_FINL_ACTN_IND \
CLM_LTST_CLM_IND CLM_PMT_AMT CLM_BLG_PRVDR_NPI_NUM CLM_RFRG_PRVDR_PIN_NUM CLM_ALOWD_CHRG_AMT META_SRC_SK";
const LINES: &str = "CLM_UNIQ_ID CLM_NUM_SK CLM_TYPE_CD GEO_BENE_SK CLM_DT_SGNTR_SK CLM_LINE_CVRD_PD_AMT \
CLM_LINE_NCVRD_PD_AMT CLM_LINE_NCVRD_CHRG_AMT CLM_LINE_NDC_CD CLM_LINE_SRVC_UNIT_QTY CLM_LINE_FROM_DT \
CLM_LINE_THRU_DT CLM_LINE_NDC_QTY CLM_LINE_NDC_QTY_QLFYR_CD CLM_LINE_BENE_PD_AMT CLM_LINE_PRVDR_PMT_AMT \
CLM_LINE_SBMT_CHRG_AMT CLM_LINE_BENE_PMT_AMT CLM_LINE_BLOOD_DDCTBL_AMT CLM_LINE_MDCR_DDCTBL_AMT CLM_LINE_NUM \
CLM_FROM_DT CLM_LINE_MDCR_COINSRNC_AMT CLM_LINE_DGNS_CD CLM_POS_CD CLM_RNDRG_PRVDR_PRTCPTG_CD \
CLM_RNDRG_PRVDR_TAX_NUM CLM_RNDRG_PRVDR_PIN_NUM CLM_LINE_HCPCS_CD HCPCS_1_MDFR_CD HCPCS_2_MDFR_CD HCPCS_3_MDFR_CD \
CLM_LINE_REV_CTR_CD CLM_LINE_ALOWD_CHRG_AMT IDR_INSRT_TS IDR_UPDT_TS HCPCS_4_MDFR_CD CLM_RNDRG_PRVDR_NPI_NUM \
HCPCS_5_MDFR_CD";
const DIAGNOSES: &str = "CLM_DGNS_CD CLM_VAL_SQNC_NUM CLM_DGNS_PRCDR_ICD_IND CLM_PROD_TYPE_CD CLM_POA_IND \
CLM_DT_SGNTR_SK CLM_NUM_SK GEO_BENE_SK CLM_TYPE_CD IDR_INSRT_TS IDR_UPDT_TS CLM_PRCDR_CD CLM_PRCDR_PRFRM_DT";
const PATIENTS: &str = "BENE_SK BENE_XREF_SK BENE_XREF_EFCTV_SK BENE_MBI_ID BENE_LAST_NAME BENE_1ST_NAME \
BENE_MIDL_NAME BENE_BRTH_DT BENE_DEATH_DT BENE_VRFY_DEATH_DAY_SW BENE_SEX_CD BENE_RACE_CD BENE_LINE_{1..6}_ADR \
GEO_ZIP_PLC_NAME GEO_ZIP5_CD GEO_USPS_STATE_CD CNTCT_LANG_CD IDR_LTST_TRANS_FLG IDR_TRANS_EFCTV_TS IDR_INSRT_TS \
IDR_UPDT_TS IDR_TRANS_OBSLT_TS";

const AUTHORIZATIONS: &str = "MBI_NUM CAN EQUAT_BIC UTN SEGMENT_COUNT CURRENT_SEGMENT UTN_VALID_ST_DT UTN_VALID_EN_DT \
PA_IND CLM_TYPE HCPCS_OR_CPT_OR_HIPPS ICD_PROC_IND ICD_PROC_CODE MAC_ID PA_FILLER ICN_DCN PA_DT_ADDED PA_DT_UPDATED \
SERVICE_CNTS PA_DECISION PA_REQ_SUB_DT PA_REQ_REC_DT PA_DECISION_DT PA_DECISION_EXP_DT ORDER_REFER_NPI RENDER_NPI";

const STAMP: &str = "2025-03-11 01:51:33.358744";

struct Files {
    claims: Sheet,
    lines: Sheet,
    diagnoses: Sheet,
    patients: Sheet,
    authorizations: Sheet,
}

/// A decision on one product for a time.
struct Authorization<'t> {
    product: &'t str,
    from: NaiveDate,
    until: NaiveDate,
    number: String,
    decision: &'static str,
}

/// One line of a claim.
struct Line<'t> {
    code: &'t str,
    product: Option<&'t Product>,
    reason: Option<&'static str>,
}

impl Authorization<'_> {
    fn covers(&self, product: &str, service: NaiveDate) -> bool {
        self.product == product && self.from <= service && service <= self.until
    }
}

/// Writes the five files.
///
/// # Errors
/// What the files say.
pub fn write(settings: &Settings, tables: &Tables, ledger: &mut Ledger) -> io::Result<()> {
    let sheet = |name: &str, columns: &str| Sheet::create(&settings.dir, name, FORM, names(columns));
    let mut files = Files {
        claims: sheet("CLM.csv", CLAIMS)?,
        lines: sheet("CLM_LINE.csv", LINES)?,
        diagnoses: sheet("CLM_PROD.csv", DIAGNOSES)?,
        patients: sheet("BENE_HSTRY.csv", PATIENTS)?,
        authorizations: sheet("PRAUC.csv", AUTHORIZATIONS)?,
    };
    let (mut claims, mut codes, mut people, mut number) = (Vec::new(), Vec::new(), Vec::new(), 0);
    while files.lines.rows < settings.records {
        let mut case = Case::new(tables, settings, Coding::Icd10, Era::Now, number);
        let authorization = authorization(tables, settings, &case);
        let product = product(tables, &mut case);
        let telling = match (case.care, product) {
            (Care::LookAlike, Some(product)) => {
                case.own.one(&product.dx).map_or(Vec::new(), |list| list.iter().map(String::as_str).collect())
            }
            _ => case.telling(),
        };
        let dx = case.diagnoses(tables, &telling, 12);
        claims.push(claim_row(&mut files, &mut case));
        diagnosis_rows(&mut files, tables, &mut case, &dx, &mut codes);
        if case.is_first() && case.on_file {
            people.push(patient_row(&mut files, &mut case, true));
            if case.own.per_mille(200) {
                people.push(patient_row(&mut files, &mut case, false));
            }
            if let Some(authorization) = &authorization {
                authorization_rows(&mut files, &case, authorization)?;
            }
        }
        for (at, line) in (1..).zip(lines(tables, &mut case, product)) {
            if files.lines.rows < settings.records {
                let known = Known { dx: &dx, telling: telling.first().copied(), authorization: authorization.as_ref() };
                line_row(&mut files, &mut case, at, &line, &known, ledger)?;
            }
        }
        number += 1;
        if number.is_multiple_of(BLOCK) || files.lines.rows == settings.records {
            let mut random = Random::at(settings.seed, Stream::Record, number);
            for (sheet, rows) in [
                (&mut files.claims, &mut claims),
                (&mut files.diagnoses, &mut codes),
                (&mut files.patients, &mut people),
            ] {
                random.shuffle(rows);
                for row in rows.drain(..) {
                    sheet.put(&row)?;
                }
            }
        }
    }
    ledger.file("lines", "CLM_LINE.csv", files.lines.finish()?);
    ledger.file("claims", "CLM.csv", files.claims.finish()?);
    ledger.file("diagnoses", "CLM_PROD.csv", files.diagnoses.finish()?);
    ledger.file("patients", "BENE_HSTRY.csv", files.patients.finish()?);
    ledger.file("authorizations", "PRAUC.csv", files.authorizations.finish()?);
    Ok(())
}

fn product<'t>(tables: &'t Tables, case: &mut Case) -> Option<&'t Product> {
    let catalogue = &tables.catalogue;
    let group = match case.care {
        Care::Immune(_) => &catalogue.intravenous,
        Care::LookAlike => &catalogue.look_alike,
        Care::Other => return None,
    };
    let service = case.service;
    let mut draws = (0..20).map(|_| &catalogue.products[*group.draw(&mut case.own)]);
    draws.find(|product| product.from <= service)
}

/// What was decided for a patient on file: about the product of the first claim, for some months round it.
fn authorization<'t>(tables: &'t Tables, settings: &Settings, case: &Case) -> Option<Authorization<'t>> {
    let mut first = Case::new(tables, settings, Coding::Icd10, Era::Now, case.number - case.number % 2);
    let product = product(tables, &mut first)?;
    let mut own = Random::at(settings.seed ^ 9, Stream::Claim, first.number);
    if !first.on_file || !own.per_mille(600) {
        return None;
    }
    Some(Authorization {
        product: &product.code,
        from: first.service - Days::new(5 + own.below(40)),
        until: first.service + Days::new(30 + own.below(200)),
        number: format!("-X{:011}", first.patient * 7919 + 138),
        decision: own.one(&["A", "A", "A", "P", "N"]).copied().unwrap_or("A"),
    })
}

/// The decision, an older one on the same product, and one on something else; cells are padded to a width.
fn authorization_rows(files: &mut Files, case: &Case, known: &Authorization) -> io::Result<()> {
    let sheet = &mut files.authorizations;
    let earlier = (known.from - Days::new(900), known.from - Days::new(800));
    for (number, product, (from, until), decision) in [
        (format!("{}0", known.number), known.product, earlier, "N"),
        (known.number.clone(), known.product, (known.from, known.until), known.decision),
        (format!("{}1", known.number), "G0496", (known.from, known.until), "A"),
    ] {
        sheet.push(mbi(case)).push("").push("").push(number).push(1).push(1).push(from).push(until).push("H006");
        sheet.push("O").push(product).push(" ").push("       ").push("02102").push("    ");
        sheet.push(format!("{:014}", 25_290_726_000_000_u64 + case.patient)).push(from).push(from).push(8);
        sheet.push(decision).push(from).push(from).push(from).push(until);
        sheet
            .push(format!("98{:08}", case.patient * 31 % 900))
            .push(format!("98{:08}", case.patient * 31 % 900))
            .end()?;
    }
    Ok(())
}

fn lines<'t>(tables: &'t Tables, case: &mut Case, product: Option<&'t Product>) -> Vec<Line<'t>> {
    let mut lines = Vec::new();
    for _ in 0..=case.own.below(4) {
        let code = tables.background("hcpcs").draw(&mut case.own);
        lines.push(Line { code, product: None, reason: Some(OTHER_PRODUCT) });
    }
    if case.own.per_mille(if product.is_some() { 600 } else { 30 }) {
        let infusion = &tables.catalogue.products[*tables.catalogue.administration.draw(&mut case.own)];
        lines.push(line(infusion));
    }
    lines.extend(product.map(line));
    case.own.shuffle(&mut lines);
    lines
}

fn line(product: &Product) -> Line<'_> {
    let reason = product.out_of_scope.map(|at| OUT_OF_SCOPE[at]);
    Line { code: &product.code, product: Some(product), reason }
}

/// The four columns of the key. Two claims of a patient differ in one of them only.
fn key(case: &Case) -> [String; 4] {
    let signature = (case.patient + 1) * 7_368_787 % 1_000_000_000_000;
    let number = 1 + case.number % 2;
    [format!("{signature:012}"), number.to_string(), format!("{:05}", case.patient * 37 % 100_000), "71".to_owned()]
}

fn claim_id(case: &Case) -> String {
    format!("{:013}", 3_351_000_000_000_u64 + case.number * 11)
}

fn bene(case: &Case) -> u64 {
    800_000_000 + case.patient
}

fn mbi(case: &Case) -> String {
    format!("9TT{:08}", case.patient)
}

fn claim_row(files: &mut Files, case: &mut Case) -> Vec<u8> {
    let sheet = &mut files.claims;
    let [signature, number, geo, kind] = key(case);
    sheet.push(signature).push(claim_id(case)).push("").push(kind).push(20_000).push(case.service).push(case.service);
    sheet.push(format!("{:014}RIF", 28_977_596_000_000_u64 + case.number)).push("").push(number).push("2026-01-15");
    sheet.push("2026-01-20").push("9999-12-31").push(geo).push(bene(case)).push("~").push(1);
    sheet.push(format!("{}.17", 100 + case.own.below(900))).push(1).push(if case.own.per_mille(300) {
        "~"
    } else {
        "C"
    });
    sheet.push(STAMP).push("").push("Y").push("Y").push("320.31").push(format!("98{:08}.0", case.patient * 31 % 900));
    sheet.push("918127239123.0").push("522.78").push(7);
    sheet.take(0)
}

/// The principal diagnosis stands twice, as such and first in the list. Admitting and external-cause diagnoses stand
/// apart, and are no diagnoses of the order.
fn diagnosis_rows(files: &mut Files, tables: &Tables, case: &mut Case, dx: &[&str], rows: &mut Vec<Vec<u8>>) {
    let keys = key(case);
    let sheet = &mut files.diagnoses;
    let mut row = |code: &str, position: usize, kind: &str, version: &str| {
        let [signature, number, geo, claim_type] = &keys;
        sheet.push(undotted(code)).push(position).push(version).push(kind).push("~").push(signature).push(number);
        sheet.push(geo).push(claim_type).push(STAMP).push("").push("").push("");
        rows.push(sheet.take(0));
    };
    for (position, code) in (1..).zip(dx) {
        if position == 1 {
            row(code, 1, "P", "0");
        }
        row(code, position, "D", "0");
    }
    if case.own.per_mille(300) {
        let trap = tables.background("trap").draw(&mut case.own);
        let version = if trap.starts_with(|first: char| first.is_ascii_digit()) { "9" } else { "0" };
        row(trap, 1, if case.own.per_mille(500) { "A" } else { "R" }, version);
    }
}

fn patient_row(files: &mut Files, case: &mut Case, latest: bool) -> Vec<u8> {
    let sheet = &mut files.patients;
    let bene = bene(case);
    let name = if latest { "Tester" } else { "Testerson" };
    sheet.push(bene).push(bene).push(bene).push(mbi(case)).push(name).push("Pat");
    sheet.push("").push(case.birth).push("").push("~").push(if case.female { 2 } else { 1 }).push("~");
    sheet.push("1 Example Street, Flat 2").push("").push("").push("").push("").push("").push("Mobile").push("36609");
    sheet.push("AL").push("~").push(if latest { "Y" } else { "N" }).push(STAMP).push(STAMP).push(STAMP);
    sheet.push(if latest { "9999-12-31T00:00:00.000000" } else { "2024-12-25T00:00:00.000000" });
    sheet.take(0)
}

/// What is known of a claim.
struct Known<'a> {
    dx: &'a [&'a str],
    telling: Option<&'a str>,
    authorization: Option<&'a Authorization<'a>>,
}

fn line_row(
    files: &mut Files,
    case: &mut Case,
    at: u64,
    line: &Line,
    known: &Known,
    ledger: &mut Ledger,
) -> io::Result<()> {
    let [signature, number, geo, kind] = key(case);
    let milligrams = line.product.and_then(|product| product.mg_per_unit);
    let units = milligrams.map_or(1 + case.own.below(3), |mg| (20 + 5 * case.own.below(11)) * 1000 / mg);
    let allowed = units * (20 + case.own.below(60));
    let modifiers = line.product.and_then(|product| case.own.one(&product.modifiers)).map_or("", String::as_str);
    let mut modifiers = modifiers.split(' ');
    // A line names a diagnosis of its claim, or none.
    let line_dx = match (line.product, known.telling) {
        (Some(_), Some(code)) if case.own.per_mille(700) => undotted(code),
        (None, _) if case.own.per_mille(700) => case.own.one(known.dx).map_or(String::new(), |code| undotted(code)),
        _ => String::new(),
    };
    let short = usize::from(case.own.per_mille(20));
    let sheet = &mut files.lines;
    sheet.push(claim_id(case)).push(number).push(kind).push(geo).push(signature).push(format!("{allowed}.5")).push("");
    sheet.push("12.88").push(if case.own.per_mille(100) { "~" } else { "" }).push(format!("{units}.0"));
    sheet.push(case.service).push(case.service).push("").push("").push("2.06").push(format!("{allowed}.81"));
    sheet.push(format!("{}.29", allowed * 2)).push("4.88").push("5.12").push("2.24").push(at).push(case.service);
    sheet.push("2.32").push(line_dx).push(11).push(1).push("912834729").push("19238747").push(line.code);
    let mut modifier = || modifiers.next().unwrap_or_default().to_owned();
    sheet.push(modifier()).push(modifier()).push(modifier()).push("0636").push(format!("{allowed}.88")).push(STAMP);
    sheet.push("").push(modifier()).push(format!("98{:08}.0", case.patient * 31 % 900)).push("");
    let row = sheet.take(short);
    let place = Place { record: sheet.put(&row)?, slot: 1, column: "CLM_LINE_HCPCS_CD" };
    ledger.record(line.reason);
    match (case.care, line.product, line.reason) {
        (Care::Immune(scenario), Some(product), None) => {
            let order = Order {
                scenario,
                service: case.service,
                age: case.age(),
                coding: "icd10",
                diagnoses: known.dx,
                patient: bene(case).to_string(),
                product: &product.code,
                grams: milligrams.map(|mg| units * mg),
                auth: known
                    .authorization
                    .filter(|known| known.covers(&product.code, case.service))
                    .map_or_else(String::new, |known| format!("{} {}", known.number, known.decision)),
            };
            ledger.order(place, &order)
        }
        (_, Some(product), Some(reason)) => ledger.look_alike(place, reason, &product.code),
        _ => Ok(()),
    }
}
