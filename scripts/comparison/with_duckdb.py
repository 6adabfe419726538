"""The job with DuckDB: columns and types given, order of rows free, two threads."""

import duckdb
import sql
from columns import product_codes

CODES = {"code": "VARCHAR", "concept": "VARCHAR", "title": "VARCHAR", "determination": "VARCHAR", "flag": "VARCHAR"}


def read(path, columns):
    return (
        f"read_csv('{path}', columns = {columns!r}, auto_detect = false, header = true, delim = ',', quote = '\"', "
        "escape = '\"', new_line = '\\n')"
    )


def job(export, tables, out, threads):
    base = duckdb.connect(config={"threads": threads, "preserve_insertion_order": False})
    base.execute(f"CREATE TABLE codes AS SELECT * FROM {read(tables / 'codes.csv', CODES | {'decides': 'INT', 'rank': 'INT'})}")
    products = dict.fromkeys(("code", "product", "kind", "mg_per_unit"), "VARCHAR")
    base.execute(f"CREATE TABLE products AS SELECT * FROM {read(tables / 'products.csv', products)}")
    source = read(export.path, dict.fromkeys(export.header, "VARCHAR"))
    base.execute(f"CREATE TABLE kept AS {sql.kept(export, source, '0', product_codes(tables))}")
    names = ", ".join(export.diagnoses)
    listed = f"string_split({names}, '{export.separator}')" if export.separator else f"[{names}]"
    unpivoted = f"SELECT rowid AS id, unnest({listed}) AS code FROM kept"
    base.execute(f"CREATE TABLE matched AS {sql.MATCHED.format(unpivoted=unpivoted)}")
    diagnoses = f"replace(k.{names}, ';', '|')" if export.separator else f"concat_ws('|', {names})"
    no_diagnosis = " AND ".join(f"coalesce(k.{name}, '') = ''" for name in export.diagnoses)
    query = sql.result(export, no_diagnosis, diagnoses).replace("k.id = m.id", "k.rowid = m.id")
    base.execute(f"CREATE TABLE result AS {query}")
    base.execute(f"COPY result TO '{out / 'assessments.parquet'}' (FORMAT parquet, COMPRESSION zstd)")
    base.execute(f"COPY (FROM result WHERE flag <> 'clear') TO '{out / 'findings.csv'}' (FORMAT csv, HEADER)")
    return sql.counts(lambda query: base.execute(query).fetchall())
