"""
An example of each change: what is sent, and what comes back. Shown in the description of the API.

A test holds every one against the schema of its operation, so that none grows old.
"""

from typing import Any

from api.examples import (
    administration,
    cases,
    desk,
    joining,
    matching,
    network,
    programmes,
    templates,
    workshops,
)

EXAMPLES: dict[str, tuple[Any, Any]] = {
    name: example
    for part in (administration, cases, desk, joining, matching, network, programmes, templates, workshops)
    for name, example in part.EXAMPLES.items()
}
"""By the name of the operation: (request, answer); None where there is no body."""
