"""The answer's markup: TwiML for voice, of which four verbs are used.

A ``Gather`` ends at the first key and posts it, whichever it is: with ``finishOnKey`` left at its default, # would not
be posted. It posts without a key too, when its sound is over and ``timeout`` seconds have gone by, at least 1.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

MEDIA_TYPE: Final = "application/xml"
_RING_S: Final = 30


def gather(action: str, *, keys: int, timeout_s: int, sound: str = "") -> bytes:
    """Play ``sound``, or nothing, and post up to ``keys`` keys to ``action``. ``timeout_s`` counts after the sound."""
    attributes = {
        "input": "dtmf",
        "action": action,
        "method": "POST",
        "numDigits": str(keys),
        "finishOnKey": "",
        "timeout": str(timeout_s),
        "actionOnEmptyResult": "true",
    }
    response = etree.Element("Response")
    element = etree.SubElement(response, "Gather", attributes)
    if sound:
        etree.SubElement(element, "Play").text = sound
    return _written(response)


def dial(action: str, operator: str) -> bytes:
    """Connect the caller to ``operator``, a SIP address or a telephone number, and post how it ended to ``action``."""
    response = etree.Element("Response")
    attributes = {"action": action, "method": "POST", "timeout": str(_RING_S)}
    element = etree.SubElement(response, "Dial", attributes)
    etree.SubElement(element, "Sip" if operator.startswith(("sip:", "sips:")) else "Number").text = operator
    return _written(response)


def hang_up() -> bytes:
    """End the call."""
    response = etree.Element("Response")
    etree.SubElement(response, "Hangup")
    return _written(response)


def refuse() -> bytes:
    """Do not answer the call: the caller hears that the line is busy, and pays nothing."""
    response = etree.Element("Response")
    etree.SubElement(response, "Reject", {"reason": "busy"})
    return _written(response)


def _written(response: etree._Element) -> bytes:
    return etree.tostring(response, encoding="UTF-8", xml_declaration=True)
