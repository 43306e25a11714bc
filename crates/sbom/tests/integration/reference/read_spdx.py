"""What spdx-tools makes of documents: for each path on the standard input one line of JSON."""

import json
import sys

from spdx_tools.spdx.model import SpdxNoAssertion, SpdxNone
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document


def words(value):
    if isinstance(value, SpdxNoAssertion):
        return "NOASSERTION"
    if isinstance(value, SpdxNone):
        return "NONE"
    return value


def answer(path):
    try:
        document = parse_file(path)
        messages = validate_full_spdx_document(document)
    except Exception as error:  # noqa: BLE001: whatever it is, it is a refusal
        return {"problems": [f"{type(error).__name__}: {error}"[:300]]}
    return {
        "problems": [message.validation_message[:300] for message in messages],
        "packages": sorted(
            [package.spdx_id, package.name, package.version or ""] for package in document.packages
        ),
        "relationships": sorted(
            [found.spdx_element_id, found.relationship_type.name, words(found.related_spdx_element_id)]
            for found in document.relationships
        ),
    }


for line in sys.stdin:
    print(json.dumps(answer(line.rstrip("\n"))), flush=True)
