"""What the committee's page may print, worked out from assessments.parquet alone; used by check_table.py.

Each order of the table is sorted into every figure that it counts in, by the ids of `figures` in summary.json. So it is
known anew what each figure comes to, and which are small: 1 to 10 patients or orders, or grams or money of so few. None
of these may be on the page; every other number that names its figure must be the table's; and from all that the page
shows, over all its tables together, no withheld figure may follow: by elimination over the cells of those tables, tied
by the columns that they share. The tables of prescribers, sites, patterns, readings and the ledger are left to
tests/report/disclosure.rs, which does the same with the program's own cells.
"""

import html
import re
from collections import defaultdict
from decimal import Decimal

import duckdb

SMALL_CELL, WITHHELD = 10, "withheld"

DEFINITE = ("recommended", "consider", "insufficient_evidence", "not_recommended")
ANSWERS = {
    "recommended": "supported",
    "consider": "supported",
    "insufficient_evidence": "unsupported",
    "not_recommended": "unsupported",
    "other_use": "outside",
    "not_addressed": "outside",
}
OPEN = "open"

# The page's ways of taking the orders apart, by the columns that its figures look at, as the partitions of src/summary.
TABLES = {
    "kinds": ("ruleset", "determination", "flag", "certainty", "rows", "wanting", "open", "indication", "line_status"),
    "months": ("month", "determination", "flag"),
    "decisions": ("auth_decision", "ruleset", "determination", "flag", "rows"),
    "products": ("product", "product_code", "wasted", "determination", "flag"),
    "driving": ("determination", "flag", "wanting", "indication", "code"),
    "quality": ("determination", "flag", "patient", "date", "grams", "money", "warnings"),
}

# Any prime will do, and this one is not the program's.
PRIME = (1 << 89) - 1


def orders(table, money, codes):
    """Every order as texts, lists joined as in the ids of figures, and its two amounts. `codes` has those that the run
    lists for an indication."""
    text = "coalesce({0}, '') AS {0}".format
    listed = "coalesce(array_to_string({0}, '|'), '') AS {1}".format
    amount = "NULL" if money is None else money
    columns = [text(name) for name in ("ruleset", "determination", "flag", "certainty", "wanting", "indication",
                                       "line_status", "auth_decision", "product", "product_code", "wasted")]
    columns += [listed("guideline_rows", "rows"), listed('"open"', '"open"'), listed("list_sort(warnings)", "warnings"),
                listed("diagnoses", "diagnoses")]
    columns += ["coalesce(strftime(service_date, '%Y-%m'), '') AS month", "coalesce(patient_id, '') AS patient_id"]
    columns += ["grams AS gram_sum", f"{amount} AS money_sum"]
    found = duckdb.execute(f"SELECT {', '.join(columns)} FROM read_parquet(?)", [str(table)])
    names = [column[0] for column in found.description]
    for row in found.fetchall():
        order = dict(zip(names, row))
        for name, has in (("patient", order["patient_id"]), ("date", order["month"])):
            order[name] = "yes" if has else "no"
        for name in ("grams", "money"):
            order[name] = "no" if order[f"{name[:4] if name == 'grams' else name}_sum"] is None else "yes"
        own = order.pop("diagnoses").split("|") if order["determination"] == "indeterminate" else []
        order["code"] = next((code for code in own if code in codes[order["indication"]]), "")
        yield order


def figures_of(order, warnings):
    """The ids of the figures in which an order counts, by the table whose figures they are."""
    ruleset, says, flag, rows = (order[name] for name in ("ruleset", "determination", "flag", "rows"))
    is_settled = ANSWERS.get(says, OPEN) != OPEN
    line = f"{ruleset}/{says}/{rows or says}" if says in DEFINITE else f"/{says}/{says}"
    kinds = ["all", f"by_determination/{says}", f"by_flag/{flag}", f"by_ruleset/{ruleset}",
             f"by_answer/{ANSWERS.get(says, OPEN)}", f"by_line_status/{order['line_status']}", f"by_row/{line}",
             f"by_row_and_flag/{line}/{flag}"]
    if says in DEFINITE or says == "indeterminate":
        kinds += ["of_rows", f"by_certainty_of_rows/{order['certainty']}"]
    if is_settled:
        kinds += ["settled", f"settled_by_flag/{flag}"]
    if flag != "clear":
        kinds.append(f"findings/{flag}/{ruleset}/{says}/{rows}")
    if says == "indeterminate":
        wanting = order["wanting"]
        kinds += [f"by_wanting/{wanting}", f"not_settled/{wanting}/{order['open']}/{order['indication']}"]

    driving = [f"not_settled_by_code/{order['indication']}/{order['code']}"] if says == "indeterminate" else []

    month = f"by_month/{order['month'] or 'no-date'}"
    months = [month] + ([f"{month}/findings", f"{month}/{flag}"] if flag != "clear" else [])

    decision = f"by_decision/{order['auth_decision'] or 'not-in-export'}"
    use = "wasted" if order["wasted"] else "given"
    products = [f"by_use/{use}", f"by_product/{order['product']}/{order['product_code']}/{use}"]

    carried = order["warnings"].split("|") if order["warnings"] else []
    quality = [f"has_{name}/{order[name]}" for name in ("patient", "date", "grams", "money")]
    quality.append(f"any_warning/{'yes' if carried else 'no'}")
    quality += [f"warning/{code}" for code in set(carried)]
    quality += [f"no_warning/{code}" for code in warnings if code not in carried]
    return {"kinds": kinds, "months": months, "decisions": [decision, f"{decision}/{says}"], "products": products,
            "quality": quality, "driving": driving}


class Counted:
    """One figure: what its orders come to, and in which cells of its table they are."""

    def __init__(self, table):
        self.table, self.cells, self.people = table, set(), set()
        self.orders = self.with_grams = self.with_money = 0
        self.grams, self.money = Decimal(0), Decimal(0)

    def add(self, order, cell):
        self.cells.add(cell)
        self.orders += 1
        self.people |= {order["patient_id"]} - {""}
        if order["gram_sum"] is not None:
            self.grams, self.with_grams = self.grams + order["gram_sum"], self.with_grams + 1
        if order["money_sum"] is not None:
            self.money, self.with_money = self.money + order["money_sum"], self.with_money + 1

    def as_stated(self):
        """As summary.json has it: nothing where no order has any."""
        return (len(self.people), self.orders, self.grams if self.with_grams else None, self.with_grams,
                self.money if self.with_money else None, self.with_money)

    def is_small(self):
        few = (len(self.people), self.orders, self.with_grams, self.with_money)
        return any(1 <= number <= SMALL_CELL for number in few)


def counted(table, money, codes):
    """Every figure that is worked out here, by its id; and the cells of each table."""
    everything = list(orders(table, money, codes))
    warnings = {code for order in everything for code in order["warnings"].split("|") if code}
    figures, cells = {}, {name: set() for name in TABLES}
    for order in everything:
        for name, ids in figures_of(order, warnings).items():
            cell = tuple(order[column] for column in TABLES[name])
            cells[name].add(cell)
            for figure in ids:
                figures.setdefault(figure, Counted(name)).add(order, cell)
    return figures, cells


def on_page(page):
    """Every element that names a figure: its id and its text."""
    named = re.findall(r'data-figure="([^"]*)"[^>]*>(?:<strong>)?([^<]*)', page)
    return [(html.unescape(figure), html.unescape(text)) for figure, text in named]


def families(stated, figures):
    """Ids of summary.json that are worked out here, those of nobody too."""
    known = {figure.split("/")[0] for figure in figures} - {"by_product", "by_month", "by_decision"}
    return {figure for figure in stated if figure in figures or figure.split("/")[0] in known}


def compare(comparison, table, summary, page):
    codes = defaultdict(set)
    for each in summary["not_settled_by_code"]:
        codes[each["indication"]] |= {each["code"]} - {""}
    figures, cells = counted(table, summary["money_column"], codes)
    stated = summary["figures"]
    shown, withheld = set(), set()
    for figure in families(stated, figures):
        of = stated[figure]
        decimals = [None if of[name] is None else Decimal(of[name]) for name in ("grams", "money")]
        told = (of["patients"], of["orders"], decimals[0], of["orders_with_grams"], decimals[1], of["orders_with_money"])
        of_table = figures[figure].as_stated() if figure in figures else (0, 0, None, 0, None, 0)
        comparison.equal(f"summary.json, figure {figure}", of_table, told)
        if figure in figures and figures[figure].is_small():
            comparison.equal(f"summary.json, figure {figure} is small: withheld", True, of["withheld"])
    for figure, text in on_page(page):
        is_withheld = text.startswith(WITHHELD)
        comparison.equal(f"report.html, figure {figure} is withheld", stated[figure]["withheld"], is_withheld)
        (withheld if is_withheld else shown).add(figure)
        if figure not in figures:
            continue
        comparison.equal(f"report.html, small figure {figure} on the page", False,
                         figures[figure].is_small() and not is_withheld)
        if not is_withheld:
            number = re.match(r"−?([\d,]+)", text)
            comparison.equal(f"report.html, figure {figure}", f"{figures[figure].orders:,}", number and number.group(1))
    if not any(figure in figures and figures[figure].is_small() for figure in stated):
        comparison.equal("report.html, figures withheld though none is small", set(), withheld)
    given_away = followed(cells, figures, shown, withheld)
    comparison.equal("report.html, withheld figures that follow from those shown", [], given_away)


def followed(cells, figures, shown, withheld):
    """The withheld figures that are sums and differences of shown ones."""
    place = {}
    for name, of_table in cells.items():
        for cell in sorted(of_table):
            place[name, cell] = len(place)
    known = {}
    names = list(TABLES)
    for at, one in enumerate(names):
        for other in names[at + 1:]:
            for row in ties(one, other, cells, place):
                learn(known, row)
    row = lambda figure: {place[figures[figure].table, cell]: 1 for cell in figures[figure].cells}
    for figure in sorted(shown & figures.keys()):
        learn(known, row(figure))
    return sorted(figure for figure in withheld & figures.keys() if not reduced(known, row(figure)))


def ties(one, other, cells, place):
    """Sums over the columns that two tables share are equal: each less the other one is nothing."""
    shared = [column for column in TABLES[one] if column in TABLES[other]]
    found = defaultdict(dict)
    for name, sign in ((one, 1), (other, PRIME - 1)):
        at = [TABLES[name].index(column) for column in shared]
        for cell in cells[name]:
            found[tuple(cell[each] for each in at)][place[name, cell]] = sign
    return [found[key] for key in sorted(found)]


def reduced(known, row):
    """What of a sum is not known, after everything that is."""
    row = dict(row)
    while True:
        pivot = next((at for at in sorted(row) if at in known), None)
        if pivot is None:
            return row
        times = row[pivot]
        for at, value in known[pivot].items():
            left = (row.get(at, 0) - times * value) % PRIME
            if left:
                row[at] = left
            else:
                row.pop(at, None)


def learn(known, row):
    row = reduced(known, row)
    if row:
        pivot = min(row)
        inverse = pow(row[pivot], PRIME - 2, PRIME)
        known[pivot] = {at: value * inverse % PRIME for at, value in row.items()}
