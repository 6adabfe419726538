#!/usr/bin/env python3
"""Measures every line of the goal table: the whole program against `wc -l` and against DuckDB, polars and DataFusion.

    scripts/compare.py AUDIT [--quick] [--parts claims,orders,...] [--markdown FILE] [...]

AUDIT is the release program; the generator of exports is the example built beside it:

    cargo build --release --bins --examples && scripts/compare.py target/release/ivig-audit

Inputs are generated once and found again by name (about 11 GB without --quick; outputs of up to some GB besides). Everything runs in turn, A B C A B C, over
files in the page cache, each peer in a process of its own, on as many processors as threads; a figure is the median of the
ratios of each round, with the least and the most. Counts are compared with the generator's truth, between the peers, and
order by order where one code decides (scripts/comparison/agreement.py); a difference ends with exit code 1. Whether a goal
is met does not change the exit code. Needs Python 3.11.

Peers do less than the program: no text, facts, ages, combinations, code dates, explanations, rejected records, digests,
report. Their seconds are without the start of the interpreter and imports, the program's are of the whole process.

--quick takes small sizes, so that the script and its counts can be tried in some seconds; its ratios say nothing.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "scripts/comparison"))

import machine  # noqa: E402
import tables  # noqa: E402
from goals import Goals  # noqa: E402
from inputs import Inputs  # noqa: E402
from programs import ENGINES, Programs  # noqa: E402

PACKAGES = {"duckdb": ["duckdb>=1.1,<3"], "polars": ["polars>=1.30,<3"], "datafusion": ["datafusion>=46", "pyarrow"]}
PARTS = ("claims", "orders", "memory", "growth", "compressed", "small", "stream", "assess")


@dataclass
class Scale:
    """Sizes in GB; `memory` in records, of which about 94 in 100 are in scope."""

    claims: float
    orders: float
    growth: tuple
    compressed: float
    memory: int
    stream: float


FULL = Scale(claims=2, orders=0.5, growth=(0.5, 1, 2, 4), compressed=0.5, memory=10_700_000, stream=10)
QUICK = Scale(claims=0.02, orders=0.004, growth=(0.01, 0.02), compressed=0.01, memory=20_000, stream=0.02)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("audit", type=Path, help="the release program")
    parser.add_argument("--quick", action="store_true", help="small sizes, one round")
    parser.add_argument("--parts", default=",".join(PARTS), help=f"what to measure [default: {','.join(PARTS)}]")
    parser.add_argument("--rounds", type=int, help="rounds of A B C [default: 5, 1 with --quick]")
    parser.add_argument("--peers", default=",".join(ENGINES), help=f"[default: {','.join(ENGINES)}]")
    parser.add_argument("--threads", type=int, default=2, help="for the program and the peers [default: 2]")
    parser.add_argument("--generator", type=Path, help="the example `generate` [default: in examples/ beside AUDIT]")
    parser.add_argument("--python", type=Path, help="a Python with the peers [default: an environment made in --work]")
    parser.add_argument("--work", type=Path, help="where inputs and outputs go [default: compare/ in the target directory]")
    parser.add_argument("--claims-gb", type=float, help="size of the claims export [default: 2]")
    parser.add_argument("--orders-gb", type=float, help="size of the order export [default: 0.5]")
    parser.add_argument("--stream-gb", type=float, help="size of the stream [default: 10]")
    parser.add_argument("--markdown", type=Path, help="also writes the table here")
    return parser.parse_args()


def environment(work, peers):
    """A Python with the peers, made once below the target directory."""
    python = work / "venv/bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", work / "venv"], check=True)
    wanted = ["duckdb", *peers]
    missing = [name for name in wanted if subprocess.run([python, "-c", f"import {name}"], capture_output=True, check=False).returncode]
    packages = [package for name in missing for package in PACKAGES[name]]
    if packages:
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages], check=True)
    return python


def markdown(lines, command, described, rounds, seconds):
    yield f"`{command}`, {time.strftime('%Y-%m-%d', time.gmtime())}, {rounds} rounds, {seconds / 60:.0f} min. "
    yield "Figures are medians of the rounds' ratios, with the least and the most."
    yield ""
    yield "| work | goal | reached | met | note |"
    yield "| --- | --- | --- | --- | --- |"
    for line in lines:
        met = {True: "yes", False: "**no**", None: "–"}[line.met]
        yield f"| {line.work} | {line.goal or '–'} | {line.reached} | {met} | {line.note} |"
    yield ""
    yield from described


def main():
    given = arguments()
    began = time.monotonic()
    scale = QUICK if given.quick else FULL
    scale.claims, scale.orders = given.claims_gb or scale.claims, given.orders_gb or scale.orders
    scale.stream = given.stream_gb or scale.stream
    rounds = given.rounds or (1 if given.quick else 5)
    audit = given.audit.resolve()
    generator = (given.generator or audit.parent / "examples/generate").resolve()
    for program in (audit, generator):
        if not program.is_file():
            sys.exit(f"{program} is not there: cargo build --release --bins --examples")
    work = (given.work or Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target") / "compare").resolve()
    work.mkdir(parents=True, exist_ok=True)
    peers = [name for name in given.peers.split(",") if name]
    parts = [name for name in given.parts.split(",") if name]
    for name in [*set(peers) - set(ENGINES), *set(parts) - set(PARTS)]:
        sys.exit(f"{name} is neither a peer nor a part")
    python = given.python or environment(work, peers)
    derived = work / "tables"
    derived.mkdir(exist_ok=True)
    tables.products(ROOT, derived / "products.csv")
    tables.codes(ROOT, derived / "codes.csv")

    programs = Programs(audit, python.absolute(), derived, work / "out", given.threads)
    goals = Goals(programs, Inputs(generator, work / "inputs"), scale, rounds, peers, ROOT)
    lines = []
    for part in parts:
        print(f"{part}: {getattr(goals, part).__doc__}", file=sys.stderr, flush=True)
        lines += getattr(goals, part)()
    (work / "runs.json").write_text(json.dumps(goals.raw, indent=1) + "\n", encoding="utf-8")
    command = "scripts/compare.py ivig-audit" + "".join(f" {word}" for word in shown_options(given))
    described = machine.described(audit, python, [name for name in ENGINES if name in peers])
    text = "\n".join(markdown(lines, command, described, rounds, time.monotonic() - began)) + "\n"
    print(text)
    if given.markdown:
        given.markdown.write_text(text, encoding="utf-8")


def shown_options(given):
    """The options that change a figure; paths of this machine do not."""
    for name in ("quick", "parts", "rounds", "peers", "threads", "claims_gb", "orders_gb", "stream_gb"):
        value, default = getattr(given, name), {"parts": ",".join(PARTS), "peers": ",".join(ENGINES), "threads": 2}.get(name)
        if value is True:
            yield f"--{name}"
        elif value and value != default:
            yield f"--{name.replace('_', '-')} {value}"


if __name__ == "__main__":
    main()
