"""A call through a dialplan, in tests: run against a clock and keys, as Asterisk 22 would."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.hotline.asterisk.dialplan import KEYS, BadDialplan, Plan, match


@dataclass(frozen=True)
class Heard:
    """A sound that began: when, in ms since the call was answered; which; from where in it."""

    at: int
    sound: str
    begin: int


class _Over(Exception):
    """The script has come to its end, or the call has."""


class _TimeIsUp(Exception):
    """The absolute timeout."""


@dataclass
class Exchange:
    """One call through a dialplan: ``keys`` are pressed at their moments, in ms; what is heard is noted."""

    plan: Plan
    sounds: Path
    keys: list[tuple[int, str]]
    until: int = 600_000
    now: datetime = datetime(2026, 11, 23, 12, 0)  # noqa: DTZ001 (a Monday, local time)
    answers: Callable[[str], bool] = lambda _who: False
    dialled: str = "s"
    form: str = "ulaw"
    variables: dict[str, str] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)
    dialled_out: list[str] = field(default_factory=list)
    clock: int = 0
    steps: int = 0
    hung_up: bool = False

    def run(self, start: str = "audioleaflet") -> list[Heard]:
        """The call, from its begin until nobody is there."""
        self._context, self._extension, self._place = start, self.dialled, 1
        self._stack: list[tuple[str, str, int, dict[str, str]]] = []
        self._deadline: int | None = None
        try:
            while True:
                try:
                    self._step()
                except _TimeIsUp:
                    self._deadline = None
                    self._jump(self._context, "T", "1")
        except _Over:
            return self.heard

    def _step(self) -> None:
        self.steps += 1
        if self.steps > 200_000:
            raise BadDialplan(f"it goes round in [{self._context}] {self._extension}")
        extensions = self.plan[self._context]
        actual = match(extensions, self._extension)
        if actual is None or self._place > len(extensions[actual]):
            raise BadDialplan(f"no [{self._context}] {self._extension},{self._place}")
        step = extensions[actual][self._place - 1]
        self._place += 1
        getattr(self, f"_do_{step.application.lower()}")(self.filled(step.data))

    def _jump(self, context: str, name: str, place: str) -> None:
        actual = match(self.plan[context], name)
        if actual is None:
            raise BadDialplan(f"no [{context}] {name}")
        steps = self.plan[context][actual]
        number = int(place) if place.isdigit() else 1 + [step.label for step in steps].index(place)
        self._context, self._extension, self._place = context, name, number

    def _do_goto(self, data: str) -> None:
        parts = data.split(",")
        self._jump(*([self._context, self._extension, *parts][-3:] if len(parts) != 2 else [self._context, *parts]))

    def _do_gotoif(self, data: str) -> None:
        condition, _, labels = data.partition("?")
        yes, _, no = labels.partition(":")
        chosen = yes if condition not in ("", "0") else no
        if chosen:
            self._do_goto(chosen)

    def _do_gotoiftime(self, data: str) -> None:
        times, _, label = data.partition("?")
        span, day, *_ = times.split(",")
        begin, end = span.split("-")
        moment = self.now + timedelta(milliseconds=self.clock)
        if moment.strftime("%a").lower() == day and begin <= moment.strftime("%H:%M") <= end:
            self._do_goto(label)

    def _do_gosub(self, data: str) -> None:
        found = re.fullmatch(r"([^(]*)(?:\((.*)\))?", data)
        assert found
        self._stack.append((self._context, self._extension, self._place, {"ARG1": self.variables.get("ARG1", "")}))
        self._do_goto(found[1])
        self.variables["ARG1"] = found[2] or ""

    def _do_return(self, data: str) -> None:
        self._context, self._extension, self._place, kept = self._stack.pop()
        self.variables |= kept
        self.variables["GOSUB_RETVAL"] = data

    def _do_set(self, data: str) -> None:
        name, _, value = data.partition("=")
        if name == "TIMEOUT(absolute)":
            self._deadline = self.clock + 1000 * int(value) if int(value) else None
        else:
            self.variables[name] = value

    def _do_noop(self, _data: str) -> None:
        pass

    def _do_answer(self, _data: str) -> None:
        pass

    def _do_hangup(self, _data: str) -> None:
        self.hung_up = True
        raise _Over

    def _do_dial(self, data: str) -> None:
        who = data.partition(",")[0]
        self.dialled_out.append(who)
        if self.answers(who):
            raise _Over

    def _do_background(self, data: str) -> None:
        names, _, option = data.rpartition(",")
        assert option == "m"
        known = {key for key in KEYS if match(self.plan[self._context], key)}
        for name in names.split("&"):
            key = self._listen(name, 0, known)
            if key is not None:
                self._jump(self._context, key, "1")
                return

    def _do_controlplayback(self, data: str) -> None:
        name, *_, stop, _pause, _restart, option = data.split(",")
        begin = int(option[2:-1])
        started = self.clock
        key = self._listen(name, begin, set(stop))
        self.variables["CPLAYBACKSTATUS"] = "SUCCESS" if key is None else "USERSTOPPED"
        self.variables["CPLAYBACKOFFSET"] = "-1" if key is None else str(begin + self.clock - started)
        if key is not None:
            self.variables["CPLAYBACKSTOPKEY"] = key

    def _listen(self, name: str, begin: int, known: set[str]) -> str | None:
        """Play a sound until it ends or a known key is pressed."""
        path = self.sounds / f"{name}.{'ulaw' if '/silence-' in name else self.form}"
        if not path.is_file():
            raise BadDialplan(f"[{self._context}] {self._extension}: no {path}")
        ends = self.clock + path.stat().st_size // 8 - begin
        self.heard.append(Heard(self.clock, name, begin))
        while self.keys and self.keys[0][0] < min(ends, self._deadline or ends):
            at, key = self.keys.pop(0)
            self.clock = max(self.clock, at)
            if self.clock >= self.until:
                raise _Over
            if key in known:
                return key
        began, self.clock = self.clock, max(self.clock, min(ends, self._deadline or ends))
        if self.clock >= self.until:
            raise _Over
        if self._deadline is not None and self.clock >= self._deadline:
            self.variables["CPLAYBACKOFFSET"] = str(begin + self.clock - began)
            raise _TimeIsUp
        return None

    # Variables and expressions

    def filled(self, text: str) -> str:
        """``text`` with its variables, functions and expressions worked out."""
        made, at = "", 0
        while at < len(text):
            if text[at : at + 2] in ("${", "$["):
                end = _closing(text, at + 1)
                inner = text[at + 2 : end]
                made += self._value(inner) if text[at + 1] == "{" else evaluate(self.filled(inner))
                at = end + 1
            else:
                made += text[at]
                at += 1
        return made

    def _value(self, inner: str) -> str:
        if found := re.fullmatch(r"([A-Z]+)\((.*)\)", inner, re.DOTALL):
            return self._function(found[1], found[2])
        name, *slices = self.filled(inner).split(":")
        value = self._extension if name == "EXTEN" else self.variables.get(name, "")
        if name == "EPOCH":
            value = "0"
        if not slices:
            return value
        begin = int(slices[0])
        return value[begin:] if len(slices) == 1 else value[begin : begin + int(slices[1])]

    def _function(self, name: str, data: str) -> str:
        if name == "LEN":
            return str(len(self.filled(data)))
        if name == "IF":
            condition, _, rest = self.filled(data).partition("?")
            yes, _, no = rest.partition(":")
            return yes if condition not in ("", "0") else no
        if name == "MATH":
            left, right = self.filled(data).removesuffix(",int").split("/")
            return str(int(left) // int(right))
        if name == "STRFTIME":
            return (self.now + timedelta(milliseconds=self.clock)).strftime(data.split(",")[2])
        raise BadDialplan(f"unknown function {name}")


def _closing(text: str, at: int) -> int:
    """The place of the bracket that closes the one at ``at``."""
    depth = 0
    for place in range(at, len(text)):
        if text[place] in "[{":
            depth += 1
        elif text[place] in "]}":
            depth -= 1
            if not depth:
                return place
    raise BadDialplan(f"a bracket is not closed in {text}")


def evaluate(text: str) -> str:
    """A ``$[...]`` of sums and one comparison, as Asterisk works it out."""
    tokens = re.findall(r'"[^"]*"|-?\d+(?:\.\d+)?|>=|<=|!=|[<>=+-]', text)
    if "".join(tokens).replace(" ", "") != text.replace(" ", ""):
        raise BadDialplan(f"$[{text}] is not understood")
    compared = next((token for token in tokens if token in ("<", ">", "<=", ">=", "=", "!=")), None)
    if compared is None:
        return str(_sum(tokens))
    at = tokens.index(compared)
    left, right = tokens[:at], tokens[at + 1 :]
    if left[0].startswith('"'):
        same = left == right
        return str(int(same if compared == "=" else not same))
    a, b = _sum(left), _sum(right)
    return str(int({"<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b, "=": a == b, "!=": a != b}[compared]))


def _sum(tokens: list[str]) -> int:
    if not tokens or len(tokens) % 2 == 0:
        raise BadDialplan(f"$[{' '.join(tokens)}] is no sum")
    total = int(tokens[0])
    for sign, number in zip(tokens[1::2], tokens[2::2], strict=True):
        total += int(number) if sign == "+" else -int(number)
    return total
