"""The watch itself: a broken page must be noticed, or the other tests say nothing."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visit

BROKEN = {
    "image-alt": "document.querySelector('main').append(new Image())",
    "px wider than the screen": "document.body.style.minWidth = '5000px'",
    "Content Security Policy": "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))",
    "script error": "setTimeout(() => { throw new Error('broken') }, 0)",
    "console of": "console.error('broken')",
}


@pytest.mark.parametrize("finding", BROKEN)
def test_a_broken_page_is_noticed(visit: Visit, finding: str) -> None:
    visitor = visit()
    visitor.page.goto("/sign-in")
    visitor.page.evaluate(f"() => {{ {BROKEN[finding]} }}")
    visitor.look()
    with pytest.raises(AssertionError, match=finding):
        visitor.at_ease()
