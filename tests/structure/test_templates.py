"""What every template keeps: no inline script or style, both hidden fields in every form, one h1."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "src" / "rostrum"
TEMPLATES = sorted(ROOT.rglob("templates/**/*.html"))
# Sending it twice does nothing twice, and every try must count towards the limit.
WITHOUT_TOKEN = {"sign_in.html"}
INLINE = re.compile(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|<script(?![^>]*\bsrc=)[^>]*>|javascript:|hx-on", re.I)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_keeps_the_content_security_policy(template: Path) -> None:
    found = INLINE.findall(template.read_text(encoding="utf-8"))

    assert found == [], "scripts and styles are files of their own; values of a style belong in a class"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_posted_form_carries_both_hidden_fields(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    for form in re.findall(r"<form\b[^>]*method=[\"']post[\"'].*?</form>", text, re.I | re.S):
        assert "{% csrf_token %}" in form, "every posted form has {% csrf_token %}"
        if template.name not in WITHOUT_TOKEN:
            assert "{% request_token %}" in form, "every posted form has {% request_token %}: it acts once"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_until_when_something_is_due_or_lasts_is_shown_one_way(template: Path) -> None:
    shown = re.findall(r"{% moment ([a-z_.]*(?:due_at|suspend_at|ends_at))\b", template.read_text(encoding="utf-8"))
    # When a post goes out is no day by which somebody owes something.
    found = [one for one in shown if one != "row.publication.due_at"]
    assert found == [], "write {% until … %}: a duty due by a day's end must not read as the midnight after"
