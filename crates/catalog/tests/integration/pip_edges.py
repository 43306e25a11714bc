"""Prints the packages of a site-packages folder as `pip inspect` lists them, and the edges that
its requirements make with packaging's markers: extras only where another package asks for them."""

import json
import subprocess
import sys

from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.utils import canonicalize_name

report = json.loads(subprocess.run(
    [sys.executable, "-m", "pip", "inspect", "--path", sys.argv[1]],
    check=True, capture_output=True, text=True).stdout)
packages = {}
for found in report["installed"]:
    metadata = found["metadata"]
    name = canonicalize_name(metadata["name"])
    packages[name] = (metadata["version"], [Requirement(r) for r in metadata.get("requires_dist", [])])

waiting = [(name, "") for name in packages]
visited, edges = set(), set()
while waiting:
    name, extra = waiting.pop()
    if name not in packages or (name, extra) in visited:
        continue
    visited.add((name, extra))
    for need in packages[name][1]:
        holds = need.marker is None or any(need.marker.evaluate({"extra": e}) for e in {"", extra})
        on = canonicalize_name(need.name)
        if holds and on in packages:
            if on != name:
                edges.add((name, on))
            waiting += [(on, canonicalize_name(e)) for e in need.extras]

for name, (version, _) in packages.items():
    print("package", name, version)
for edge in edges:
    print("edge", *edge)
