#!/usr/bin/env python3
"""One peer does the job once, in a process of its own: `peer.py ENGINE KIND EXPORT TABLES OUT THREADS`.

The job: keep the lines with a billing code of immune globulin by vein (not under the skin by its modifier), look all of
their diagnoses up in the table of codes, take the best row by precedence, and write a table of all orders as Parquet with
zstd, the flagged ones and those for review as CSV, and the counts. Prints the counts and the seconds of the job, start of
the interpreter and imports left out, as JSON.
"""

import json
import os
import sys
import time
from pathlib import Path


def main():
    engine, kind, export, tables, out, threads = sys.argv[1:]
    # Before the import: each reads its number of threads once.
    os.environ["POLARS_MAX_THREADS"] = os.environ["TOKIO_WORKER_THREADS"] = threads
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    if engine == "duckdb":
        from with_duckdb import job
    elif engine == "polars":
        from with_polars import job
    else:
        from with_datafusion import job
    from columns import Export

    began, worked = time.perf_counter(), time.process_time()
    counts = job(Export(kind, export), Path(tables), out, int(threads))
    counts = {name: dict(sorted(count.items())) if isinstance(count, dict) else count for name, count in counts.items()}
    (out / "summary.json").write_text(json.dumps(counts, indent=2) + "\n", encoding="utf-8")
    spent = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - worked}
    print(json.dumps(spent | {"counts": counts}))


if __name__ == "__main__":
    main()
