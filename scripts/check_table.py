#!/usr/bin/env python3
"""Checks that the files of one run agree, with a reader that shares no code with the program.

DuckDB reads assessments.parquet and counts again. Its counts must be those of summary.json, manifest.json,
findings.csv, rejected.csv, metrics.prom and report.html: orders, patients and grams by determination and by flag,
the two crossed, by ruleset and guideline row, in other readings, by line status, duplicates, and the totals. What the
page withholds is worked out anew (check_page.py). Any difference is printed and ends with exit code 1.

    scripts/check_table.py RUN_DIR

Needs the package `duckdb`.
"""

import csv
import html
import json
import re
import sys
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb

import check_page

# The page's words for the codes, as src/report/words.rs has them.
DETERMINATIONS = {
    "recommended": "Recommended",
    "consider": "Should be considered",
    "insufficient_evidence": "Insufficient evidence",
    "not_recommended": "Not recommended",
    "indeterminate": "Indeterminate",
    "other_use": "Other use, outside the statement",
    "not_addressed": "Not addressed by the statement",
    "no_diagnosis": "No usable diagnosis",
}
# Those that rest on a guideline row which is known for certain, as src/summary.rs has them.
DEFINITE = ("recommended", "consider", "insufficient_evidence", "not_recommended")
FLAGS = {"flagged": "Flagged", "review": "For review", "clear": "Clear"}

MEASURES = """
    count(DISTINCT patient_id) AS patients, count(*) AS orders, sum(grams) AS grams,
    count(grams) AS orders_with_grams
"""

# The page withholds every figure of a small group, and of larger ones by which a small one could be worked out.
SMALL_CELL, WITHHELD, MISSING = 10, "withheld", "not in the export"


class Comparison:
    """Everything that was compared, and what differs."""

    def __init__(self):
        self.compared = 0
        self.differences = []

    def equal(self, what, table, other):
        self.compared += 1
        if table != other:
            self.differences.append(f"{what}: the table has {table}, the file has {other}")


def measures(table, by):
    """Measures of the table by one or more columns or expressions: {key or keys: {measure: value}}."""
    by = {f"key{place}": column for place, column in enumerate(by)}
    heads = ", ".join(f"{column} AS {name}" for name, column in by.items())
    names = ", ".join(by)
    query = f"SELECT {heads + ', ' if by else ''}{MEASURES} FROM '{table}' {'GROUP BY ' + names if by else ''}"
    result = duckdb.execute(query.replace(f"'{table}'", "read_parquet(?)"), [str(table)])
    heads = [column[0] for column in result.description]
    rows = [dict(zip(heads, row)) for row in result.fetchall()]
    return {tuple(row.pop(name) for name in by): row for row in rows}


def compare_figures(comparison, what, table, figures):
    for name in ("patients", "orders", "orders_with_grams"):
        comparison.equal(f"{what}, {name}", table[name], figures[name])
    grams = None if figures["grams"] is None else Decimal(figures["grams"])
    comparison.equal(f"{what}, grams", table["grams"], grams)


def compare_summary(comparison, table, summary):
    compare_figures(comparison, "summary.json, totals", measures(table, [])[()], summary["totals"])
    for column in ("determination", "flag", "certainty"):
        counted, stated = measures(table, [column]), summary[f"by_{column}"]
        filled = {key for key, figures in stated.items() if figures["orders"]}
        comparison.equal(f"summary.json, values of {column}", sorted(key for key, in counted), sorted(filled))
        for (key,), figures in counted.items():
            if key in stated:
                compare_figures(comparison, f"summary.json, {column} {key}", figures, stated[key])
    crossed = measures(table, ["determination", "flag"])
    stated = {(cell["determination"], cell["flag"]): cell for cell in summary["by_determination_and_flag"]}
    comparison.equal("summary.json, determinations crossed with flags", sorted(crossed), sorted(stated))
    for key, figures in crossed.items():
        if key in stated:
            compare_figures(comparison, f"summary.json, {' and '.join(key)}", figures, stated[key])


    compare_rows(comparison, table, summary)
    compare_readings(comparison, table, summary)
    compare_line_status(comparison, table, summary)
    compare_duplicates(comparison, table, summary)


def compare_rows(comparison, table, summary):
    """Orders by ruleset; definite ones by ruleset, determination and rows, all others by determination."""
    counted = {key: figures["orders"] for (key,), figures in measures(table, ["ruleset"]).items()}
    stated = {edition["ruleset"]: edition["orders"] for edition in summary["rulesets"] if edition["orders"]}
    comparison.equal("summary.json, orders by ruleset", counted, stated)
    definite = f"determination IN {DEFINITE}"
    ruleset = f"CASE WHEN {definite} THEN ruleset END"
    rows = f"CASE WHEN {definite} AND len(guideline_rows) > 0 THEN array_to_string(guideline_rows, '|') ELSE determination END"
    counted = measures(table, [ruleset, "determination", rows])
    stated = {(row["ruleset"], row["determination"], row["guideline_rows"]): row for row in summary["by_guideline_row"]}
    comparison.equal("summary.json, guideline rows that only one of both has", set(), set(counted) ^ set(stated))
    flags = measures(table, [ruleset, "determination", rows, "flag"])
    for key, figures in counted.items():
        if key in stated:
            what = f"summary.json, {key[2]} of {key[0]}"
            compare_figures(comparison, what, figures, stated[key])
            by_flag = {flag: number for flag, number in stated[key]["orders_by_flag"].items() if number}
            table_flags = {found[3]: part["orders"] for found, part in flags.items() if found[:3] == key}
            comparison.equal(f"{what}, orders by flag", table_flags, by_flag)


def compare_readings(comparison, table, summary):
    """What the orders come to where they are read otherwise, over those that can be read so."""
    readings = {}
    for column in ("first_listed", "pointed", "other_edition_determination"):
        edition = "other_edition" if column == "other_edition_determination" else "NULL"
        for (read_so, name, audited), figures in measures(table, [column, edition, "determination"]).items():
            if read_so is not None:
                readings.setdefault((column, name), {})[audited, read_so] = figures["orders"]
    stated = {(each["reading"], each["edition"]): each for each in summary["sensitivity"]}
    comparison.equal("summary.json, readings that only one of both has", set(), set(readings) ^ set(stated))
    for key, crossed in readings.items():
        each, what = stated.get(key), f"summary.json, {key[0]} {key[1] or ''}"
        if each is None:
            continue
        comparison.equal(f"{what}, compared", sum(crossed.values()), each["compared"]["orders"])
        same = sum(orders for (audited, read_so), orders in crossed.items() if audited == read_so)
        comparison.equal(f"{what}, the same", same, each["same"]["orders"])
        moves = {pair: orders for pair, orders in crossed.items() if pair[0] != pair[1]}
        comparison.equal(f"{what}, moves", moves, {(move["from"], move["to"]): move["orders"] for move in each["moves"]})
        for place, part in enumerate(("as_audited", "read_so")):
            counted = Counter()
            for pair, orders in crossed.items():
                counted[pair[place]] += orders
            filled = {word: figures["orders"] for word, figures in each[part].items() if figures["orders"]}
            comparison.equal(f"{what}, {part}", dict(counted), filled)


def compare_line_status(comparison, table, summary):
    counted = measures(table, ["line_status"])
    unsaid = counted.pop((None,), {"orders": 0})
    comparison.equal("summary.json, orders without a line status", unsaid["orders"], summary["orders_without_line_status"])
    stated = {key: figures for key, figures in summary["by_line_status"].items() if figures["orders"]}
    comparison.equal("summary.json, values of line_status", sorted(key for key, in counted), sorted(stated))
    for (key,), figures in counted.items():
        if key in stated:
            compare_figures(comparison, f"summary.json, line_status {key}", figures, stated[key])


# What makes two orders duplicates, as src/summary/duplicates.rs says it.
DUPLICATES = """
    WITH numbered AS (
        SELECT *, file_row_number AS number, coalesce(line_status IN ('reversed', 'void'), false) AS takes_back
        FROM read_parquet(?, file_row_number = true)
        WHERE coalesce(claim_id, '') <> '' OR coalesce(order_id, '') <> ''
    ), placed AS (
        SELECT *, count(*) OVER same AS size, min(number) OVER same AS first_of_all,
               row_number() OVER (same ORDER BY number) AS place,
               row_number() OVER (in_file ORDER BY number) AS place_in_file
        FROM numbered
        WINDOW same AS (PARTITION BY claim_id, order_id, slot, patient_id, product, product_code, service_date, units,
                                     billed, allowed, paid, diagnoses, takes_back),
               in_file AS (PARTITION BY claim_id, order_id, slot, patient_id, product, product_code, service_date,
                                        units, billed, allowed, paid, diagnoses, takes_back, source_file)
    )
"""


def compare_duplicates(comparison, table, summary):
    """Groups of equal orders; those that repeat one of their own file, and those of an earlier file only."""
    stated = summary["duplicates"]

    def ask(question):
        return duckdb.execute(DUPLICATES + question, [str(table)]).fetchall()

    [(groups,)] = ask("SELECT count(*) FROM placed WHERE size > 1 AND place = 1")
    comparison.equal("summary.json, groups of duplicates", groups, stated["groups"])
    for name, which in (("in_one_file", "place_in_file > 1"), ("across_files", "place_in_file = 1 AND place > 1")):
        [counted] = ask(f"""SELECT count(DISTINCT patient_id), count(*), sum(grams), count(grams), sum(paid), count(paid)
                            FROM placed WHERE {which}""")
        figures = stated[name]
        decimals = [None if figures[key] is None else Decimal(figures[key]) for key in ("grams", "paid")]
        file = (figures["patients"], figures["orders"], decimals[0], figures["orders_with_grams"], decimals[1],
                figures["orders_with_paid"])
        comparison.equal(f"summary.json, duplicates {name}", counted, file)
    pairs = ask("""
        , held AS (SELECT first_of_all, number, source_file FROM placed WHERE size > 1 AND place_in_file = 1)
        SELECT one.source_file, other.source_file, count(*)
        FROM held AS one JOIN held AS other ON one.first_of_all = other.first_of_all AND one.number < other.number
        GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
    """)
    comparison.equal("summary.json, pairs of files with duplicates", len(pairs), stated["file_pairs_in_all"])
    named = [(*pair["files"], pair["groups"]) for pair in stated["file_pairs"]]
    comparison.equal("summary.json, the files that share most", pairs[: len(named)], named)


def compare_manifest(comparison, table, manifest):
    orders = manifest["counts"]["orders"]
    comparison.equal("manifest.json, orders", measures(table, [])[()]["orders"], orders["total"])
    for column in ("determination", "flag"):
        counted = {key: figures["orders"] for (key,), figures in measures(table, [column]).items()}
        stated = {key: number for key, number in orders[f"by_{column}"].items() if number}
        comparison.equal(f"manifest.json, orders by {column}", counted, stated)
    records = manifest["counts"]["records"]
    outcomes = records["in_scope"] + sum(records["out_of_scope"].values()) + sum(records["rejected"].values())
    comparison.equal("manifest.json, records in scope, out of scope and rejected", outcomes, records["read"])
    comparison.equal("manifest.json, reconciliation holds", True, manifest["reconciliation"]["holds"])


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def compare_findings(comparison, table, findings):
    query = """
        SELECT source_file, record::VARCHAR, coalesce(product_code, ''), determination, flag,
               coalesce(grams::VARCHAR, ''), array_to_string(diagnoses, '|')
        FROM read_parquet(?) WHERE flag <> 'clear'
    """
    counted = duckdb.execute(query, [str(table)]).fetchall()
    names = ("source_file", "record", "product_code", "determination", "flag", "grams", "diagnoses")
    # A cell that a spreadsheet would read as a formula has a quote in front of it.
    plain = [tuple(re.sub(r"^'(?=[-=+@\t\r\n＝＋－＠])", "", row[name]) for name in names) for row in findings]
    comparison.equal("findings.csv, findings", len(counted), len(findings))
    alike = (Counter(counted) & Counter(plain)).total()
    comparison.equal("findings.csv, findings that are the table's", len(counted), alike)


def compare_metrics(comparison, table, text):
    for metric, column in (("ivig_audit_orders", "determination"), ("ivig_audit_orders_by_flag", "flag")):
        found = re.findall(rf'^{metric}{{{column}="([^"]*)"}} (\d+)$', text, re.MULTILINE)
        stated = {key: int(number) for key, number in found if int(number)}
        counted = {key: figures["orders"] for (key,), figures in measures(table, [column]).items()}
        comparison.equal(f"metrics.prom, {metric}", counted, stated)


def page_table(page, caption):
    """The rows of the page's table whose caption begins so, as lists of texts."""
    for found in re.findall(r"<table>.*?</table>", page, re.DOTALL):
        if re.search(rf"<caption>{re.escape(caption)}", found):
            rows = re.findall(r"<tr>(.*?)</tr>", found, re.DOTALL)
            cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
            return [[" ".join(html.unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in row] for row in cells]
    return []


def printed(figures):
    """Patients, orders and grams as the page prints them, if it does."""
    patients, orders = figures["patients"], figures["orders"]
    if 1 <= patients <= SMALL_CELL or 1 <= orders <= SMALL_CELL:
        return [WITHHELD] * 3
    people = MISSING if patients == 0 and orders else f"{patients:,}"
    if figures["grams"] is None:
        grams = MISSING if orders else "0"
    else:
        grams = f"{figures['grams'].quantize(Decimal(1), ROUND_HALF_UP):,}".replace("-", "−")
    return [people, f"{orders:,}", grams]


def compare_page(comparison, table, page, figures):
    everything = measures(table, [])[()]
    named = {f"by_determination/{key}": label for key, label in DETERMINATIONS.items()}
    named |= {f"by_flag/{key}": label for key, label in FLAGS.items()}
    withheld = {label for figure, label in named.items() if figures[figure]["withheld"]}
    for column, caption, words in (
        ("determination", "By determination", DETERMINATIONS),
        ("flag", "By flag", FLAGS),
    ):
        counted = {words.get(key, key): printed(figures) for (key,), figures in measures(table, [column]).items()}
        if column == "determination":
            counted["All orders"] = printed(everything)
        # The first word of a flag's cell is its sign, for readers who do not see colour.
        rows = page_table(page, caption)[1:]
        stated = {re.sub(r"^[^\w]+ ", "", row[0]): [row[1], row[2], row[4]] for row in rows}
        comparison.equal(f"report.html, lines by {column}", True, bool(stated))
        for label, figures in counted.items():
            shown = stated.get(label)
            # A larger group may be withheld for the sake of a small one of the page, and summary.json says that it is.
            if shown == [WITHHELD] * 3 and figures != shown and label in withheld:
                continue
            comparison.equal(f"report.html, {label}: patients, orders, grams", figures, shown)
        empty = {label: figures for label, figures in stated.items() if label not in counted}
        for label, figures in empty.items():
            comparison.equal(f"report.html, {label}: patients, orders, grams", ["0", "0", "0"], figures)
    found = re.search(r"<dt>Orders assessed</dt><dd[^>]*>([\d,]+)</dd>", page)
    comparison.equal("report.html, orders assessed", f"{everything['orders']:,}", found and found.group(1))


def check(run):
    table = run / "assessments.parquet"
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    comparison = Comparison()
    summary = json.loads((run / "summary.json").read_text(encoding="utf-8"))
    compare_summary(comparison, table, summary)
    compare_manifest(comparison, table, manifest)
    compare_findings(comparison, table, rows_of(run / "findings.csv"))
    compare_metrics(comparison, table, (run / "metrics.prom").read_text(encoding="utf-8"))
    page = (run / "report.html").read_text(encoding="utf-8")
    compare_page(comparison, table, page, summary["figures"])
    check_page.compare(comparison, table, summary, page)
    counts = manifest["counts"]
    companions = [companion for companion in counts.get("companions", {}).values() if not companion.get("again")]
    rejected = sum(sum(part["rejected"].values()) for part in [counts["records"], *companions])
    comparison.equal("rejected.csv, records", rejected, len(rows_of(run / "rejected.csv")))
    return comparison


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: scripts/check_table.py RUN_DIR")
    run = Path(sys.argv[1])
    try:
        comparison = check(run)
    except (OSError, KeyError, ValueError, duckdb.Error) as error:
        sys.exit(f"{run}: not a run directory that can be compared: {type(error).__name__}: {error}")
    if comparison.differences:
        print(f"{run}: {len(comparison.differences)} of {comparison.compared} figures differ", file=sys.stderr)
        print("\n".join(f"  {difference}" for difference in comparison.differences), file=sys.stderr)
        sys.exit(1)
    print(f"{run}: {comparison.compared} figures of the table, the files and the page agree")


if __name__ == "__main__":
    main()
