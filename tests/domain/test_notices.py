"""Notices and the opt-out: rule 21."""

import pytest

from domain.notifications.notice import MARKETING, NoticeKind, is_withheld


@pytest.mark.parametrize("kind", NoticeKind)
def test_only_marketing_honours_the_opt_out(kind: NoticeKind) -> None:
    """Rule 21a."""
    assert is_withheld(kind, opted_out=True) == (kind in MARKETING)
    assert not is_withheld(kind, opted_out=False)
