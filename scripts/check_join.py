#!/usr/bin/env python3
"""Joins an export of several files once more, with a reader that shares no code with the program.

    scripts/check_join.py ANSWERS EXPORT_DIR [RUN_DIR]

EXPORT_DIR holds the files of one shape as `cargo run --example generate -- SHAPE --dir EXPORT_DIR --answers ANSWERS` wrote
them; ANSWERS says which lines are immune globulin by vein, and what the generator knows of them. DuckDB joins lines,
diagnoses, patients and authorizations over all of the files and compares the orders' service date, age, diagnoses and
authorization with ANSWERS, and, if a RUN_DIR of `ivig-audit audit` is given, with its assessments.parquet: the same orders
by record and slot, and for each the same date, age, diagnoses and authorization, and the determination, guideline rows and
flag that ANSWERS expects. Counts are printed; any difference is printed and ends with exit code 1.

Needs the package `duckdb`.
"""

import sys
from pathlib import Path

import duckdb

# The program keeps so many diagnoses of an order (DIAGNOSES_MAX in src/order.rs).
KEPT = 32
SHOWN = 5

CSV = "read_csv(?, header = true, all_varchar = true, delim = '{}', quote = '{}', null_padding = true, strict_mode = false)"

# A code with the dot that the file leaves out.
DOTTED = """CASE
    WHEN length({code}) > 3 AND ({icd9}) AND {code} LIKE 'E%' THEN
        CASE WHEN length({code}) > 4 THEN {code}[:4] || '.' || {code}[5:] ELSE {code} END
    WHEN length({code}) > 3 THEN {code}[:3] || '.' || {code}[4:]
    ELSE {code} END"""


def dotted(code, icd9="true"):
    return DOTTED.format(code=code, icd9=icd9)


class Join:
    """One shape: its files as tables, and the orders of the answers joined with them as the table `joined`."""

    def __init__(self, folder, answers):
        self.folder = folder
        self.sql = duckdb.connect()
        self.table("answers", answers, ",", '"')

    def table(self, name, path, delimiter, quote):
        self.sql.execute(f"CREATE TABLE {name} AS SELECT * FROM {CSV.format(delimiter, quote)}", [str(path)])

    def file(self, name, pattern, delimiter=",", quote='"'):
        found = sorted(self.folder.glob(pattern))
        if len(found) != 1:
            sys.exit(f"{self.folder}: {len(found)} files like {pattern}")
        self.table(name, found[0], delimiter, quote)

    def lines(self, pattern, columns, delimiter=",", quote='"'):
        """Only the lines that the answers name: memory follows the number of orders."""
        found = sorted(self.folder.glob(pattern))
        read = CSV.format(delimiter, quote)
        self.sql.execute(
            f"""CREATE TABLE lines AS SELECT a.record::BIGINT AS record, a.slot::INT AS slot, a.product, {columns}
            FROM (SELECT *, row_number() OVER () AS number FROM {read}) AS l
            JOIN answers AS a ON a.record::BIGINT = l.number AND a.disposition = 'in-scope'""",
            [str(found[0])],
        )

    def joined(self, select):
        self.sql.execute(f"CREATE TABLE joined AS {select}")


AGE = "CASE WHEN date_sub('year', {birth}, {day}) <= 89 THEN date_sub('year', {birth}, {day}) END"


def mimic(join, edition):
    three = edition == 3
    join.lines(
        "PRESCRIPTIONS.csv" if three else "prescriptions.csv",
        f"l.subject_id, l.hadm_id, l.{'startdate' if three else 'starttime'}[:10]::DATE AS day",
    )
    join.file("dx", "DIAGNOSES_ICD.csv" if three else "diagnoses_icd.csv")
    join.file("people", "PATIENTS.csv" if three else "patients.csv")
    code, icd9 = ("icd9_code", "true") if three else ("icd_code", "icd_version = '9'")
    # An age in an anchor year is known to within a year, so the run shows none; what hangs on it still shows in the answers.
    age = AGE.format(birth="p.dob[:10]::DATE", day="l.day") if three else "NULL::INT"
    join.joined(
        f"""SELECT record, slot, day, {age} AS age, coalesce(codes, []) AS diagnoses, '' AS auth
        FROM lines AS l LEFT JOIN people AS p USING (subject_id)
        LEFT JOIN (SELECT hadm_id, list({dotted(code, icd9)} ORDER BY seq_num::INT) AS codes
                   FROM dx WHERE hadm_id IN (SELECT hadm_id FROM lines) GROUP BY hadm_id) USING (hadm_id)"""
    )


def synpuf(join, kind):
    carrier = kind == "Carrier"
    header = ", ".join(f"l.ICD9_DGNS_CD_{i}" for i in range(1, 9 if carrier else 11))
    codes = [f"l.HCPCS_CD_{i}" for i in range(1, 14 if carrier else 46)]
    own = "NULL"
    if carrier:
        own = "[" + ", ".join(f"l.LINE_ICD9_DGNS_CD_{i}" for i in range(1, 14)) + "][a.slot::INT]"
    else:
        codes += [f"l.ICD9_PRCDR_CD_{i}" for i in range(1, 7)]
    segment = "'1'" if carrier else "l.SEGMENT"
    join.lines(
        f"*{kind}_Claims*.csv",
        f"""l.DESYNPUF_ID AS patient, l.CLM_ID AS claim, {segment} AS segment, l.CLM_FROM_DT AS from_date,
        {own} AS own, list_filter([{header}], lambda code: code IS NOT NULL) AS header,
        [{', '.join(codes)}][a.slot::INT] AS cell""",
    )
    wrong = join.sql.execute("SELECT count(*) FROM lines WHERE cell IS DISTINCT FROM replace(product, '.', '')").fetchone()[0]
    if wrong:
        sys.exit(f"{wrong} answers name a slot that holds another code")
    join.file("people", "*Beneficiary*.csv")
    found = sorted(join.folder.glob(f"*{kind}_Claims*.csv"))[0]
    first = "" if carrier else "WHERE SEGMENT = '1'"
    join.sql.execute(
        f"CREATE TABLE dates AS SELECT CLM_ID AS claim, any_value(CLM_FROM_DT) AS first_date FROM {CSV.format(',', chr(34))} "
        f"{first} GROUP BY CLM_ID",
        [str(found)],
    )
    day = "strptime(coalesce(from_date, first_date), '%Y%m%d')::DATE"
    age = AGE.format(birth="strptime(p.BENE_BIRTH_DT, '%Y%m%d')::DATE", day=day)
    each = dotted("code")
    join.joined(
        f"""SELECT record, slot, {day} AS day, {age} AS age, '' AS auth,
        list_transform(CASE WHEN own IS NULL OR list_contains(header, own) THEN header
                       ELSE list_prepend(own, header) END, lambda code: {each}) AS diagnoses
        FROM lines JOIN dates USING (claim) LEFT JOIN people AS p ON p.DESYNPUF_ID = patient"""
    )


def epic(join):
    join.lines("ORDER_MED.tsv", "l.ORDER_MED_ID AS id, l.PAT_ID AS patient, l.ORDERING_DATE AS ordered", "\t", "")
    join.file("links", "ORDER_DX_MED.tsv", "\t", "")
    join.file("names", "CLARITY_EDG.tsv", "\t", "")
    join.file("people", "PATIENT.tsv", "\t", "")
    day = "strptime(ordered, '%m/%d/%Y %I:%M:%S %p')::DATE"
    age = AGE.format(birth="strptime(p.BIRTH_DATE, '%m/%d/%Y %I:%M:%S %p')::DATE", day=day)
    join.joined(
        f"""SELECT record, slot, {day} AS day, {age} AS age, [] AS diagnoses, '' AS auth
        FROM lines LEFT JOIN people AS p ON p.PAT_ID = patient"""
    )
    named = join.sql.execute(
        """SELECT count(*), count(DISTINCT ORDER_MED_ID) FROM links JOIN names USING (DX_ID)
        WHERE ORDER_MED_ID IN (SELECT id FROM lines)"""
    ).fetchone()
    print(f"{named[0]:,} names of diagnoses on {named[1]:,} orders")


def idr(join):
    keys = "CLM_DT_SGNTR_SK, CLM_NUM_SK, GEO_BENE_SK, CLM_TYPE_CD"
    join.lines("CLM_LINE.csv", ", ".join(f"l.{key}" for key in keys.split(", ")) + ", l.CLM_LINE_FROM_DT::DATE AS day")
    join.file("claims", "CLM.csv")
    join.file("dx", "CLM_PROD.csv")
    join.file("history", "BENE_HSTRY.csv")
    join.file("requests", "PRAUC.csv")
    join.joined(
        f"""SELECT record, slot, day, {AGE.format(birth="p.birth", day="day")} AS age, coalesce(codes, []) AS diagnoses,
        coalesce(r.UTN || ' ' || r.PA_DECISION, '') AS auth
        FROM lines JOIN claims USING ({keys})
        LEFT JOIN (SELECT BENE_SK, any_value(BENE_BRTH_DT)::DATE AS birth, any_value(BENE_MBI_ID) AS mbi
                   FROM history GROUP BY BENE_SK) AS p USING (BENE_SK)
        LEFT JOIN requests AS r ON r.MBI_NUM = p.mbi AND trim(r.HCPCS_OR_CPT_OR_HIPPS) = product
             AND day BETWEEN r.UTN_VALID_ST_DT::DATE AND r.UTN_VALID_EN_DT::DATE
        LEFT JOIN (SELECT {keys}, list({dotted("CLM_DGNS_CD", "CLM_DGNS_PRCDR_ICD_IND = '9'")} ORDER BY place) AS codes
                   FROM (SELECT {keys}, CLM_DGNS_CD, CLM_DGNS_PRCDR_ICD_IND, min(CLM_VAL_SQNC_NUM::INT) AS place
                         FROM dx WHERE CLM_PROD_TYPE_CD IN ('P', 'D') GROUP BY ALL)
                   GROUP BY {keys}) USING ({keys})"""
    )


SHAPES = [
    ("PRESCRIPTIONS.csv", lambda join: mimic(join, 3)),
    ("prescriptions.csv", lambda join: mimic(join, 4)),
    ("*Carrier_Claims*", lambda join: synpuf(join, "Carrier")),
    ("*Inpatient_Claims*", lambda join: synpuf(join, "Inpatient")),
    ("*Outpatient_Claims*", lambda join: synpuf(join, "Outpatient")),
    ("ORDER_MED.tsv", epic),
    ("CLM_LINE.csv", idr),
]


def compare(sql, what, table, columns):
    """Orders that only one side has, and cells that differ; gives the number of differences."""
    differ = 0
    for name, query in (
        (f"orders of the join that {what} lacks", f"SELECT record, slot FROM joined ANTI JOIN {table} USING (record, slot)"),
        (f"orders of {what} that the join lacks", f"SELECT record, slot FROM {table} ANTI JOIN joined USING (record, slot)"),
    ):
        rows = sql.execute(query + " ORDER BY ALL").fetchall()
        differ += len(rows)
        if rows:
            print(f"{len(rows):,} {name}: {rows[:SHOWN]}", file=sys.stderr)
    for column, (ours, theirs) in columns.items():
        rows = sql.execute(
            f"""SELECT record, slot, {ours} AS ours, {theirs} AS theirs FROM joined AS j JOIN {table} AS t USING (record, slot)
            WHERE ours IS DISTINCT FROM theirs ORDER BY ALL"""
        ).fetchall()
        differ += len(rows)
        if rows:
            print(f"{len(rows):,} orders of {what} with another {column} than the join:", file=sys.stderr)
            for row in rows[:SHOWN]:
                print(f"  record {row[0]}, slot {row[1]}: {row[2]} and {row[3]}", file=sys.stderr)
    orders = sql.execute(f"SELECT count(*) FROM joined JOIN {table} USING (record, slot)").fetchone()[0]
    print(f"{what}: {orders:,} orders of the join, {len(columns)} columns each, {differ:,} differences")
    return differ


def check(answers, folder, run):
    shape = next((shape for pattern, shape in SHAPES if any(folder.glob(pattern))), None)
    if shape is None:
        sys.exit(f"{folder}: the files of no known shape")
    join = Join(folder, answers)
    shape(join)
    sql = join.sql
    sql.execute(
        """CREATE TABLE expected AS SELECT record::BIGINT AS record, slot::INT AS slot, service_date::DATE AS day,
        age::INT AS age, CASE WHEN diagnoses IS NULL THEN [] ELSE string_split(diagnoses, '|') END AS diagnoses,
        coalesce(auth, '') AS auth, determination, coalesce(guideline_rows, '') AS guideline_rows, flag
        FROM answers WHERE disposition = 'in-scope'"""
    )
    same = {name: (f"j.{name}", f"t.{name}") for name in ("day", "age", "diagnoses", "auth")}
    differ = compare(sql, "the answers", "expected", same)
    if run is None:
        return differ
    table = str(run / "assessments.parquet")
    columns = {row[0] for row in sql.execute("DESCRIBE SELECT * FROM read_parquet(?)", [table]).fetchall()}
    slot = "coalesce(slot, 1)::INT" if "slot" in columns else "1"
    sql.execute(f"CREATE TABLE audited AS SELECT * EXCLUDE (record), record::BIGINT AS record_, {slot} AS slot_ FROM read_parquet(?)", [table])
    names = [row[0] for row in sql.execute("DESCRIBE audited").fetchall() if row[0] not in ("slot", "record_", "slot_")]
    sql.execute(f"CREATE VIEW assessments AS SELECT {', '.join(names)}, record_ AS record, slot_ AS slot FROM audited")
    kept = {
        "service date": ("j.day", "t.service_date"),
        "age": ("j.age", "t.age_years"),
        "list of diagnoses": (f"j.diagnoses[:{KEPT}]", "t.diagnoses"),
        "authorization": ("split_part(j.auth, ' ', 1)", "coalesce(t.auth_number, '')"),
        "decision": (
            "CASE split_part(j.auth, ' ', 2) WHEN 'A' THEN 'approved' WHEN 'P' THEN 'partial' WHEN '' THEN '' ELSE 'other' END",
            "CASE WHEN t.auth_decision IN ('approved', 'partial') THEN t.auth_decision WHEN t.auth_decision IS NULL THEN '' ELSE 'other' END",
        ),
    }
    differ += compare(sql, "the run", "assessments", kept)
    sql.execute("DROP TABLE joined")
    sql.execute("ALTER TABLE expected RENAME TO joined")
    answered = {
        "determination": ("j.determination", "t.determination"),
        "set of guideline rows": (
            "list_sort(string_split(j.guideline_rows, '|'))",
            "CASE WHEN len(t.guideline_rows) = 0 THEN [''] ELSE list_sort(t.guideline_rows) END",
        ),
        "flag": ("j.flag", "t.flag"),
    }
    return differ + compare(sql, "the run, answered", "assessments", answered)


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: scripts/check_join.py ANSWERS EXPORT_DIR [RUN_DIR]")
    paths = [Path(word) for word in sys.argv[1:]]
    try:
        differ = check(paths[0], paths[1], paths[2] if len(paths) == 3 else None)
    except (OSError, duckdb.Error) as error:
        sys.exit(f"{paths[1]}: cannot be joined: {type(error).__name__}: {error}")
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
