"""The job with DataFusion: columns and types given, two partitions."""

import datafusion
import pyarrow
import sql
from columns import product_codes
from datafusion import SessionConfig, SessionContext


def schema(columns):
    return pyarrow.schema([(name, pyarrow.string()) for name in columns])


def job(export, tables, out, threads):
    context = SessionContext(SessionConfig().with_target_partitions(threads))
    products = ["code", "product", "kind", "mg_per_unit"]
    context.register_csv("products", str(tables / "products.csv"), schema=schema(products))
    types = {"decides": pyarrow.int32(), "rank": pyarrow.int32()}
    names = ["code", "concept", "title", "determination", "flag", "decides", "rank"]
    codes = pyarrow.schema([(name, types.get(name, pyarrow.string())) for name in names])
    context.register_csv("codes", str(tables / "codes.csv"), schema=codes)
    options = datafusion.CsvReadOptions(schema=schema(export.header), newlines_in_values=True)
    context.register_csv("export", export.path, options=options)
    keep(context, "kept", sql.kept(export, "export", "row_number() OVER ()", product_codes(tables)))
    if export.separator:
        unpivoted = f"SELECT id, unnest(string_to_array({export.diagnoses[0]}, '{export.separator}')) AS code FROM kept"
        diagnoses = f"replace(k.{export.diagnoses[0]}, ';', '|')"
    else:
        unpivoted = f"SELECT id, unnest(make_array({', '.join(export.diagnoses)})) AS code FROM kept"
        diagnoses = "concat_ws('|', " + ", ".join(f"nullif({name}, '')" for name in export.diagnoses) + ")"
    keep(context, "matched", sql.MATCHED.format(unpivoted=unpivoted))
    no_diagnosis = " AND ".join(f"coalesce(k.{name}, '') = ''" for name in export.diagnoses)
    keep(context, "result", sql.result(export, no_diagnosis, diagnoses))
    copy = "COPY ({}) TO '{}' STORED AS {}"
    context.sql(copy.format("SELECT * FROM result", out / "assessments.parquet", "PARQUET OPTIONS ('compression' 'zstd(1)')")).collect()
    findings = "SELECT * FROM result WHERE flag <> 'clear'"
    context.sql(copy.format(findings, out / "findings.csv", "CSV OPTIONS ('format.has_header' 'true')")).collect()
    return sql.counts(lambda query: ask(context, query))


def keep(context, name, query):
    """The rows of a query in memory, as a table."""
    context.register_record_batches(name, context.sql(query).collect_partitioned())


def ask(context, query):
    found = context.sql(query).to_arrow_table()
    return list(zip(found.column(0).to_pylist(), found.column(1).to_pylist()))
