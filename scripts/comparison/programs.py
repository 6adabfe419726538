"""The program and the peers, as jobs that say whether what they counted is right."""

import json
import os
import shutil
import sys
from pathlib import Path
from subprocess import PIPE, Popen

from measure import run

HERE = Path(__file__).resolve().parent
ENGINES = ("duckdb", "polars", "datafusion")


def differ(what, left, right):
    sys.exit(f"COUNTS DIFFER: {what}:\n  {left}\n  {right}")


class Programs:
    """What is measured, with the folder where all of it writes."""

    def __init__(self, audit, python, tables, folder, threads):
        self.audit, self.python, self.tables, self.folder = str(audit), str(python), tables, folder
        self.cpus = threads

    def wc(self, given):
        return run(["wc", "-l", str(given.path)])

    def cat(self, program, given):
        with open(os.devnull, "wb") as nowhere:
            return run([program, "-dc", str(given.path)], stdout=nowhere)

    def ours(self, given, threads=None):
        """The whole program: everything published, counts as the generator knows them."""
        out = self.empty("ours")
        threads = threads or self.cpus
        done = run([*self.command(out, threads), str(given.path)], self.cpus)
        self.checked(given, out)
        return done

    def command(self, out, threads):
        return [self.audit, "audit", "--quiet", "--out", str(out), "--threads", str(threads)]

    def checked(self, given, out):
        """Fails unless the published counts are those of the truth file."""
        manifest = json.loads((out / "latest/manifest.json").read_text(encoding="utf-8"))
        counts, truth = manifest["counts"], given.truth
        if not manifest["reconciliation"]["holds"]:
            differ(f"{given.path.name} does not reconcile", counts, truth)
        for name in ("read", "in_scope"):
            if counts["records"][name] != truth["records"][name]:
                differ(f"{given.path.name}, records {name}", counts["records"][name], truth["records"][name])
        for name in ("total", "by_determination", "by_flag"):
            if counts["orders"][name] != truth["orders"][name]:
                differ(f"{given.path.name}, orders {name}", counts["orders"][name], truth["orders"][name])

    def streamed(self, given, command, threads=None):
        """The output of a generator through standard input. Its truth is there when it has ended."""
        out = self.empty("ours")
        source = Popen(command, stdout=PIPE)
        done = run([*self.command(out, threads or self.cpus), "-"], stdin=source.stdout)
        source.stdout.close()
        if source.wait():
            sys.exit("the generator did not finish")
        self.checked(given(), out)
        return done

    def peer(self, engine, given):
        """A peer's job. Its seconds are those of the job alone: start of the interpreter and imports are left out."""
        out = self.empty(engine)
        command = [self.python, HERE / "peer.py", engine, given.kind, given.path, self.tables, out, self.cpus]
        done = run([str(word) for word in command], self.cpus)
        said = json.loads(done.printed.splitlines()[-1])
        done.seconds, done.cpu, done.counts = said["seconds"], said["cpu"], said["counts"]
        if done.counts["orders"] != given.orders:
            differ(f"{engine}, {given.path.name}, orders in scope", done.counts["orders"], given.orders)
        return done

    def empty(self, name):
        out = self.folder / name
        shutil.rmtree(out, ignore_errors=True)
        return out

    def agree(self, runs, given):
        """All peers counted the same, and the program says the same of every order that one code decides."""
        peers = [name for name in runs if name in ENGINES]
        for name in peers:
            for done in runs[name]:
                if done.counts != runs[peers[0]][0].counts:
                    differ(f"{name} and {peers[0]}, {given.path.name}", done.counts, runs[peers[0]][0].counts)
        done = run([self.python, HERE / "agreement.py", self.folder / "ours/latest", *(self.folder / name for name in peers)])
        print("  " + done.printed.strip().replace("\n", "\n  "), file=sys.stderr)
