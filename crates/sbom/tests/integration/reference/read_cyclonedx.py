"""What cyclonedx-python-lib makes of documents: for each version and path on the standard input
one line of JSON."""

import json
import sys

from cyclonedx.model.bom import Bom
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from cyclonedx.validation.xml import XmlValidator


def inner(components):
    for component in components:
        yield component
        yield from inner(component.components)


def answer(version, path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    validator = XmlValidator if path.endswith(".xml") else JsonStrictValidator
    problem = validator(SchemaVersion.from_version(version)).validate_str(text)
    if problem is not None:
        return {"problem": str(problem)[:500]}
    if path.endswith(".xml"):
        with open(path, encoding="utf-8") as file:
            bom = Bom.from_xml(file)
    else:
        bom = Bom.from_json(json.loads(text))
    everything = list(inner(bom.components))
    if bom.metadata.component:
        everything += inner([bom.metadata.component])
    return {
        "problem": None,
        "components": sorted(
            [
                component.bom_ref.value or "",
                component.type.value,
                component.group or "",
                component.name,
                # An empty element is read as the word None.
                "" if component.version in (None, "None") else component.version,
                component.purl.to_string() if component.purl else "",
                sorted(f"{found.alg.value} {found.content}" for found in component.hashes),
            ]
            for component in everything
        ),
        "edges": sorted(
            [dependency.ref.value, inner.ref.value]
            for dependency in bom.dependencies
            for inner in dependency.dependencies
        ),
    }


for line in sys.stdin:
    version, path = line.rstrip("\n").split(" ", 1)
    print(json.dumps(answer(version, path)), flush=True)
