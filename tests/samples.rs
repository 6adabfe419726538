//! Which layout and role each public sample has, or why it is refused. With `IVIG_AUDIT_SAMPLES` naming a folder of the
//! samples, their own headers are checked, and every file must be in the table; without it, the headers that stand here.
//! Header names are facts about those files; no record of theirs is here.

use std::path::{Path, PathBuf};

use ivig_audit::intake::{Layout, RecogniseError, Role, recognise, recognise_beside};

/// What is expected of a file.
#[derive(Debug, Clone, Copy)]
enum Is {
    /// Lines of a layout.
    Lines(&'static str),
    /// Lines of a layout that cannot be without a file of this role, and says so.
    LinesBeside(&'static str, Role),
    /// A companion of a layout whose id begins so, and no lines of any.
    Companion(&'static str, Role),
    /// No lines of any layout and no companion; the message says this.
    Refused(&'static str),
}
use Is::{Companion, Lines, LinesBeside, Refused};

/// Ends of paths, the names of the header that matter, and what is expected. The first row that a path ends in counts.
const TABLE: &[(&[&str], &str, Is)] = &[
    // CMS research identifiable files
    (
        &["rif-synthea/carrier.csv", "bcarrier.txt", "bcarrier-multiple-lines.txt", "samhsa/sample-a-carrier.txt"],
        "DML_IND|BENE_ID|CLM_ID|CLM_FROM_DT|PRNCPAL_DGNS_CD|PRNCPAL_DGNS_VRSN_CD|ICD_DGNS_CD1|ICD_DGNS_VRSN_CD1|LINE_NUM|LINE_SRVC_CNT|LINE_1ST_EXPNS_DT|HCPCS_CD|LINE_PRCSG_IND_CD|LINE_ICD_DGNS_CD|LINE_ICD_DGNS_VRSN_CD|LINE_NDC_CD",
        Lines("cms-rif-carrier"),
    ),
    (
        &["rif-synthea/dme.csv", "sample-a-dme.txt"],
        "DML_IND|BENE_ID|CLM_ID|CLM_FROM_DT|PRNCPAL_DGNS_CD|ICD_DGNS_CD1|ICD_DGNS_VRSN_CD1|LINE_NUM|LINE_1ST_EXPNS_DT|HCPCS_CD|LINE_ICD_DGNS_CD|PRVDR_NPI|HCPCS_3RD_MDFR_CD|LINE_NDC_CD",
        Lines("cms-rif-carrier"),
    ),
    (
        &["outpatient.csv", "sample-a-outpatient.txt"],
        "DML_IND|BENE_ID|CLM_ID|CLM_FROM_DT|CLM_FREQ_CD|PRNCPAL_DGNS_CD|ICD_DGNS_CD1|ICD_PRCDR_CD1|PRCDR_DT1|CLM_LINE_NUM|REV_CNTR|REV_CNTR_DT|HCPCS_CD|REV_CNTR_IDE_NDC_UPC_NUM",
        Lines("cms-rif-outpatient"),
    ),
    (
        &["hha.csv", "hospice.csv", "sample-a-hha.txt", "sample-a-hospice.txt"],
        "DML_IND|BENE_ID|CLM_ID|CLM_FROM_DT|CLM_FREQ_CD|PRNCPAL_DGNS_CD|ICD_DGNS_CD1|CLM_LINE_NUM|REV_CNTR|REV_CNTR_DT|HCPCS_CD",
        Lines("cms-rif-outpatient"),
    ),
    (
        &["inpatient.csv", "snf.csv", "sample-a-inpatient.txt", "sample-a-snf.txt", "with-four-character-drg-code.txt"],
        "DML_IND|BENE_ID|CLM_ID|CLM_FROM_DT|CLM_FREQ_CD|CLM_ADMSN_DT|PRNCPAL_DGNS_CD|ICD_DGNS_CD1|ICD_PRCDR_CD1|PRCDR_DT1|CLM_LINE_NUM|REV_CNTR|HCPCS_CD|REV_CNTR_UNIT_CNT",
        Lines("cms-rif-inpatient"),
    ),
    (
        &["beneficiary_history.csv", "beneficiaryhistory.txt"],
        "DML_IND|BENE_ID|STATE_CODE|BENE_BIRTH_DT|BENE_SEX_IDENT_CD|MBI_NUM|EFCTV_BGN_DT|EFCTV_END_DT",
        Companion("cms-rif-", Role::Patients),
    ),
    (
        &[
            "beneficiary_2011.csv",
            "beneficiary_2012.csv",
            "beneficiary_2013.csv",
            "beneficiary_2014.csv",
            "beneficiary_2015.csv",
            "beneficiary_2016.csv",
            "beneficiary_2017.csv",
            "beneficiary_2018.csv",
            "beneficiary_2019.csv",
            "beneficiary_2020.csv",
            "beneficiary_2021.csv",
            "beneficiaries.txt",
            "beneficiaries-with-backslash.txt",
            "beneficiaries-without-reference-year.txt",
            "multiple-entries-same-bene.txt",
            "with-8-months.txt",
            "with-9-months.txt",
        ],
        "\u{feff}DML_IND|BENE_ID|STATE_CODE|BENE_BIRTH_DT|BENE_SEX_IDENT_CD|RFRNC_YR|AGE",
        Companion("cms-rif-", Role::Patients),
    ),
    (
        &["pde.csv", "sample-a-pde.txt"],
        "DML_IND|PDE_ID|CLM_GRP_ID|BENE_ID|SRVC_DT|PROD_SRVC_ID|QTY_DSPNSD_NUM|DAYS_SUPLY_NUM",
        Refused("without a diagnosis"),
    ),
    (&["export_summary.csv"], "BENE_ID,CARRIER_CLAIMS,DME_CLAIMS,PDE_CLAIMS", Refused("does not fit")),
    // CMS integrated data repository
    (
        &["SYNTHETIC_CLM_LINE.csv"],
        "CLM_UNIQ_ID,CLM_NUM_SK,CLM_TYPE_CD,GEO_BENE_SK,CLM_DT_SGNTR_SK,CLM_LINE_NDC_CD,CLM_LINE_FROM_DT,CLM_LINE_NUM,CLM_LINE_DGNS_CD,CLM_LINE_HCPCS_CD",
        LinesBeside("cms-idr", Role::Diagnoses),
    ),
    (
        &["SYNTHETIC_CLM.csv"],
        "CLM_DT_SGNTR_SK,CLM_UNIQ_ID,CLM_TYPE_CD,CLM_FROM_DT,CLM_NUM_SK,GEO_BENE_SK,BENE_SK,CLM_BILL_FREQ_CD",
        Companion("cms-idr", Role::Claims),
    ),
    (
        &["SYNTHETIC_CLM_PROD.csv"],
        "CLM_DGNS_CD,CLM_VAL_SQNC_NUM,CLM_DGNS_PRCDR_ICD_IND,CLM_PROD_TYPE_CD,CLM_DT_SGNTR_SK,CLM_NUM_SK,GEO_BENE_SK,CLM_TYPE_CD,CLM_PRCDR_CD",
        Companion("cms-idr", Role::Diagnoses),
    ),
    (
        &["SYNTHETIC_BENE_HSTRY.csv"],
        "BENE_SK,BENE_XREF_SK,BENE_MBI_ID,BENE_BRTH_DT,BENE_SEX_CD,IDR_LTST_TRANS_FLG",
        Companion("cms-idr", Role::Patients),
    ),
    (
        &["SYNTHETIC_PRAUC.csv"],
        "MBI_NUM,UTN,SEGMENT_COUNT,CURRENT_SEGMENT,UTN_VALID_ST_DT,UTN_VALID_EN_DT,HCPCS_OR_CPT_OR_HIPPS,ICN_DCN,PA_DECISION,PA_REQ_SUB_DT,ICD_DIAG_IND_1,ICD_DIAG_CODE_1",
        Lines("cms-prior-auth"),
    ),
    (
        &[
            "SYNTHETIC_BENE_CMBND_DUAL_MDCR.csv",
            "SYNTHETIC_BENE_LIS.csv",
            "SYNTHETIC_BENE_LIS_CMBND.csv",
            "SYNTHETIC_BENE_MAPD_ENRLMT.csv",
            "SYNTHETIC_BENE_MAPD_ENRLMT_RX.csv",
            "SYNTHETIC_BENE_MBI_ID.csv",
            "SYNTHETIC_BENE_MDCR_ENTLMT.csv",
            "SYNTHETIC_BENE_MDCR_ENTLMT_RSN.csv",
            "SYNTHETIC_BENE_MDCR_STUS.csv",
            "SYNTHETIC_BENE_TP.csv",
            "SYNTHETIC_BENE_XREF.csv",
            "SYNTHETIC_CLM_ANSI_SGNTR.csv",
            "SYNTHETIC_CLM_DCMTN.csv",
            "SYNTHETIC_CLM_DT_SGNTR.csv",
            "SYNTHETIC_CLM_FISS.csv",
            "SYNTHETIC_CLM_INSTNL.csv",
            "SYNTHETIC_CLM_LCTN_HSTRY.csv",
            "SYNTHETIC_CLM_LINE_DCMTN.csv",
            "SYNTHETIC_CLM_LINE_INSTNL.csv",
            "SYNTHETIC_CLM_LINE_PRFNL.csv",
            "SYNTHETIC_CLM_LINE_RX.csv",
            "SYNTHETIC_CLM_PRFNL.csv",
            "SYNTHETIC_CLM_RLT_COND_SGNTR_MBR.csv",
            "SYNTHETIC_CLM_VAL.csv",
            "SYNTHETIC_CNTRCT_PBP_CNTCT.csv",
            "SYNTHETIC_CNTRCT_PBP_NUM.csv",
            "SYNTHETIC_CNTRCT_PBP_SGMT.csv",
            "SYNTHETIC_PRVDR_HSTRY.csv",
        ],
        "CLM_DT_SGNTR_SK,CLM_NUM_SK,GEO_BENE_SK,CLM_TYPE_CD,CLM_VAL_CD,CLM_VAL_AMT",
        Refused(""),
    ),
    // CMS quality payment program
    (
        &["test_csra_sample_data.csv"],
        "CLM_UNIQ_ID,NCH_CLM_TYPE_CD,CLM_LINE_FROM_DT,LINE_DGNS_CD,CLM_LINE_HCPCS_CD,LINE_PRCSG_IND_CD,BENE_BRTH_DT,CLM_DGNS_VRSN_CD_1,CLM_DGNS_CD_1,BENE_SK",
        Lines("cms-qpp"),
    ),
    (
        &[
            "test_empty_query.csv",
            "test_single_claim.csv",
            "test_split_claim.csv",
            "test_two_claims.csv",
            "test_two_claims_from_csv.csv",
        ],
        "bene_sk,geo_bene_sk,clm_dt_sgntr_sk,clm_type_cd,clm_num_sk,clm_line_num,clm_uniq_id,clm_ptnt_birth_dt,clm_line_from_dt,clm_line_hcpcs_cd,clm_dgns_1_cd,clm_dgns_2_cd",
        Lines("cms-qpp"),
    ),
    (&["test_provider_list.csv"], "tin,npi", Refused("does not fit")),
    (&["test_single_claim_with_quality_code.csv"], "", Refused("no header line")),
    // Synthea
    (
        &["synthea/medications.csv"],
        "START,STOP,PATIENT,PAYER,ENCOUNTER,CODE,DESCRIPTION,BASE_COST,PAYER_COVERAGE,DISPENSES,TOTALCOST,REASONCODE,REASONDESCRIPTION",
        Lines("synthea"),
    ),
    (
        &["synthea/conditions.csv"],
        "START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION",
        Companion("synthea", Role::Diagnoses),
    ),
    (
        &["synthea/patients.csv"],
        "Id,BIRTHDATE,DEATHDATE,SSN,FIRST,LAST,GENDER,ZIP",
        Companion("synthea", Role::Patients),
    ),
    (
        &["synthea/claims.csv"],
        "Id,PATIENTID,PROVIDERID,DIAGNOSIS1,DIAGNOSIS2,APPOINTMENTID,SERVICEDATE",
        Refused("without a product code"),
    ),
    (
        &["synthea/claims_transactions.csv"],
        "ID,CLAIMID,CHARGEID,PATIENTID,TYPE,AMOUNT,FROMDATE,PROCEDURECODE,MODIFIER1,DIAGNOSISREF1,UNITS,NOTES",
        Refused("without a diagnosis"),
    ),
    (
        &[
            "synthea/allergies.csv",
            "synthea/careplans.csv",
            "synthea/devices.csv",
            "synthea/encounters.csv",
            "synthea/imaging_studies.csv",
            "synthea/immunizations.csv",
            "synthea/observations.csv",
            "synthea/organizations.csv",
            "synthea/payer_transitions.csv",
            "synthea/payers.csv",
            "synthea/procedures.csv",
            "synthea/providers.csv",
            "synthea/supplies.csv",
        ],
        "START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION,BASE_COST,REASONCODE,REASONDESCRIPTION",
        Refused(""),
    ),
    // Tuva
    (
        &["seeds/medical_claim.csv"],
        "claim_id,claim_line_number,claim_type,person_id,payer,claim_start_date,claim_line_start_date,bill_type_code,service_unit_quantity,hcpcs_code,hcpcs_modifier_1,diagnosis_code_type,diagnosis_code_1,procedure_code_1",
        Lines("tuva"),
    ),
    (
        &["seeds/eligibility.csv"],
        "person_id,member_id,subscriber_id,gender,birth_date,enrollment_start_date,enrollment_end_date,payer",
        Companion("tuva", Role::Patients),
    ),
    (
        &["seeds/pharmacy_claim.csv"],
        "claim_id,claim_line_number,person_id,member_id,payer,dispensing_date,ndc_code,quantity,days_supply,paid_amount",
        Refused("without a diagnosis"),
    ),
    (
        &[
            "seeds/lab_result.csv",
            "seeds/observation.csv",
            "seeds/provider_attribution.csv",
            "seeds/appointment.csv",
            "seeds/immunization.csv",
        ],
        "lab_result_id,person_id,patient_id,encounter_id,source_code,result,result_date",
        Refused(""),
    ),
];

/// What is wrong with a header, if it is not what the table says.
fn wrong(header: &str, expected: Is, layouts: &[Layout]) -> Option<String> {
    let found = recognise(header.as_bytes(), layouts);
    let right = match (expected, &found) {
        (Lines(id), Ok(found)) => layouts[found.layout].id == id,
        (LinesBeside(id, role), Err(error)) => {
            let beside = recognise_beside(header.as_bytes(), layouts, &[role]);
            error.to_string().contains(&format!("{role}=FILE"))
                && beside.is_ok_and(|found| layouts[found.layout].id == id)
        }
        (Companion(of, role), Err(RecogniseError::Companion { layout, role: found, .. })) => {
            layout.starts_with(of) && *found == role
        }
        (Refused(_), Err(RecogniseError::Companion { .. })) => false,
        (Refused(why), Err(error)) => error.to_string().contains(why),
        _ => false,
    };
    (!right).then(|| {
        let shown = |error: RecogniseError| error.to_string().lines().take(8).collect::<Vec<_>>().join("\n");
        let found = found.map_or_else(shown, |found| format!("lines of {}", layouts[found.layout].id));
        format!("expected {expected:?}; found: {found}")
    })
}

fn sample_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of samples that can be read") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "csv" || extension == "txt") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// The row of a path. A row's names are ends of paths, so that `claims.csv` is not taken for `medical_claims.csv`.
fn row(path: &Path) -> Option<&'static (&'static [&'static str], &'static str, Is)> {
    let path = path.to_string_lossy().replace('\\', "/");
    TABLE.iter().find(|(ends, _, _)| ends.iter().any(|end| path.ends_with(end)))
}

#[test]
fn headers_of_public_exports_are_recognised_or_refused_with_the_right_reason() {
    let layouts = Layout::builtin().expect("the shipped layouts are valid");
    let all: Vec<String> = TABLE
        .iter()
        .filter_map(|(ends, header, expected)| {
            wrong(header, *expected, &layouts).map(|what| format!("{}: {what}", ends[0]))
        })
        .collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn public_samples_are_recognised_or_refused_with_the_right_reason_where_they_are_given() {
    let Ok(folder) = std::env::var("IVIG_AUDIT_SAMPLES") else { return };
    let layouts = Layout::builtin().expect("the shipped layouts are valid");
    let (mut all, mut seen) = (Vec::new(), std::collections::HashMap::new());
    let files = sample_files(Path::new(&folder));
    assert!(!files.is_empty(), "no samples in {folder}");
    for path in files.iter().filter(|path| !path.to_string_lossy().contains("license")) {
        let bytes = std::fs::read(path).expect("a sample that can be read");
        let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let header = String::from_utf8_lossy(line).trim_end_matches('\r').to_owned();
        let what = match row(path) {
            // Many samples share a header.
            Some((_, _, expected)) => seen
                .entry((format!("{expected:?}"), header))
                .or_insert_with_key(|(_, header)| wrong(header, *expected, &layouts))
                .clone(),
            None => Some("is in no row of the table".to_owned()),
        };
        all.extend(what.map(|what| format!("{}: {what}", path.display())));
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}
