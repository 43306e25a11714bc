"""What spdx-tools makes of documents: for each path on the standard input one line of JSON."""

import json
import sys

from spdx_tools.spdx.model import SpdxNoAssertion, SpdxNone
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.spdx_element_utils import calculate_package_verification_code
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document


def words(value):
    if isinstance(value, SpdxNoAssertion):
        return "NOASSERTION"
    if isinstance(value, SpdxNone):
        return "NONE"
    return value


def codes(document):
    """Of each package with files: what the document says, and what the library makes of the files."""
    files = {file.spdx_id: file for file in document.files}
    for package in document.packages:
        inside = {
            found.related_spdx_element_id
            for found in document.relationships
            if found.spdx_element_id == package.spdx_id
            and found.relationship_type.name == "CONTAINS"
            and found.related_spdx_element_id in files
        }
        if inside:
            said = package.verification_code and package.verification_code.value
            yield [said, calculate_package_verification_code([files[file] for file in inside]).value]


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
        "codes": list(codes(document)),
        "relationships": sorted(
            [found.spdx_element_id, found.relationship_type.name, words(found.related_spdx_element_id)]
            for found in document.relationships
        ),
    }


for line in sys.stdin:
    print(json.dumps(answer(line.rstrip("\n"))), flush=True)
