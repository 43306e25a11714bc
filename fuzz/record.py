"""The record of fuzzing, a table in docs/fuzzing.md: what each target has had, over all runs.

`fuzz/run` adds to it. The last column is written by hand and kept. What stands before the table is
not touched."""

import contextlib
import fcntl
import os
import pathlib
import re

FUZZ = pathlib.Path(__file__).resolve().parent
PAGE = FUZZ.parent / "docs" / "fuzzing.md"
HEAD = ["target", "processor seconds", "executions", "findings", "what was mended"]
EARLIER = "earlier, wall time"


@contextlib.contextmanager
def alone():
    """One process at a time reads and writes the record."""
    (FUZZ / "corpus").mkdir(exist_ok=True)
    with (FUZZ / "corpus" / ".record-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def read():
    """What stands before the table, and its rows by target: seconds, executions, findings, mended."""
    text, _, table = PAGE.read_text().partition("| " + " | ".join(HEAD) + " |\n")
    rows = {}
    for line in table.splitlines()[1:]:
        target, *cells = (cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("| ")))
        rows[target.strip("`")] = (cells + [""] * 4)[:4]
    return text, rows


def number(cell):
    digits = cell.removeprefix(EARLIER + " + ").replace(",", "")
    return int(digits) if digits.isdigit() else 0


def plus(cell, more):
    """The cell after so much more. What a target had before the record began stays said."""
    earlier = EARLIER + " + " if cell.startswith(EARLIER) else ""
    return f"{earlier}{number(cell) + more:,}"


def lacks(target, wanted):
    """How many processor seconds the target lacks of those wanted."""
    seconds = read()[1].get(target, ["0"])[0]
    return 0 if seconds.startswith(EARLIER) else max(0, wanted - number(seconds))


def add(targets, target, seconds, executions, findings):
    """Adds what a target had. Targets that are gone leave the table, new ones come in with nothing."""
    with alone():
        text, rows = read()
        rows = {name: rows.get(name, ["0", "0", "0", ""]) for name in sorted(targets)}
        for place, more in enumerate((round(seconds), executions, findings)):
            rows[target][place] = plus(rows[target][place], more)
        lines = ["| " + " | ".join(HEAD) + " |", "|---|---:|---:|---:|---|"]
        lines += ["|" + "".join(f" {cell} |" if cell else " |" for cell in [f"`{name}`", *cells])
                  for name, cells in rows.items()]
        new = PAGE.with_suffix(".new")
        new.write_text(text + "\n".join(lines) + "\n")
        os.replace(new, PAGE)
