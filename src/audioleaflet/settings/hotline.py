"""``hotline`` in ``library.yaml``: the telephone line. Everything may be left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from audioleaflet.document import fault
from audioleaflet.settings.languages import LanguageTag, narrowing
from audioleaflet.settings.web import BaseUrl

CODECS: Final = ("ulaw", "alaw", "wav", "g722", "sln16")
DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
Network = IPv4Network | IPv6Network

_WPM_NORMAL = 145  # the pace that the defaults of slow and fast are named for
_BETWEEN = re.compile(r"[ ().\u2013-]")  # how people group the digits of a number
_NUMBER = re.compile(r"\+?[0-9]{1,15}", re.ASCII)  # ITU-T E.164, 6.1: at most 15 digits
# RFC 3261, 25.1, of it what every exchange takes: a user, a host, a port. No parameters, headers or passwords.
_SIP = re.compile(
    r"sips?:(?P<user>[A-Za-z0-9_.+-]{1,64})@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::(?P<port>[0-9]{1,5}))?",
    re.ASCII,
)
_HOURS = re.compile(r"([A-Za-z]{3})(?: ?- ?([A-Za-z]{3}))? +(\d\d):(\d\d) ?- ?(\d\d):(\d\d)", re.ASCII)
_PORTS = re.compile(r"(\d{1,5}) ?- ?(\d{1,5})", re.ASCII)
# Encrypted, or of this computer alone.
_UNHEARD = re.compile(r"https://|http://(127\.0\.0\.1|localhost|\[::1\])[:/]", re.IGNORECASE)
_DAY_MINUTES = 24 * 60
# The emergency numbers of most of the world: no line says "I will connect you" to one, whatever its welcome names.
_EMERGENCY = frozenset({"112", "911", "999", "000"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When a person answers: ``days`` (0 is Monday), from ``begin`` up to ``end``, in minutes from midnight."""

    days: frozenset[int]
    begin: int
    end: int

    def is_open(self, moment: datetime) -> bool:
        """Whether ``moment``, in the time of the place where the person is, lies in them."""
        return moment.weekday() in self.days and self.begin <= moment.hour * 60 + moment.minute < self.end

    def meets(self, other: Hours) -> bool:
        """Whether some minute of the week lies in both."""
        return bool(self.days & other.days) and self.begin < other.end and other.begin < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """UDP ports from ``first`` to ``last``, both counted."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"

    def __len__(self) -> int:
        return self.last - self.first + 1


def _number(text: str) -> str:
    digits = _BETWEEN.sub("", text.strip())
    if not _NUMBER.fullmatch(digits):
        raise fault("TELEPHONE", f"'{text}' is not a telephone number", "write its digits, as +1 212 555 0100")
    return digits


def _emergency(text: str) -> str:
    number = _number(text)
    if number.startswith("+"):
        raise fault("TELEPHONE", f"'{text}' has a plus sign, which nobody dials in need", "write it as people dial it")
    return number


def _operator(text: str) -> str:
    address = text.strip()
    if ":" not in address:
        try:
            return _number(address)
        except ValueError as error:
            raise _no_operator(text) from error
    found = _SIP.fullmatch(address)
    if found is None or int(found["port"] or 1) not in range(1, 65536):
        raise _no_operator(text)
    return address


def _dialled(operator: str) -> str:
    """The digits by which an exchange would call the operator, if it is a number; else the name in the SIP address."""
    found = _SIP.fullmatch(operator)
    return _BETWEEN.sub("", found["user"] if found else operator).removeprefix("+")


def _no_operator(text: str) -> ValueError:
    return fault(
        "OPERATOR",
        f"'{text}' is neither a telephone number nor a SIP address",
        "write it as +1 212 555 0100 or sip:reception@pbx.example",
    )


def _hours(text: object) -> Hours:
    found = _HOURS.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        raise fault("HOURS", f"'{text}' is not a time of the week", "write it as Mon-Fri 09:00-17:00")
    first, last = found[1].title(), (found[2] or found[1]).title()
    for day in (first, last):
        if day not in DAYS:
            raise fault("HOURS", f"'{day}' is not a day", f"a day is one of {', '.join(DAYS)}")
    begin, end = (int(found[at]) * 60 + int(found[at + 1]) for at in (3, 5))
    if int(found[4]) > 59 or int(found[6]) > 59 or end > _DAY_MINUTES:
        raise fault("HOURS", f"'{text}' has a time that no day has", "times are 00:00 to 24:00")
    if begin >= end:
        raise fault(
            "HOURS",
            f"'{text}' ends before it begins",
            "divide what goes past midnight, as Fri 22:00-24:00 and Sat 00:00-06:00",
        )
    start, count = DAYS.index(first), (DAYS.index(last) - DAYS.index(first)) % 7 + 1
    return Hours(days=frozenset((start + step) % 7 for step in range(count)), begin=begin, end=end)


def _apart(hours: tuple[Hours, ...]) -> tuple[Hours, ...]:
    for place, one in enumerate(hours):
        for before, other in enumerate(hours[:place]):
            if one.meets(other):
                raise fault("HOURS", f"items {before + 1} and {place + 1} overlap", "write each hour once")
    return hours


def _ports(text: object) -> Ports:
    found = _PORTS.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        raise fault("PORTS", f"'{text}' is not a range of ports", "write it as 20000-20999")
    ports = Ports(first=int(found[1]), last=int(found[2]))
    if not 1024 <= ports.first <= ports.last <= 65535:
        raise fault(
            "PORTS", f"'{text}' is not a range of ports from 1024 to 65535, the lower first", "write it as 20000-20999"
        )
    return ports


def _network(text: object) -> Network:
    try:
        network = ip_network(str(text).strip())
    except ValueError as error:
        raise fault(
            "NETWORK", f"'{text}' is not an IP address or a network", "write it as 192.0.2.10 or 192.0.2.0/24"
        ) from error
    # 10.0.0.0/8 is the widest network that one house has; wider lets strangers in.
    if network.prefixlen < (8 if network.version == 4 else 16):
        raise fault("NETWORK", f"'{text}' lets in far too many computers", "name the peer's own address or network")
    return network


def _address(text: str) -> str:
    try:
        address: IPv4Address | IPv6Address = ip_address(text.strip())
    except ValueError as error:
        raise fault("NETWORK", f"'{text}' is not an IP address", "write it as 192.0.2.10") from error
    if address.is_unspecified or address.is_multicast:
        raise fault("NETWORK", f"'{text}' is not the address of one computer", "write it as 192.0.2.10")
    return str(address)


def _codec(text: object) -> object:
    if text not in CODECS:
        raise fault("CODEC", f"'{text}' is not a form of telephone sound", f"known are: {', '.join(CODECS)}")
    return text


def _private(address: str) -> str:
    if not _UNHEARD.match(address):
        raise fault("URL", f"'{address}' is not encrypted", "write it as https://calls.example/")
    return address


def _written(pattern: re.Pattern[str]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern.pattern}$"})


TelephoneNumber = Annotated[str, AfterValidator(_number), Field(min_length=1)]
EmergencyNumber = Annotated[str, AfterValidator(_emergency), Field(min_length=1)]
NetworkField = Annotated[Network, BeforeValidator(_network), WithJsonSchema({"type": "string"})]
HoursField = Annotated[Hours, BeforeValidator(_hours), _written(_HOURS)]
PortsField = Annotated[Ports, BeforeValidator(_ports), _written(_PORTS)]
Codec = Annotated[Literal["ulaw", "alaw", "wav", "g722", "sln16"], BeforeValidator(_codec)]
PublicUrl = Annotated[BaseUrl, AfterValidator(_private)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rates(_Part):
    """Words a minute on the telephone. The rate between slow and fast is the library's ``rate_wpm``."""

    slow_wpm: int = Field(120, ge=80, le=300, description="Words a minute after key 7.")
    fast_wpm: int = Field(175, ge=80, le=400, description="Words a minute after key 9.")
    prompt_wpm: int = Field(175, ge=80, le=300, description="Words a minute of welcome, menu and help.")

    def around(self, normal_wpm: int) -> Rates:
        """With what was left out made fit a library's own pace: in proportion to it."""
        fitting = {
            name: min(400, max(80, round(Rates.model_fields[name].default * normal_wpm / _WPM_NORMAL)))
            for name in ("slow_wpm", "fast_wpm")
            if name not in self.model_fields_set
        }
        return self.model_copy(update=fitting)


class Trunk(_Part):
    """A peer that may call when the line is open beyond this computer, such as a telephone exchange."""

    address: NetworkField = Field(description="The IP address, or the network, that its calls come from.")
    media: tuple[NetworkField, ...] = Field(
        (), description="Networks to which sound may be sent when its calls ask for it; else it goes to the caller's."
    )

    def calls_from(self, address: IPv4Address | IPv6Address) -> bool:
        """Whether a call from ``address`` is this peer's."""
        return address in self.address

    def hears_at(self, address: IPv4Address | IPv6Address) -> bool:
        """Whether sound of its calls may be sent to ``address``."""
        return any(address in network for network in self.media)


class CallLimits(_Part):
    """What the line takes at most. A trunk is exempt from those of a source."""

    calls: int = Field(50, ge=1, le=1000, description="Calls at once.")
    calls_a_source: int = Field(8, ge=1, le=1000, description="Calls at once from one address.")
    minutes: int = Field(60, ge=5, le=720, description="Length of a call; it is announced, and any key extends it.")
    rtp_silence_s: int = Field(90, ge=10, le=3600, description="Seconds without a packet before a call is ended.")
    half_open_a_source: int = Field(4, ge=1, le=100, description="Calls from one address that it has not confirmed.")
    half_open_s: int = Field(8, ge=2, le=32, description="Seconds for a caller to confirm an answered call.")
    requests_a_second: int = Field(20, ge=1, le=10_000, description="Requests a second from one address.")
    message_bytes: int = Field(8192, ge=1024, le=65_535, description="Size of one request.")


class HotlineSettings(_Part):
    """The telephone line: who is in need of what, who may call, and what it takes at most."""

    emergency: dict[LanguageTag, EmergencyNumber] = Field(
        default_factory=dict, description="Language to the emergency number that the welcome names."
    )
    operator: Annotated[str, AfterValidator(_operator)] | None = Field(
        None, description="Whom key 0 connects to: a telephone number, or a SIP address such as sip:200@pbx.example."
    )
    operator_hours: Annotated[tuple[HoursField, ...], AfterValidator(_apart)] = Field(
        (), description="When the person answers, each as Mon-Fri 09:00-17:00, local time. Left out: always."
    )
    dialled: dict[TelephoneNumber, LanguageTag] = Field(
        default_factory=dict, description="The number that was dialled, to the language that is spoken at once."
    )
    codecs: Annotated[tuple[Codec, ...], Field(min_length=1)] = Field(
        ("ulaw",), description="The forms in which telephone sound is written; ulaw always is."
    )
    rates: Rates = Field(default_factory=Rates, description="Words a minute.")
    rtp_ports: PortsField = Field(
        default_factory=lambda: Ports(first=20_000, last=20_999),
        description="UDP ports for sound, written as 20000-20999, which they are if left out; each call takes one.",
    )
    advertise: Annotated[str, AfterValidator(_address)] | None = Field(
        None, description="The IP address at which callers reach this computer, if it is not the one it listens at."
    )
    trunks: tuple[Trunk, ...] = Field((), description="Peers that may call from beyond this computer.")
    limits: CallLimits = Field(default_factory=CallLimits, description="What the line takes at most.")
    public_url: PublicUrl | None = Field(None, description="The address at which Twilio reaches this line.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.operator and _dialled(self.operator) in _EMERGENCY.union(self.emergency.values()):
            raise fault(
                "OPERATOR",
                "'operator' is an emergency number, which key 0 must not call",
                "write the number of a person who expects these calls",
            )
        if self.operator_hours and not self.operator:
            raise fault("OPERATOR", "'operator_hours' without 'operator'", "write whom key 0 connects to")
        if len(self.rtp_ports) < self.limits.calls:
            raise fault(
                "PORTS",
                f"'rtp_ports' are {len(self.rtp_ports)}, fewer than the {self.limits.calls} calls of 'limits.calls'",
                "give a longer range; each call takes one",
            )
        for place, one in enumerate(self.trunks):
            for before, other in enumerate(self.trunks[:place]):
                if one.address.overlaps(other.address):
                    raise fault(
                        "NETWORK", f"trunks {before + 1} and {place + 1} share an address", "write each peer once"
                    )
        return self

    def emergency_for(self, language: str) -> str:
        """The emergency number for a BCP 47 tag, looked up from narrow to wide; empty if none is named."""
        return next((self.emergency[tag] for tag in narrowing(language) if tag in self.emergency), "")

    def is_open(self, moment: datetime) -> bool:
        """Whether there is a person to connect to at ``moment``, in local time."""
        always = not self.operator_hours
        return self.operator is not None and (always or any(hours.is_open(moment) for hours in self.operator_hours))
