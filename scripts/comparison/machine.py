"""What the figures were made with and on."""

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path


def first_line(*command):
    if not shutil.which(command[0]):
        return None
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).strip().splitlines()[0] if done.returncode == 0 else None


def processor():
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    return found.group(1) if found else platform.machine()


def described(audit, python, engines):
    ask = "import importlib.metadata as m, sys; print(', '.join(f'{n} {m.version(n)}' for n in sys.argv[1:]))"
    versions = first_line(str(python), "-c", ask, *engines)
    tools = [line for line in (first_line(*words) for words in (("gzip", "--version"), ("zstd", "--version"), ("wc", "--version"))) if line]
    load = os.getloadavg()
    return [
        f"Program: {first_line(str(audit), '--version')}, built with {first_line('rustc', '--version') or 'a rustc that is not here'}.",
        f"Peers: {versions}; Python {platform.python_version()}. Tools: {'; '.join(tools)}.",
        f"Machine: {processor()}, {len(os.sched_getaffinity(0))} processors to use, Linux {platform.release()}, "
        f"load at the end {load[0]:.1f}.",
    ]
