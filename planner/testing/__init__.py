"""Proof for a schema that is planned: random documents, and a slow reference that must give the same JSON for each.

reference = Reference(registry)
made = RandomDocument(registry, Random(seed), ids, values)
text = made.text()
assert planned(text, made.variables) == await reference.data(connection, profile, request, text)
"""

from .documents import RandomDocument
from .reference import Reference, ReferenceRefused

__all__ = ["RandomDocument", "Reference", "ReferenceRefused"]
