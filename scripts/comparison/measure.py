"""Runs a command in a process of its own and says how long it took and how much memory it had at most."""

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass


@dataclass
class Run:
    """One run: wall seconds, processor seconds, most resident memory in MiB, and what was printed."""

    seconds: float
    cpu: float
    mib: float
    printed: str


def run(command, cpus=None, stdin=None, stdout=subprocess.PIPE, check=(0,)):
    """A command, on so many processors if said.

    `wait4` gives the peak of this process alone; it is never below that of this script (some 30 MiB), of which the
    process is a copy until it becomes the command.
    """
    allowed = sorted(os.sched_getaffinity(0))[:cpus]
    began = time.perf_counter()
    # The pipe of standard output is read to its end before the process is waited for, so that it cannot fill.
    process = subprocess.Popen(
        command,
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.STDOUT if stdout == subprocess.PIPE else subprocess.PIPE,
        preexec_fn=lambda: os.sched_setaffinity(0, allowed),
    )
    printed = (process.stdout or process.stderr).read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in check:
        sys.exit(f"{' '.join(map(str, command))}\nended with exit code {process.returncode}:\n{printed[-2000:]}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, printed)


def in_turn(rounds, jobs):
    """{name: job} A B C A B C, so often: {name: runs}. What disturbs the machine disturbs all of them alike."""
    runs = {name: [] for name in jobs}
    for number in range(rounds):
        for name, job in jobs.items():
            done = job()
            runs[name].append(done)
            print(f"  round {number + 1}  {name:24}{done.seconds:9.3f} s {done.cpu:9.3f} s of processor {done.mib:8.0f} MiB", file=sys.stderr, flush=True)
    return runs


def ratios(over, under):
    """Round by round, how many times `under` the run of `over` took."""
    return [left.seconds / right.seconds for left, right in zip(over, under)]


def processor_time(over, under):
    """The same of processor seconds, which a machine that others use disturbs less. For a note."""
    return f"processor time {Figure([left.cpu / right.cpu for left, right in zip(over, under)])}"


@dataclass
class Figure:
    """What one line of the goals reached: the median of the rounds, the least and the most."""

    values: list
    unit: str = "×"

    @property
    def median(self):
        return statistics.median(self.values)

    def __str__(self):
        low, high = min(self.values), max(self.values)
        spread = f" ({shown(low)} to {shown(high)})" if len(self.values) > 1 else ""
        return f"{shown(self.median)} {self.unit}{spread}"


def shown(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def gigabytes(size):
    return f"{size / 1e9:.1f} GB" if size >= 1e8 else f"{size / 1e6:.0f} MB"


def warm(path):
    """Reads a file once, so that all find it in the page cache."""
    with open(path, "rb", buffering=0) as file:
        while file.read(1 << 24):
            pass
