"""A document against a pydantic model: every fault at its line, in plain words, with the next step."""

from __future__ import annotations

import difflib
import re
import typing
from collections.abc import Iterable
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, Field, RootModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from audioleaflet.document.codes import CODES
from audioleaflet.document.nodes import Document, ListNode, Location, MappingNode, Node, TextNode
from audioleaflet.errors import ContentError, Origin, Problem

M = TypeVar("M", bound=BaseModel)
_SPACES = re.compile("[^\\S\u202f]+")


def one_line(text: str) -> str:
    """``text`` with every run of white space made one space, but thin spaces that mending has kept (characters.py)."""
    return _SPACES.sub(" ", text).strip()


Line = Annotated[str, AfterValidator(one_line), Field(min_length=1)]

_EXPECTED = {
    "string_type": ("text", "write it as text"),
    "tuple_type": ("a list", "write each item on a line of its own, after '- '"),
    "list_type": ("a list", "write each item on a line of its own, after '- '"),
    "model_type": ("names with values", "write 'name: text' lines, indented"),
    "dict_type": ("names with values", "write 'name: text' lines, indented"),
    "int_type": ("a whole number", "write digits"),
}
_FILL = "write it; what is not needed can be left out"
_FOUND = {TextNode: "text", ListNode: "a list", MappingNode: "names with values"}


def fault(code: str, message: str, next_step: str = "") -> PydanticCustomError:
    """What a validator of a file's model raises: a problem of ours, which ``validate`` puts at its line."""
    if code not in CODES:
        raise KeyError(code)
    return PydanticCustomError(code, "{message}", {"message": message, "next_step": next_step})


def validate(document: Document, model: type[M], *, further: Iterable[Problem] = ()) -> M:
    """The document as a ``model``. ``further``: problems that the caller found, to be told with the others.

    Raises ContentError with the problems of the document, of its fields, and the further ones, in line order.
    """
    problems = [*document.problems, *further]
    empty = {location: _empty(document, location) for location, node in document.walk() if _is_blank(node)}
    result: M | None = None
    try:
        result = model.model_validate(_plain(document.root))
    except ValidationError as error:
        details = error.errors(include_url=False)
        for detail in details:
            location = tuple(step for step in detail["loc"] if step != "[key]")
            unknown = detail["type"] == "extra_forbidden"
            if (unknown or location not in empty) and not _is_echo(document, location, detail):
                problems.append(_problem(document, model, location, detail))
            if unknown:
                empty.pop(location, None)
    problems += empty.values()
    if problems or result is None:
        raise ContentError(sorted(dict.fromkeys(problems), key=lambda problem: problem.origin.line))
    return result


def _is_echo(document: Document, location: Location, detail: ErrorDetails) -> bool:
    """pydantic calls a list too short when its items have faults, which are told already."""
    return detail["type"] == "too_short" and bool(document.items(*location))


def _is_blank(node: Node) -> bool:
    return isinstance(node, TextNode) and node.blank


def _plain(node: Node) -> Any:
    if isinstance(node, TextNode):
        return node.text
    if isinstance(node, ListNode):
        return [_plain(item) for item in node.items]
    return {name: _plain(value.node) for name, value in node.fields.items()}


def _name(location: Location) -> str:
    """``sections[2].text`` with items counted from 1, as people count."""
    name = ""
    for step in location:
        if isinstance(step, int):
            name += f"[{step + 1}]" if name else f"item {step + 1}"
        else:
            name += f".{step}" if name else step
    return name


def _empty(document: Document, location: Location) -> Problem:
    message = f"'{_name(location)}' has nothing in it"
    origin = document.origin(*location)
    return Problem(origin=origin, code="EMPTY", message=message, next_step=_FILL)


def _problem(document: Document, model: type[BaseModel], location: Location, detail: ErrorDetails) -> Problem:
    code, message, step = _words(document, model, location, detail)
    origin = Origin(path=document.path, line=document.line(*location))
    return Problem(origin=origin, code=code, message=message, next_step=step)


def _words(
    document: Document, model: type[BaseModel], location: Location, detail: ErrorDetails
) -> tuple[str, str, str]:
    kind, context, name = detail["type"], detail.get("ctx", {}), _name(location)
    if kind in CODES:
        return kind, f"'{name}': {context['message']}", str(context["next_step"])
    if kind == "missing":
        return "MISSING", f"'{name}' is missing", "write it"
    if kind == "extra_forbidden":
        known = _field_names(model, location[:-1])
        return "UNKNOWN-KEY", f"there is no field '{name}'", _nearest(str(location[-1]), known)
    if kind in _EXPECTED:
        expected, step = _EXPECTED[kind]
        node = document.node(*location)
        found = _FOUND[type(node)] if node is not None else "nothing"
        what = f"'{name}'" if name else "the file"
        return "KIND", f"{what} should be {expected}, and is {found}", step
    if kind in ("string_too_short", "too_short"):
        return "EMPTY", f"'{name}' has nothing in it", _FILL
    if kind == "string_too_long" or (kind == "too_long" and document.text(*location)):
        return "TOO-LONG", f"'{name}' has more than {context['max_length']} characters", "shorten it"
    if kind == "too_long":
        return "TOO-MANY", f"'{name}' has more than {context['max_length']} items", "leave some out"
    if kind.startswith("int_"):
        return "NUMBER", f"'{name}' is not a whole number", "write digits, with no unit"
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = f"at least {context['ge']}" if "ge" in context else f"at most {context['le']}"
        return "RANGE", f"'{name}' must be {bound}", "change the number"
    raise AssertionError(f"no words for {kind}: {detail['msg']}")


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.5)
    return f"did you mean '{near[0]}'?" if near else f"known are: {', '.join(known)}"


def _field_names(model: type[BaseModel], location: Location) -> list[str]:
    """The fields of the model that stands at ``location``, an item of a list being one step."""
    here: type[BaseModel] | None = model
    for step in location:
        if here is None:
            break
        if isinstance(step, int):
            here = _inner(here.model_fields["root"].annotation) if issubclass(here, RootModel) else here
        else:
            here = _inner(here.model_fields[step].annotation) if step in here.model_fields else None
    return sorted(here.model_fields) if here else []


def _inner(annotation: Any) -> type[BaseModel] | None:
    """The model inside ``tuple[Model, ...]`` or ``Model | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in typing.get_args(annotation):
        found = _inner(part)
        if found is not None:
            return found
    return None
