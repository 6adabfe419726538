#!/usr/bin/env python3
"""Runs two builds of the program over the same exports and compares everything that they publish.

    scripts/same_outputs.py OLD NEW [--fixtures] [--generated] [--generator PATH] [--paces 1,2,3:1000,8] [--only WORD]

OLD runs with one thread, NEW at every pace given: a number of threads, or threads and the bytes of a chunk. For each export the two must agree in:

- the exit code, and what is said on standard output and standard error
- the files of the run directory, byte for byte, but for the named volatile fields: run id, start, end and duration of
  the run, the digest of the program, and the digests of outputs that hold one of these (metrics.prom)
- assessments.parquet: if its bytes differ, then column names and types, number of rows, and every value row by row

`--fixtures` runs over the exports in fixtures/ and variants of them: CR LF, byte order mark, other delimiters, no last
line end, one record, no record, gzip, zstd, pipes, several inputs, every ruleset. `--generated` runs over exports of the
generator (`cargo build --release --example generate`) with several seeds, shares of dirt and of orders in scope. Neither
means both. Differences are printed by export, file and place, never a value, and end with exit code 1.

Needs the package `duckdb` only where Parquet files differ in bytes; `zstd` on the PATH for the compressed variants.
"""

import argparse
import csv
import gzip
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AS_OF = "2026-01-01"
SHOWN = 5
METRICS_VOLATILE = re.compile(
    rb"^(ivig_audit_last_success_timestamp_seconds|ivig_audit_run_duration_seconds) .*$", re.MULTILINE
)

# The files of each shape, as .ci/run and fixtures/README.md have them: the lines first, companions with their role.
SHAPES = {
    "mimic3": ["PRESCRIPTIONS.csv", "diagnoses=DIAGNOSES_ICD.csv", "patients=PATIENTS.csv"],
    "mimic4": ["prescriptions.csv", "diagnoses=diagnoses_icd.csv", "patients=patients.csv"],
    "synpuf-carrier": ["*_Claims_*.csv", "patients=DE1_0_2010_Beneficiary_Summary_File_Sample_1.csv"],
    "synpuf-inpatient": ["*_Claims_*.csv", "patients=DE1_0_2010_Beneficiary_Summary_File_Sample_1.csv"],
    "synpuf-outpatient": ["*_Claims_*.csv", "patients=DE1_0_2010_Beneficiary_Summary_File_Sample_1.csv"],
    "epic": ["ORDER_MED.tsv", "diagnoses=ORDER_DX_MED.tsv", "names=CLARITY_EDG.tsv", "patients=PATIENT.tsv"],
    "idr": ["CLM_LINE.csv", "claims=CLM.csv", "diagnoses=CLM_PROD.csv", "patients=BENE_HSTRY.csv", "authorizations=PRAUC.csv"],
}


@dataclass
class Case:
    """One export, and how the program is to read it."""

    name: str
    folder: Path
    inputs: list
    options: list = field(default_factory=list)
    stdin: bytes | None = None


@dataclass
class Published:
    """What one run left behind, volatile fields taken out."""

    code: int
    said: dict
    files: dict
    table: Path | None


def run(program, case, pace, out):
    """Audits the export of the case into `out`. The working directory is the export's, so that names are the same."""
    threads, _, chunk = pace.partition(":")
    command = [program, "audit", "--out", str(out), "--as-of", AS_OF, "--threads", threads, "--color", "never"]
    command += ["--chunk-size", chunk] if chunk else []
    command += case.options + case.inputs
    done = subprocess.run(command, cwd=case.folder, input=case.stdin, capture_output=True, check=False)
    runs = [path for path in out.iterdir() if path.is_dir() and not path.is_symlink()] if out.exists() else []
    if len(runs) > 1:
        sys.exit(f"{case.name}: {len(runs)} run directories instead of one")
    files = {path.name: path for path in runs[0].iterdir()} if runs else {}
    if done.returncode == 0 and "findings.csv" not in files:
        sys.exit(f"{case.name}: exit code 0 and no findings.csv")
    table = files.pop("assessments.parquet", None)
    manifest = json.loads(files["manifest.json"].read_bytes()) if "manifest.json" in files else {}
    hide = Volatile(manifest, runs[0].name if runs else None, out, program)
    said = {"standard output": hide(done.stdout), "standard error": hide(done.stderr)}
    contents = {name: hide(path.read_bytes()) for name, path in files.items() if name != "manifest.json"}
    if "metrics.prom" in contents:
        contents["metrics.prom"] = METRICS_VOLATILE.sub(rb"\1 ...", contents["metrics.prom"])
    if manifest:
        contents["manifest.json"] = hide(lasting(manifest))
    return Published(done.returncode, said, contents, table)


class Volatile:
    """Replaces what names this one run: its id, and where it and the program lie."""

    def __init__(self, manifest, folder, out, program):
        words = [folder, manifest.get("run_id"), str(out), program]
        self.words = [word.encode() for word in words if word]

    def __call__(self, text):
        for word in self.words:
            text = text.replace(word, b"...")
        return text


def lasting(manifest):
    """The manifest without its volatile fields, one value a line. What outputs hold is compared by itself."""
    manifest = json.loads(json.dumps(manifest))
    for name in ("run_id", "started", "finished"):
        manifest.pop(name, None)
    manifest.get("program", {}).pop("digest", None)
    for output in manifest.get("outputs", []):
        if output["file"] in ("metrics.prom", "assessments.parquet"):
            output.pop("bytes", None)
            output.pop("blake3", None)
    return (json.dumps(manifest, indent=1) + "\n").encode()


def differences(old, new):
    """Sentences that name file and place."""
    if old.code != new.code:
        yield f"exit code {old.code} and {new.code}"
    for what in old.said:
        if old.said[what] != new.said[what]:
            yield f"{what}: {place(what, old.said[what], new.said[what])}"
    for name in sorted(old.files.keys() | new.files.keys()):
        if name not in old.files or name not in new.files:
            yield f"{name}: only the {'old' if name in old.files else 'new'} build writes it"
        elif old.files[name] != new.files[name]:
            yield f"{name}: {place(name, old.files[name], new.files[name])}"
    if (old.table is None) != (new.table is None):
        yield f"assessments.parquet: only the {'new' if old.table is None else 'old'} build writes it"
    elif old.table is not None and old.table.read_bytes() != new.table.read_bytes():
        yield from table_differences(old.table, new.table)


def place(name, old, new):
    """Where two texts part: line and byte in it, and the column of a CSV file. No value."""
    same = next((at for at, pair in enumerate(zip(old, new)) if pair[0] != pair[1]), min(len(old), len(new)))
    line = old.count(b"\n", 0, same) + 1
    begin = old.rfind(b"\n", 0, same) + 1
    where = f"line {line}, byte {same - begin + 1} of it (bytes in all: {len(old)} and {len(new)})"
    if name.endswith(".csv"):
        where += csv_place(old, new)
    return where


def csv_place(old, new):
    old, new = (list(csv.reader(io.StringIO(text.decode(errors="replace"), newline=""))) for text in (old, new))
    if len(old) != len(new):
        where = f"; rows: {len(old)} and {len(new)}"
    else:
        where = ""
    for number, (left, right) in enumerate(zip(old, new)):
        if left != right:
            header = old[0] + ["beyond the header"]
            at = next((at for at, pair in enumerate(zip(left, right)) if pair[0] != pair[1]), min(len(left), len(right)))
            return f"{where}; first in row {number}, column {header[min(at, len(header) - 1)]}"
    return where


def table_differences(old, new):
    """The values of two Parquet files, row by row and so in order; nothing if only their bytes differ."""
    import duckdb

    sql = duckdb.connect()
    columns = {}
    for side, path in (("old", old), ("new", new)):
        sql.execute(f"CREATE TABLE {side} AS SELECT * FROM read_parquet('{path}', file_row_number = true)")
        columns[side] = sql.execute(f"SELECT column_name, column_type FROM (DESCRIBE {side})").fetchall()
    if columns["old"] != columns["new"]:
        yield "assessments.parquet: columns or their types differ"
        return
    rows = [sql.execute(f"SELECT count(*) FROM {side}").fetchone()[0] for side in ("old", "new")]
    if rows[0] != rows[1]:
        yield f"assessments.parquet: {rows[0]} and {rows[1]} rows"
    for name, _ in columns["old"]:
        number, first = sql.execute(
            f"""SELECT count(*), min(old.file_row_number) FROM old JOIN new USING (file_row_number)
            WHERE old."{name}" IS DISTINCT FROM new."{name}" """
        ).fetchone()
        if number:
            yield f"assessments.parquet: column {name} in {number} rows, the first is row {first + 1}"


def fixtures(work):
    """The exports of the repository, and what else an export of the same records may look like."""
    demo = ROOT / "fixtures/demo"
    yield Case("demo, both files", demo, ["orders.csv", "claims.csv"])
    for name in ("orders.csv", "claims.csv"):
        yield Case(f"demo/{name}", demo, [name])
        yield from variants(work, f"demo/{name}", (demo / name).read_bytes())
    for rules in ("in-force", "aanem-2009", str(ROOT / "fixtures/overlay/our-hospital")):
        yield Case(f"demo, both files, rules {Path(rules).name}", demo, ["orders.csv", "claims.csv"], ["--rules", rules])
    yield Case("demo/orders.csv, rejected held", demo, ["orders.csv"], ["--max-rejected", "0"])
    yield Case("demo/orders.csv, fail on flagged", demo, ["orders.csv"], ["--fail-on", "flagged"])
    yield Case("worked orders", ROOT / "fixtures", ["worked-orders.csv"])
    yield Case("an export of no known layout", ROOT / "fixtures", ["hospital-export.csv"])
    yield from drafted(work)
    for shape in SHAPES:
        yield shape_case(f"exports/{shape}", ROOT / "fixtures/exports" / shape, shape)
    yield from archives(work)


def shape_case(name, folder, shape):
    lines, *companions = SHAPES[shape]
    (found,) = folder.glob(lines)
    return Case(name, folder, [f"lines={found.name}", *companions], ["--max-rejected", "100"])


def drafted(work):
    """The export of no known layout, with the layout that OLD drafts for it; both builds read that one."""
    export = ROOT / "fixtures/hospital-export.csv"
    folder = fresh(work)
    shutil.copy(export, folder)
    draft = [Case.old, "inspect", export.name, "--write-layout", "drafted.toml"]
    subprocess.run(draft, cwd=folder, capture_output=True, check=True)
    yield Case("hospital-export.csv with a drafted layout", folder, [export.name], ["--layout", "drafted.toml", "--max-rejected", "100"])


def archives(work):
    """Archives as other programs write them, those that are refused included."""
    for line in (ROOT / "fixtures/source/archives.txt").read_text().splitlines():
        if not line.startswith("#") and line.strip():
            name, content = line.split()
            folder = fresh(work)
            (folder / "archive").write_bytes(bytes.fromhex(content))
            yield Case(f"source/{name}", folder, ["archive"])


def variants(work, name, export):
    """The same records in another dress."""
    lines = export.split(b"\n")
    dresses = {
        "CR LF": export.replace(b"\n", b"\r\n"),
        "byte order mark": b"\xef\xbb\xbf" + export,
        "no last line end": export.rstrip(b"\r\n"),
        "one record": b"\n".join(lines[:2]) + b"\n",
        "no record": lines[0] + b"\n",
        "nothing": b"",
        "cut in the middle": export[: len(export) // 2],
        "tabs": delimited(export, "\t"),
        "pipes": delimited(export, "|"),
        "semicolons": delimited(export, ";"),
        "bytes that are no UTF-8": lines[0] + b"\n" + b"\n".join(lines[1:]).replace(b"a", b"\xe4", 400),
        "UTF-16": export.decode().encode("utf-16"),
        "gzip": gzip.compress(export, 6, mtime=0),
        "gzip in two members": b"".join(gzip.compress(part, 1, mtime=0) for part in (export[:70_001], export[70_001:])),
    }
    if shutil.which("zstd"):
        dresses["zstd"] = subprocess.run(["zstd", "-q", "-c"], input=export, capture_output=True, check=True).stdout
    for dress, content in dresses.items():
        folder = fresh(work)
        (folder / "export").write_bytes(content)
        yield Case(f"{name}, {dress}", folder, ["export"], ["--max-rejected", "100"])
    for dress in ("as it is", "gzip"):
        content = dresses.get(dress, export)
        yield Case(f"{name}, {dress}, standard input", fresh(work), ["-"], ["--max-rejected", "100"], content)


def delimited(export, delimiter):
    text = io.StringIO(newline="")
    rows = csv.reader(io.StringIO(export.decode(), newline=""))
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


# Long enough for several blocks and waves; options of the generator.
GENERATED = [
    ("claims", 20_000, "--seed 1"),
    ("claims", 20_000, "--seed 2 --dirt 20"),
    ("claims", 20_000, "--seed 3 --dirt 200 --in-scope-per-mille 40"),
    ("claims", 8_000, "--seed 4 --dirt 20 --in-scope-per-mille 250 --other-means 300"),
    ("claims", 20_000, "--seed 5 --other-means 30"),
    ("orders", 8_000, "--seed 6"),
    ("orders", 8_000, "--seed 7 --dirt 20"),
    ("orders", 8_000, "--seed 8 --dirt 200"),
    ("orders", 8_000, "--seed 9 --dirt 20 --other-means 300"),
    ("orders", 40_000, "--seed 10 --dirt 1"),
    ("claims", 200_000, "--seed 11 --dirt 3"),
]


def generated(work, generator):
    for export, records, options in GENERATED:
        name = f"generate {export} --records {records} {options}"
        command = [generator, export, "--records", str(records), *options.split()]
        content = subprocess.run(command, capture_output=True, check=True).stdout
        dresses = {"": content, ", CR LF": content.replace(b"\n", b"\r\n")}
        if "--dirt 20 " in options + " ":
            dresses[", gzip"] = gzip.compress(content, 1, mtime=0)
            yield Case(f"{name}, standard input", fresh(work), ["-"], ["--max-rejected", "100"], content)
            yield Case(f"{name}, rejected as usual", fresh(work, content), ["export"])
        for dress, bytes_of_it in dresses.items():
            yield Case(name + dress, fresh(work, bytes_of_it), ["export"], ["--max-rejected", "100"])
    for place_of_it, shape in enumerate(SHAPES):
        folder = fresh(work)
        options = f"--records 3000 --seed {20 + place_of_it} --in-scope-per-mille 60"
        subprocess.run([generator, shape, "--dir", folder, *options.split()], capture_output=True, check=True)
        yield shape_case(f"generate {shape} {options}", folder, shape)


def fresh(work, content=None):
    """A new folder, with the content as the file `export`. The one before is done with."""
    for old in work.glob("case-*"):
        shutil.rmtree(old)
    folder = Path(tempfile.mkdtemp(prefix="case-", dir=work))
    if content is not None:
        (folder / "export").write_bytes(content)
    return folder


def compare(old, new, cases, paces, work):
    """How many exports were compared, and how many differ."""
    compared = different = 0
    for case in cases:
        began, found = time.monotonic(), []
        reference = run(old, case, "1", work / "old")
        for pace in paces:
            published = run(new, case, pace, work / "new")
            found += [f"pace {pace}: {what}" for what in differences(reference, published)]
            shutil.rmtree(work / "new", ignore_errors=True)
        shutil.rmtree(work / "old", ignore_errors=True)
        compared += 1
        different += bool(found)
        print(f"{'DIFFERS' if found else 'same':8}{time.monotonic() - began:6.1f} s  exit {reference.code}  {case.name}", flush=True)
        for what in found[:SHOWN]:
            print(f"    {what}")
        if len(found) > SHOWN:
            print(f"    and {len(found) - SHOWN} more")
    return compared, different


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("old", help="program to compare with")
    parser.add_argument("new", help="program to compare")
    parser.add_argument("--fixtures", action="store_true", help="the exports of fixtures/ and variants of them")
    parser.add_argument("--generated", action="store_true", help="exports of the generator")
    parser.add_argument("--generator", help="the built example `generate` [default: in the target directory beside NEW]")
    parser.add_argument(
        "--paces", default="1,2,8,3:997,7:65536", help="threads, or threads:chunk size, for NEW [default: 1,2,8,3:997,7:65536]"
    )
    parser.add_argument("--only", default="", help="only exports whose name holds this")
    given = parser.parse_args()
    both = given.fixtures == given.generated
    Case.old = old = str(Path(given.old).resolve())
    new = str(Path(given.new).resolve())
    generator = Path(given.generator) if given.generator else Path(new).parent / "examples/generate"
    if (both or given.generated) and not generator.is_file():
        sys.exit(f"no generator at {generator}: cargo build --release --example generate")
    with tempfile.TemporaryDirectory(prefix="same-outputs-") as work:
        work = Path(work)

        def cases():
            if both or given.fixtures:
                yield from fixtures(work)
            if both or given.generated:
                yield from generated(work, str(generator.resolve()))

        wanted = (case for case in cases() if given.only in case.name)
        compared, different = compare(old, new, wanted, given.paces.split(","), work)
    print(f"{compared} exports compared, {different} differ")
    if different or not compared:
        sys.exit(1)


if __name__ == "__main__":
    main()
