"""The tables that the peers join with: products and diagnosis codes, derived from rules/ and fixtures/, not by hand.

`products.csv` holds the billing codes of rules/products/hcpcs.csv that may be immune globulin by vein.

`codes.csv` holds every code of the lists in rules/codes, prefixes written out, one row a code. What a code means by itself
is taken from fixtures/scenarios.csv, where the expected answers are worked out by hand: if all scenarios that consist of
one code and may come without words give that code the same determination and flag, the code decides. All other codes of
the lists are there too, as `listed`, since the peers have to look them up like any others. `rank` is the precedence of the
ruleset, different for each code: the least rank of an order names its row.
"""

import csv
import tomllib

UNDECIDED = "listed"
# After the precedence of the ruleset come, in this order, what stands outside it and what decides nothing.
BEHIND = ["indeterminate", "other_use", "not_addressed", UNDECIDED]


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path, header, lines):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)


def products(root, path):
    kept = [row for row in rows(root / "rules/products/hcpcs.csv") if row["kind"] in ("intravenous", "dual-route")]
    seen = {row["code"]: [row["code"], row["product"], row["kind"], row["mg_per_unit"] or ""] for row in kept}
    write(path, ["code", "product", "kind", "mg_per_unit"], seen.values())


def listed(root):
    """Every code of the lists, written out: {code: (list, label)}."""
    billable = [row["code"] for row in rows(root / "rules/codes/valid/icd10cm.csv") if row["billable"] == "1"]
    found = {}
    for path in sorted((root / "rules/codes").glob("*.csv")):
        if path.stem == "shared":
            continue
        for row in rows(path):
            if row["system"] == "icd10cm":
                exact = row["match"] == "exact"
                meant = [row["code"]] if exact else [code for code in billable if code.startswith(row["code"])]
                for code in meant:
                    found.setdefault(code, (path.stem, row["label"]))
    return found


def decided(root):
    """What one code without words means: {code: (determination, flag)}, where all scenarios agree."""
    beside = {row["value"] for row in rows(root / "fixtures/background.csv") if row["kind"] == "comorbidity"}
    answers = {}
    for row in rows(root / "fixtures/scenarios.csv"):
        if row["export"] == "dirt" or "" not in row["text"].split("|"):
            continue
        for codes in row["dx"].split("|"):
            if codes and " " not in codes and codes not in beside:
                answers.setdefault(codes, set()).add((row["determination"], row["flag"]))
    return {code: found.pop() for code, found in answers.items() if len(found) == 1}


def codes(root, path):
    policy = tomllib.loads((root / "rules/aanem-2023/ruleset.toml").read_text(encoding="utf-8"))["policy"]
    order = [name.replace("-", "_") for name in policy["precedence"]] + BEHIND
    answers, found = decided(root), listed(root)
    for code in answers:
        found.setdefault(code, ("", ""))
    lines = []
    for place, (code, (name, label)) in enumerate(sorted(found.items())):
        determination, flag = answers.get(code, (UNDECIDED, "review"))
        rank = order.index(determination) * 100_000 + place
        lines.append([code, name, label, determination, flag, int(code in answers), rank])
    write(path, ["code", "concept", "title", "determination", "flag", "decides", "rank"], lines)
