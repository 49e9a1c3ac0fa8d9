"""Words that are said in two ways: what the words beside them settle."""

from __future__ import annotations

import re

from tests.cases import check_each

from audioleaflet.leaflet.ipa import parse_ipa, respell
from audioleaflet.leaflet.respelling import parse_respelling
from audioleaflet.script.heteronyms import BREAK, Choice, Heteronyms, heteronyms

ENGLISH = heteronyms("en-US")

# Sentence, word, the name of the way; "?" behind it where nothing settles it and it is the usual one.
SENTENCES = """
Keep the wound clean. | wound | injury
Wound care starts at once. | Wound | injury
The bandage is wound around your arm. | wound | turned
She wound the cloth. | wound | injury?
You may have a small tear in the muscle. | tear | rip
The gel works like a tear film. | tear | eye
Artificial tears can help. | tears | eyes
Tears in the cartilage heal slowly. | Tears | rips
Tears in your eyes are normal. | Tears | eyes
This can lead to bleeding. | lead | guide
You will wear a lead apron. | lead | metal
Lead poisoning is rare now. | Lead | metal
Old paint may contain lead. | lead | metal
A wire called a pacing lead is put in. | lead | guide
The flu spray is a live vaccine. | live | alive
People live with it for years. | live | be
You can live a full life. | live | be
It saves lives. | lives | life
The virus lives in the nose. | lives | is
Rest for a minute or two. | minute | time
Wait 10 minute. | minute | time
It holds minute amounts of iodine. | minute | tiny
Please read this leaflet. | read | now
Read the label. | Read | now
Have you read the leaflet? | read | past
The test is read by a doctor. | read | past
Use a clean towel. | Use | verb
You can use soap. | use | verb
Do not use it. | use | verb
Long-term use can harm you. | use | noun
The use of drugs is a risk. | use | noun
It is for external use only. | use | noun
It is used to treat pain. | used | verb
You will get used to it. | used | accustomed
It used to hurt. | used | accustomed
Close your eyes. | Close | shut
Stay close to home. | close | near
Tell a close friend. | close | near
Keep in close contact. | close | near
An invalid result means a new test. | invalid | wrong
Blood was present in the urine. | present | here
It may present with a cough. | present | show
Do not push the object out. | object | thing
You may object to this. | object | oppose
Keep a record of your weight. | record | noun
Record your weight. | Record | verb
Your body does not produce enough insulin. | produce | make
Wash fresh produce well. | produce | food
Milk has a high fat content. | content | inside
Your muscles contract. | contract | verb
You may refuse treatment. | refuse | no
There is a separate leaflet. | separate | apart
Separate the tablets from the foil. | Separate | divide
Take moderate exercise. | moderate | medium
Doctors estimate the risk. | estimate | verb
This is only an estimate of risk. | estimate | noun
Alternate between hot and cold. | Alternate | change
Take it on alternate days. | alternate | other
The cancer may progress slowly. | progress | verb
You are making good progress. | progress | noun
This may increase your risk. | increase | verb
An increase in pain is common. | increase | noun
Smoking increases your risk. | increases | verb
It can decrease appetite. | decrease | verb
Talk to us about drug abuse. | abuse | noun
Tell us of any vaginal discharge. | discharge | noun
We will discharge you tomorrow. | discharge | verb
A contrast dye is given. | contrast | noun
The contrast may feel warm. | contrast | noun
Enzymes digest food. | digest | verb
Resume your normal diet. | Resume | verb
A kidney transplant can help. | transplant | noun
The embryo may implant in the womb. | implant | verb
A dental implant is a screw. | implant | noun
Call this number now. | number | count
Your hand may feel number than before. | number | numb
She learned to walk again. | learned | did
People aged 65 are at risk. | aged | years
Trapped wind can hurt. | wind | air
Wind down before bed. | Wind | turn
Take off nail polish. | polish | shine
The leaflet is in Polish too. | Polish | Poland
Get an associate degree. | associate | person
Doctors associate it with age. | associate | verb
"""
CASES = [[part.strip() for part in line.split("|")] for line in SENTENCES.strip().splitlines()]


def choose(sentence: str, word: str, data: Heteronyms = ENGLISH) -> Choice:
    tokens = [token if token[0].isalnum() else BREAK for token in re.findall(r"[\w']+|[.,?!]", sentence)]
    return data.choose(tokens, tokens.index(word))


def test_the_words_beside_it_settle_it() -> None:
    def check(sentence: str, word: str, way: str) -> None:
        choice = choose(sentence, word)
        assert f"{choice.way.name}{'' if choice.settled else '?'}" == way

    check_each(((sentence, word, way) for sentence, word, way in CASES), check)


def is_whole(word: str) -> None:
    ways = ENGLISH.ways(word)
    names = [way.name for way in ways]
    assert ways
    assert len(set(names)) == len(names) == len({way.ipa for way in ways})
    assert all(parse_ipa(way.ipa) == way.ipa and way.meaning for way in ways)
    for name, context in ENGLISH.contexts(word):
        assert name in names
        assert len({"_", "_A"} & set(context.split())) == 1
        assert not re.search(
            r"<(?!determiner|modal|subject|adverb|be|have|get|object|number|preposition|degree)", context
        )
    assert bool(ENGLISH.contexts(word)) == (len(ways) > 1)


def test_the_data_of_each_word_is_whole() -> None:
    check_each(((word,) for word in sorted(ENGLISH)), is_whole)


def test_the_mark_that_is_offered_says_what_it_means() -> None:
    """Two ways have two respellings, and each is read back as its own way rather than another."""

    def check(word: str) -> None:
        ways = ENGLISH.ways(word)
        respelled = [respell(way.ipa) for way in ways]
        assert len(set(respelled)) == len(ways)
        for text in respelled:
            parse_respelling(text)

    check_each(((word,) for word in sorted(ENGLISH)), check)


def test_punctuation_parts_a_word_from_its_neighbours() -> None:
    assert choose("Take lead. Apron and all.", "lead").way.name == "guide"
    assert choose("Take lead, apron and all.", "lead").way.name == "guide"


def test_data_in_small() -> None:
    data = Heteronyms(
        [
            "# words",
            "<near> by",
            "  at beside",
            "bow",
            "  = one  ˈbaʊ  bend",
            "  = two  ˈboʊ  knot",
            "  : two  <near> _ $",
        ]
    )
    assert list(data) == ["bow"]
    assert choose("at bow.", "bow", data).way.name == "two"
    assert choose("beside bow", "bow", data).settled
    assert not choose("beside bow tie", "bow", data).settled


def test_a_language_without_data_has_none() -> None:
    assert list(heteronyms("fr")) == []
    assert "wound" in heteronyms("en-GB")
