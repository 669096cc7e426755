import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.refusals import Refusal, RefusalCode
from domain.text import email_address, required_text


@pytest.mark.parametrize("text", ["Ann@Example.org", "  o'neill+x@school.sch.uk ", "a.b@x-y.coop"])
def test_an_address_is_trimmed_and_lower_cased(text: str) -> None:
    assert email_address(text) == text.strip().lower()


@pytest.mark.parametrize(
    "text", ["", "none", "a@b", "a@b.c, d@e.f", "a b@c.org", "@x.org", "x@", "a@x..org", "x" * 65 + "@y.org"]
)
def test_what_is_not_one_address_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refusal:
        email_address(text)

    assert refusal.value.code is RefusalCode.EMAIL_INVALID


@given(st.text())
def test_a_required_text_comes_back_trimmed_or_is_refused(text: str) -> None:
    try:
        kept = required_text(text, "name")
    except Refusal as refusal:
        assert refusal.code is RefusalCode.INPUT_INVALID
    else:
        assert kept == " ".join(text.split()), "a name is one line"
        assert kept
