import pytest
from hypothesis import given
from hypothesis import strategies as st

from audioleaflet.leaflet.annotation import annotated
from audioleaflet.script.sentences import split


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It hurts. Call us.", ["It hurts.", "Call us."]),
        ("Tell us when you are ill. Bone pain may come.", ["Tell us when you are ill.", "Bone pain may come."]),
        ("The answer is no. Ask us.", ["The answer is no.", "Ask us."]),
        ("See Dr. Smith. Then go home.", ["See Dr. Smith.", "Then go home."]),
        ("Take 2.5 mg. Then rest.", ["Take 2.5 mg.", "Then rest."]),
        ("Come at 5 p.m. Bring a list.", ["Come at 5 p.m.", "Bring a list."]),
        ("Bones need vitamin D. Ask us.", ["Bones need vitamin D.", "Ask us."]),
        ("See no. 5 on the list.", ["See no. 5 on the list."]),
        ("Look at www.cancer.org. Call us.", ["Look at www.cancer.org.", "Call us."]),
        ("Look at www.cancer.gov. Write to us.", ["Look at www.cancer.gov.", "Write to us."]),
        ("Is it cancer? Yes! It is.", ["Is it cancer?", "Yes!", "It is."]),
        ("(She (really) did.) [Square]", ["(She (really) did.)", "[Square]"]),
        ("[See (a.) here.] Next", ["[See (a.) here.]", "Next"]),
        ("See the list.² Call us.", ["See the list.²", "Call us."]),
        ("Wait. … Then go. ***", ["Wait.", "… Then go. ***"]),
        ("Take it.-5 degrees? $5 is enough!$6 is too.", ["Take it.", "-5 degrees?", "$5 is enough!", "$6 is too."]),
        ("Go home. — Rest.", ["Go home.", "— Rest."]),
    ],
)
def test_sentences_end_where_a_reader_would_pause(text: str, sentences: list[str]) -> None:
    assert list(split(text, "en-US")) == sentences


@given(st.text())
def test_nothing_but_space_is_lost(text: str) -> None:
    assert "".join("".join(split(text, "en-GB")).split()) == "".join(text.split())


@given(st.lists(st.sampled_from(["She", "did", *"()[].!?…*²", ". ", " "]), max_size=12).map("".join))
def test_no_space_is_shown_before_a_closing_mark_where_none_is_written(text: str) -> None:
    shown = " ".join(split(text, "en-US"))
    for mark in ")].!?…*²":
        assert shown.count(f" {mark}") <= " ".join(text.split()).count(f" {mark}"), (text, shown)


def test_a_reading_that_is_settled_stays_with_its_word_and_ends_no_sentence() -> None:
    tear, smith = annotated("tear", "ˈtɛɹ"), annotated("Dr. Smith. Then", "ˈsmɪθ.ən ˈðɛn")
    assert split(f"Mind the {tear}. Use {tear} drops.", "en-US") == (f"Mind the {tear}.", f"Use {tear} drops.")
    assert split(f"Ask {smith} go. Rest.", "en-US") == (f"Ask {smith} go.", "Rest.")
