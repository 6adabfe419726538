"""The job with polars: lazy, columns and types given, the streaming engine, two threads."""

import polars as pl
from columns import result_columns


def job(export, tables, out, _threads):
    products = pl.read_csv(tables / "products.csv", infer_schema=False)
    codes = pl.read_csv(tables / "codes.csv", infer_schema=False).with_columns(pl.col("rank", "decides").cast(pl.Int32))
    kept = keep(export, products.lazy(), products["code"].to_list()).collect(engine="streaming").with_row_index("id")
    unpivoted = unpivot(export, kept.lazy().select("id", *export.diagnoses))
    matched = (
        unpivoted.join(codes.lazy().select("code", "rank", "concept"), on="code")
        .group_by("id")
        .agg(hits=pl.len(), rank=pl.col("rank").min(), also_matched=pl.col("concept").str.join("|"))
    )
    result = (
        kept.lazy()
        .join(matched, on="id", how="left")
        .join(codes.lazy().drop("code", "title"), on="rank", how="left")
        .with_columns(made(export))
        .select(result_columns(export))
        .collect(engine="streaming")
    )
    result.write_parquet(out / "assessments.parquet", compression="zstd")
    result.filter(pl.col("flag") != "clear").write_csv(out / "findings.csv")
    return {
        "orders": result.height,
        "by_determination": count(result, "determination"),
        "by_flag": count(result, "flag"),
        "decided_by_one_code": count(result.filter("decides"), "determination"),
    }


def keep(export, products, listed):
    lines = pl.scan_csv(export.path, has_header=True, infer_schema=False, schema=dict.fromkeys(export.header, pl.String))
    under_the_skin = pl.any_horizontal(pl.col(name).fill_null("").str.contains("JB", literal=True) for name in export.modifiers)
    return (
        lines.filter(pl.col(export.product).is_in(listed))
        .join(products, left_on=export.product, right_on="code", how="inner")
        .filter((pl.col("kind") == "intravenous") | ~under_the_skin)
        .with_columns(pl.col(export.carried["units"]).cast(pl.Float64))
        .with_columns(grams=pl.col(export.carried["units"]) * pl.col("mg_per_unit").cast(pl.Float64) / 1000)
        .with_columns(modifier=pl.concat_str(export.modifiers, separator=" ", ignore_nulls=True))
        .rename({column: name for name, column in export.carried.items() if name != column})
    )


def unpivot(export, kept):
    if export.separator:
        return kept.select("id", code=pl.col("diagnoses").str.split(export.separator)).explode("code")
    return kept.unpivot(index="id", value_name="code").select("id", "code").drop_nulls("code")


def made(export):
    empty = pl.all_horizontal(pl.col(name).fill_null("") == "" for name in export.diagnoses)
    if export.separator:
        diagnoses = pl.col("diagnoses").str.replace_all(export.separator, "|", literal=True)
    else:
        diagnoses = pl.concat_str(export.diagnoses, separator="|", ignore_nulls=True)
    unknown = pl.when(empty).then(pl.lit("no_diagnosis")).otherwise(pl.lit("not_addressed"))
    alone = (pl.col("hits") == 1) & (pl.col("decides") == 1) & (pl.col("words").fill_null("") == "")
    columns = {
        "diagnoses": diagnoses,
        "indication": pl.col("concept"),
        "determination": pl.col("determination").fill_null(unknown),
        "flag": pl.col("flag").fill_null("review"),
        "hits": pl.col("hits").fill_null(0),
        "decides": alone.fill_null(False),
    }
    return [expression.alias(name) for name, expression in columns.items()]


def count(result, name):
    return dict(result.group_by(name).len().iter_rows())
