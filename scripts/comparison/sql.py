"""The assessment by joins as SQL, in the words that DuckDB and DataFusion share."""

from columns import result_columns


def quoted(name):
    return f'"{name}"'


def kept(export, source, number, products):
    """Lines in scope, with their product. The list of codes is told to the reader, so that it keeps no other line; the
    products stand first, since some build their hash of what stands first.
    """
    listed = ", ".join(f"'{code}'" for code in products)
    carried = ", ".join(f"e.{quoted(column)} AS {name}" for name, column in export.carried.items() if name != "units")
    under_the_skin = " OR ".join(f"coalesce(e.{quoted(column)}, '') LIKE '%JB%'" for column in export.modifiers)
    modifier = "concat_ws(' ', " + ", ".join(f"e.{quoted(column)}" for column in export.modifiers) + ")"
    units = f"CAST(e.{quoted(export.carried['units'])} AS DOUBLE)"
    return f"""SELECT {number} AS id, {carried}, {units} AS units, {modifier} AS modifier, p.product AS product,
        {units} * CAST(p.mg_per_unit AS DOUBLE) / 1000 AS grams, {', '.join(f'e.{quoted(name)}' for name in export.diagnoses)}
    FROM products AS p JOIN {source} AS e ON p.code = e.{quoted(export.product)}
    WHERE e.{quoted(export.product)} IN ({listed}) AND (p.kind = 'intravenous' OR NOT ({under_the_skin}))"""


MATCHED = """SELECT d.id AS id, count(*) AS hits, min(c.rank) AS rank, string_agg(c.concept, '|') AS also_matched
    FROM ({unpivoted}) AS d JOIN codes AS c ON d.code = c.code GROUP BY d.id"""


def result(export, no_diagnosis, diagnoses):
    made = {
        "diagnoses": diagnoses,
        "indication": "c.concept",
        "determination": f"coalesce(c.determination, CASE WHEN {no_diagnosis} THEN 'no_diagnosis' ELSE 'not_addressed' END)",
        "flag": "coalesce(c.flag, 'review')",
        "hits": "coalesce(m.hits, 0)",
        # By a single code and no words, so that the program must say the same.
        "decides": "coalesce(m.hits = 1 AND c.decides = 1 AND coalesce(k.words, '') = '', false)",
        "also_matched": "m.also_matched",
    }
    columns = ", ".join(f"{made.get(name, 'k.' + name)} AS {name}" for name in result_columns(export))
    return f"""SELECT {columns} FROM kept AS k LEFT JOIN matched AS m ON k.id = m.id LEFT JOIN codes AS c ON m.rank = c.rank"""


COUNTS = {
    "orders": "SELECT 'orders', count(*) FROM result",
    "by_determination": "SELECT determination, count(*) FROM result GROUP BY determination",
    "by_flag": "SELECT flag, count(*) FROM result GROUP BY flag",
    "decided_by_one_code": "SELECT determination, count(*) FROM result WHERE decides GROUP BY determination",
}


def counts(ask):
    found = {name: dict(ask(query)) for name, query in COUNTS.items()}
    found["orders"] = found["orders"]["orders"]
    return found
