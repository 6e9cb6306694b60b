"""Every template compiles, and every page a view renders exists."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).parents[2]


def test_every_template_compiles(app: Flask) -> None:
    for name in app.jinja_env.list_templates(extensions=["html", "txt"]):
        app.jinja_env.get_template(name)


def test_every_rendered_template_exists(app: Flask) -> None:
    known = set(app.jinja_env.list_templates())
    rendered = {
        name
        for path in (ROOT / "marketplace").rglob("*.py")
        for name in re.findall(r'render_template\(\s*"([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert rendered - known == set()


def test_no_template_is_left_unused(app: Flask) -> None:
    """A template is rendered by a view, or used by another template, or a mail."""
    texts = [
        p.read_text(encoding="utf-8")
        for p in [*(ROOT / "marketplace").rglob("*.py"), *(ROOT / "templates").rglob("*.html")]
    ]
    unused = [
        name
        for name in app.jinja_env.list_templates(extensions=["html"])
        if not any(f'"{name}"' in text or f"'{name}'" in text for text in texts)
    ]
    assert unused == []
