"""The inputs: exports of the seeded generator, made once, and found again by name."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from measure import warm

SEED = 9
# Of a first export the bytes of a record are known, and so the number of records for a size.
SAMPLE = 20_000


@dataclass
class Input:
    """An export, and what the generator knows of it."""

    kind: str
    path: Path
    records: int
    truth: dict

    @property
    def bytes(self):
        return self.path.stat().st_size

    @property
    def orders(self):
        return self.truth["orders"]["total"]


class Inputs:
    """A folder of exports."""

    def __init__(self, generator, folder):
        self.generator, self.folder = str(generator), folder
        folder.mkdir(parents=True, exist_ok=True)

    def of_records(self, kind, records):
        path = self.folder / f"{kind}-seed{SEED}-{records}.csv"
        truth = path.with_suffix(".truth.json")
        if not path.exists():
            unfinished = path.with_suffix(".unfinished")
            with unfinished.open("wb") as out:
                subprocess.run(self.command(kind, records, truth), stdout=out, check=True)
            unfinished.rename(path)
        found = Input(kind, path, records, json.loads(truth.read_text(encoding="utf-8")))
        assert found.truth["generated"]["records"] == records, "the truth is of another export"
        return found

    def command(self, kind, records, truth=None):
        command = [self.generator, kind, "--records", str(records), "--seed", str(SEED)]
        return command + (["--truth", str(truth)] if truth else [])

    def records_of(self, kind, gigabytes):
        """How many records make so many gigabytes."""
        return round(gigabytes * 1e9 / (self.of_records(kind, SAMPLE).bytes / SAMPLE))

    def of_size(self, kind, gigabytes):
        return self.of_records(kind, self.records_of(kind, gigabytes))

    def compressed(self, plain, program):
        """The export through `gzip` or `zstd` as they are called by hand; nothing if the program is not there."""
        if not shutil.which(program):
            return None
        path = plain.path.with_name(plain.path.name + (".gz" if program == "gzip" else ".zst"))
        if not path.exists():
            unfinished = path.with_suffix(".unfinished")
            with unfinished.open("wb") as out:
                subprocess.run([program, "-c", str(plain.path)], stdout=out, stderr=subprocess.DEVNULL, check=True)
            unfinished.rename(path)
        return Input(plain.kind, path, plain.records, plain.truth)


def warmed(given):
    warm(given.path)
    return given
