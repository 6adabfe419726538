"""Each part of the goal table: what is run in turn, and what it reached."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from inputs import warmed
from measure import Figure, gigabytes, in_turn, processor_time, ratios, run, shown
from programs import ENGINES


@dataclass
class Line:
    """One line of the table. `met` is nothing where there is no goal or no figure."""

    work: str
    goal: str
    reached: str
    met: bool | None
    note: str = ""


def at_most(work, bound, figure, note="", unit=None):
    text = f"≤ {bound} {unit or figure.unit}"
    return Line(work, text, str(figure), figure.median <= bound, note)


def at_least(work, bound, figure, note=""):
    return Line(work, f"≥ {bound} {figure.unit}", str(figure), figure.median >= bound, note)


def peak(runs):
    return Figure([max(done.mib for done in runs)], "MiB")


class Goals:
    """All parts; each is a list of lines when it is called."""

    def __init__(self, programs, inputs, scale, rounds, engines, root):
        self.programs, self.inputs, self.scale, self.rounds = programs, inputs, scale, rounds
        self.engines = [engine for engine in ENGINES if engine in engines]
        self.root = root
        self.raw = {}

    def in_turn(self, part, jobs, rounds=None):
        runs = in_turn(rounds or self.rounds, jobs)
        self.raw[part] = {name: [[done.seconds, done.cpu, done.mib] for done in found] for name, found in runs.items()}
        return runs

    def peers(self, given):
        return {engine: lambda engine=engine: self.programs.peer(engine, given) for engine in self.engines}

    def claims(self):
        """A claims export, 0.3 % in scope."""
        given = warmed(self.inputs.of_size("claims", self.scale.claims))
        ours = self.programs.ours
        jobs = {
            "wc -l": lambda: self.programs.wc(given),
            "ours": lambda: ours(given),
            "ours, one thread": lambda: ours(given, 1),
        }
        runs = self.in_turn("claims", jobs | self.peers(given))
        self.programs.agree(runs, given)
        size = f"claims, {gigabytes(given.bytes)}, {given.orders:,} of {given.records:,} in scope"
        lines = [
            at_most(f"{size}: times `wc -l`, 2 threads, with the digest", 3.5, Figure(ratios(runs["ours"], runs["wc -l"])),
                    f"{processor_time(runs['ours'], runs['wc -l'])}; the program always hashes, so the goal without digest (2.5) has no figure"),
            at_most("the same, one thread", 4, Figure(ratios(runs["ours, one thread"], runs["wc -l"])),
                    f"with the digest; {processor_time(runs['ours, one thread'], runs['wc -l'])}"),
        ]
        for engine in self.engines:
            note = f"{processor_time(runs[engine], runs['ours'])}; its peak memory {shown(peak(runs[engine]).median)} MiB"
            lines.append(at_least(f"the same: faster than {engine}", 7, Figure(ratios(runs[engine], runs["ours"])), note))
        lines.append(at_most("the same: peak memory", 128, peak(runs["ours"]), "any size: see growth and stream"))
        lines.append(at_least("the same: two threads over one", 1.7, Figure(ratios(runs["ours, one thread"], runs["ours"]))))
        return lines

    def orders(self):
        """An order export, all in scope."""
        given = warmed(self.inputs.of_size("orders", self.scale.orders))
        jobs = {"wc -l": lambda: self.programs.wc(given), "ours": lambda: self.programs.ours(given)}
        runs = self.in_turn("orders", jobs | self.peers(given))
        self.programs.agree(runs, given)
        size = f"orders, {gigabytes(given.bytes)}, {given.orders:,} in scope"
        lines = []
        if self.engines:
            best = [min((runs[engine][number] for engine in self.engines), key=lambda done: done.seconds)
                    for number in range(self.rounds)]
            lines.append(at_least(f"{size}: faster than the fastest peer", 2, Figure(ratios(best, runs["ours"])),
                                  "peers: no text, facts, combinations, explanations"))
        for engine in self.engines:
            note = f"{processor_time(runs[engine], runs['ours'])}; its peak memory {shown(peak(runs[engine]).median)} MiB"
            lines.append(Line(f"the same: faster than {engine}", "", str(Figure(ratios(runs[engine], runs["ours"]))), None, note))
        per_order = [1e6 * done.seconds / given.orders for done in runs["ours"]]
        note = f"peak memory {shown(peak(runs['ours']).median)} MiB"
        lines.append(Line("the same: wall an order, everything published", "", str(Figure(per_order, "µs")), None, note))
        return lines

    def memory(self):
        """An order export with very many orders in scope, once."""
        given = self.inputs.of_records("orders", self.scale.memory)
        runs = self.in_turn("memory", {"ours": lambda: self.programs.ours(given)}, 1)
        return [at_most(f"orders, {given.orders:,} in scope: peak memory", 512, peak(runs["ours"]),
                        f"{runs['ours'][0].seconds:.1f} s, once")]

    def growth(self):
        """Claims exports of growing size, and one without a record for what a start costs."""
        sizes = {size: warmed(self.inputs.of_size("claims", size)) for size in self.scale.growth}
        empty = self.inputs.of_records("claims", 0)
        jobs = {f"{size} GB": lambda given=given: self.programs.ours(given) for size, given in sizes.items()}
        runs = self.in_turn("growth", {"start alone": lambda: self.programs.ours(empty)} | jobs)
        least, most = min(sizes), max(sizes)
        pace = {
            size: [(done.seconds - start.seconds) / sizes[size].bytes for done, start in zip(runs[f"{size} GB"], runs["start alone"])]
            for size in (least, most)
        }
        grown = Figure([large / small for large, small in zip(pace[most], pace[least])])
        memory = max(peak(runs[f"{size} GB"]).median for size in sizes)
        note = f"the start ({shown(Figure([done.seconds for done in runs['start alone']]).median)} s) taken off both"
        return [
            at_most(f"growth, claims of {least} to {most} GB: wall a byte, the largest over the smallest", 1.1, grown, note),
            at_most("the same: peak memory", 128, Figure([memory], "MiB")),
        ]

    def compressed(self):
        """A claims export through gzip and zstd, against the decompressor alone."""
        plain = self.inputs.of_size("claims", self.scale.compressed)
        lines = []
        for program in ("gzip", "zstd"):
            given = self.inputs.compressed(plain, program)
            name = f"claims, {gigabytes(plain.bytes)} through {program}: times `{program} -dc` alone"
            if given is None:
                lines.append(Line(name, "≤ 1.15 ×", f"not measured: no {program}", None))
                continue
            warmed(given)
            jobs = {f"{program} -dc": lambda: self.programs.cat(program, given), "ours": lambda: self.programs.ours(given)}
            runs = self.in_turn(program, jobs)
            lines.append(at_most(name, 1.15, Figure(ratios(runs["ours"], runs[f"{program} -dc"])),
                                 "the program has decompressors of its own, which may be faster than this one"))
        return lines

    def small(self):
        """10,000 orders, start to published run."""
        given = warmed(self.inputs.of_records("orders", 10_000))
        runs = self.in_turn("small", {"ours": lambda: self.programs.ours(given)}, max(self.rounds, 5))
        figure = Figure([done.seconds for done in runs["ours"]], "s")
        return [at_most("10,000 orders, start to published run", 0.3, figure)]

    def stream(self):
        """Claims from the generator through standard input, short and long: flat memory, right counts."""
        found = {}
        for size in (self.scale.stream / 10, self.scale.stream):
            records = self.inputs.records_of("claims", size)
            truth = self.inputs.folder / "stream.truth.json"
            command = self.inputs.command("claims", records, truth)
            found[size] = self.programs.streamed(lambda: Streamed(truth), command)
        small, large = found.values()
        self.raw["stream"] = {str(size): [[done.seconds, done.cpu, done.mib]] for size, done in found.items()}
        with open(os.devnull, "wb") as nowhere:
            alone = run(self.inputs.command("claims", self.inputs.records_of("claims", self.scale.stream / 10)), stdout=nowhere)
        note = (
            f"{small.mib:.0f} MiB at a tenth of it; {large.seconds:.1f} s, where the generator alone (peak {alone.mib:.0f} MiB) "
            f"takes about {10 * alone.seconds:.1f} s; counts right"
        )
        name = f"claims, {self.scale.stream} GB from the generator through standard input: peak memory"
        return [at_most(name, 128, Figure([large.mib], "MiB"), note)]

    def assess(self):
        """What criterion has left of `cargo bench -p ivig-audit-benches`, if it has been run."""
        target = os.environ.get("CARGO_TARGET_DIR") or self.root / "target"
        found = sorted(Path(target).glob("criterion/assess/*/new/estimates.json"))
        lines = []
        for path in found:
            median = json.loads(path.read_text(encoding="utf-8"))["median"]
            figure = f"{median['point_estimate'] / 1000:.2f} µs"
            interval = median["confidence_interval"]
            spread = f" ({interval['lower_bound'] / 1000:.2f} to {interval['upper_bound'] / 1000:.2f})"
            bound = 3 if "text" in path.parts[-3] and "no text" not in path.parts[-3] else 1
            met = median["point_estimate"] / 1000 <= bound
            lines.append(Line(f"`assess`, {path.parts[-3]}", f"≤ {bound} µs", figure + spread, met, "criterion, 95 % interval"))
        if not found:
            lines.append(Line("`assess` alone", "≤ 1 µs, with text ≤ 3 µs", "not measured: run `cargo bench -p ivig-audit-benches` first", None))
        return lines


class Streamed:
    """An input that was never a file: what the generator left of it is its truth."""

    def __init__(self, truth):
        self.path = truth
        self.truth = json.loads(truth.read_text(encoding="utf-8"))
