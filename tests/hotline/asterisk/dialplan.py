"""Dialplans for tests: read back, and proved.

The subset of Asterisk's language that the export uses, written from what Asterisk 22 does: an unknown application or
function is an error. ``faults`` proves a dialplan without running it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

KEYS = "0123456789*#"
ANY_KEY = re.compile(r"[0-9*#]|_\[1-9\]|_X")


@dataclass(frozen=True)
class Priority:
    application: str
    data: str
    label: str = ""


Plan = dict[str, dict[str, list[Priority]]]


class BadDialplan(Exception):
    """What Asterisk would not run."""


def parse(text: str) -> Plan:
    """Contexts of extensions of priorities. Raises BadDialplan."""
    plan: Plan = {}
    steps: list[Priority] | None = None
    context = ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = re.sub(r"(?<!\\);.*", "", raw).strip()
        if not line:
            continue
        if found := re.fullmatch(r"\[([^\]]+)\]", line):
            context = found[1]
            if context in plan:
                raise BadDialplan(f"line {number}: [{context}] stands there twice")
            plan[context], steps = {}, None
        elif found := re.fullmatch(r"exten => ([^,]+),1(?:\((\w+)\))?,(\w+)\((.*)\)", line):
            if found[1] in plan[context]:
                raise BadDialplan(f"line {number}: {found[1]} stands in [{context}] twice")
            steps = plan[context][found[1]] = [Priority(found[3], found[4], found[2] or "")]
        elif found := re.fullmatch(r"same => n(?:\((\w+)\))?,(\w+)\((.*)\)", line):
            if steps is None:
                raise BadDialplan(f"line {number}: 'same' of nothing")
            steps.append(Priority(found[2], found[3], found[1] or ""))
        else:
            raise BadDialplan(f"line {number}: {raw!r}")
    return plan


APPLICATIONS = {
    "Answer",
    "Background",
    "ControlPlayback",
    "Dial",
    "Goto",
    "GotoIf",
    "GotoIfTime",
    "Gosub",
    "Hangup",
    "NoOp",
    "Return",
    "Set",
}
LEAVES = {"Goto", "Return", "Hangup"}
# A leaflet can be come to in several ways; which of them a library needs depends on what else it holds.
WAYS_IN = {"first", "again", "s", "spelt", "list", "wrong", "cancelled", "on", "cancel", "sorry"}


def faults(plan: Plan, sounds: Path, forms: tuple[str, ...], start: str = "audioleaflet") -> list[str]:
    """What is wrong with a dialplan, as sentences; empty where nothing is."""
    told: list[str] = []
    for context, name, place, step in every(plan):
        where = f"[{context}] {name},{place}: "
        if step.application not in APPLICATIONS:
            told.append(f"{where}unknown application {step.application}")
        told += [f"{where}{fault}" for fault in _written_wrong(step.data)]
        for target in _targets(plan, context, name, step):
            if not _exists(plan, *target):
                told.append(f"{where}no {target}")
        for sound in _sounds(plan, context, step):
            told += [f"{where}no {sound}.{form}" for form in forms if not _is_there(sounds, sound, form)]
    for context, extensions in plan.items():
        told += [
            f"[{context}] {name} goes on to nothing"
            for name, steps in extensions.items()
            if steps[-1].application not in LEAVES
        ]
    reached = reachable(plan, start)
    told += [
        f"[{context}] {name} is never reached"
        for context, extensions in plan.items()
        for name in extensions
        if (context, name) not in reached and name not in WAYS_IN
    ]
    told += [f"[{context}] is never reached" for context in plan if context not in {context for context, _ in reached}]
    return told


def every(plan: Plan) -> Iterator[tuple[str, str, int, Priority]]:
    for context, extensions in plan.items():
        for name, steps in extensions.items():
            for place, step in enumerate(steps, 1):
                yield context, name, place, step


def _is_there(sounds: Path, name: str, form: str) -> bool:
    if "/silence-" in name:
        form = "ulaw"  # silence is the same in all: Asterisk makes it of this one
    path = sounds / f"{name}.{form}"
    return path.is_file() and path.stat().st_size > 0


def _written_wrong(data: str) -> Iterator[str]:
    open_ = []
    for sign in data:
        if sign in "([{":
            open_.append(sign)
        elif sign in ")]}" and (not open_ or open_.pop() != {")": "(", "]": "[", "}": "{"}[sign]):
            yield "brackets do not match"
            break
    else:
        if open_:
            yield "a bracket is not closed"
    for sum_ in re.findall(r"\$\{MATH\(([^,]*),int\)\}", data):
        if len(re.findall(r"[-+*/%]", re.sub(r"\$\{[^}]*\}", "x", sum_))) != 1:
            yield f"MATH({sum_}) has not one operator"
    if data.count("MATH(") != len(re.findall(r"\$\{MATH\([^,]*,int\)\}", data)):
        yield "MATH without int"


def _chapters(plan: Plan, context: str) -> list[str]:
    table = plan.get(re.sub(r"-[a-z]+(-\d+)?$", "-table", context), {})
    return [name.removeprefix("count") for name in table if name.startswith("count")]


def _expanded(plan: Plan, context: str, text: str) -> Iterator[str]:
    """``text`` with every value that its variables may have."""
    domains = {
        "AL_RATE": ["slow", "normal", "fast"],
        "AL_CHAPTER": _chapters(plan, context),
        "CPLAYBACKSTOPKEY": list("0123456789"),
        "EXTEN": list("123456789"),
        "AL_CUE": ["1"],
        "AL_MIDDLE": ["1"],
        "AL_DIGITS:${AL_PLACE}:1": list("0123456789"),
        "AL_DIGITS:-1": list("0123456789"),
        "AL_LEAD": [""],
        "AL_SPOKEN": [
            key for key in plan.get("audioleaflet-languages", {}) if f"wrong{key}" in plan["audioleaflet-languages"]
        ],
        "AL_BOOK": [name.removesuffix("-read") for name in plan if name.endswith("-read")],
        "ARG1": [name for name in plan if name.endswith("-table")],
    }
    used = [name for name in domains if f"${{{name}}}" in text]
    for values in product(*(domains[name] for name in used)):
        made = text
        for name, value in sorted(zip(used, values, strict=True), key=lambda pair: -len(pair[0])):
            made = made.replace(f"${{{name}}}", value)
        yield made


def _targets(plan: Plan, context: str, name: str, step: Priority) -> Iterator[tuple[str, str, str]]:
    """Every place to which a step may jump: context, extension, priority or label."""
    if step.application in ("GotoIf", "GotoIfTime"):
        label = step.data.rpartition("?")[2]
        jumps = label.split(":")
    elif step.application in ("Goto", "Gosub"):
        jumps = [re.sub(r"\(.*\)$", "", step.data)]
    else:
        return
    for jump in jumps:
        for made in _expanded(plan, context, jump):
            parts = re.split(r",(?![^\[]*\])", made)
            # In the finder AL_CHAPTER is that of the table it was given.
            whole = [context, name, *parts][-3:] if len(parts) < 3 else parts
            if len(parts) == 2:
                whole = [context, *parts]
            yield whole[0], whole[1], whole[2]
    return


def _exists(plan: Plan, context: str, name: str, place: str) -> bool:
    steps = plan.get(context, {}).get(match(plan.get(context, {}), name) or "", [])
    if "$" in place:
        return bool(steps)
    return 1 <= int(place) <= len(steps) if place.isdigit() else any(step.label == place for step in steps)


def match(extensions: dict[str, list[Priority]], name: str) -> str | None:
    """The extension that Asterisk takes for a name or a key: itself, else a pattern."""
    if name in extensions:
        return name
    for pattern in extensions:
        if pattern.startswith("_"):
            made = pattern[1:].replace("+", r"\+").replace("X", "[0-9]").replace("!", ".*").replace(r"[\+", "[+")
            if re.fullmatch(made, name):
                return pattern
    return None


def _sounds(plan: Plan, context: str, step: Priority) -> Iterator[str]:
    if step.application == "Background":
        listed = step.data.removesuffix(",m")
    elif step.application == "ControlPlayback":
        listed = step.data.partition(",")[0]
    elif step.application == "Set" and step.data.startswith("AL_LEAD="):
        listed = step.data.partition("=")[2]
    else:
        return
    if listed == "${AL_SAY}":
        return
    for sound in listed.split("&"):
        yield from (made for made in _expanded(plan, context, sound.removeprefix("${AL_LEAD}")) if made)


def reachable(plan: Plan, start: str) -> set[tuple[str, str]]:
    """Every extension that some caller may come to."""
    waiting = [(start, name) for name in plan[start] if name == "s" or name[0] in "_0123456789"]
    found: set[tuple[str, str]] = set()
    while waiting:
        here = waiting.pop()
        context, name = here
        if here in found or name not in plan.get(context, {}):
            continue
        found.add(here)
        waiting.append((context, "T"))  # the time may be up anywhere
        for step in plan[context][name]:
            for target in _targets(plan, context, name, step):
                if actual := match(plan.get(target[0], {}), target[1]):
                    waiting.append((target[0], actual))
            if step.application == "Background":
                waiting += [(context, one) for one in plan[context] if ANY_KEY.fullmatch(one)]
    return found
