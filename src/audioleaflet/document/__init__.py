"""A YAML file that a person wrote: read safely, checked against a model, every fault at its line.

``read_document`` gives nodes with places, ``validate`` turns them into a pydantic model; both raise one
ContentError with all the problems of the file.
"""

from audioleaflet.document.codes import CODES
from audioleaflet.document.nodes import Document, ListNode, MappingNode, Node, TextNode
from audioleaflet.document.reading import parse_document, read_document, read_file
from audioleaflet.document.validation import Line, fault, one_line, validate

__all__ = [
    "CODES",
    "Document",
    "Line",
    "ListNode",
    "MappingNode",
    "Node",
    "TextNode",
    "fault",
    "one_line",
    "parse_document",
    "read_document",
    "read_file",
    "validate",
]
