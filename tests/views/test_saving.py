"""What the desk's scripts send beside the form: settled words, decisions, drafts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.urls import reverse

from documents.models import Draft, Edit, EditState
from documents.pipeline import reviewing
from documents.pipeline.reviewing import WrittenLine
from tests.scenes import make_read_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(alice):
    return make_read_page(alice, "tbe letter", "the second line")


def form(page, *lines: str, **marks: Any) -> dict[str, Any]:
    return {
        "line": lines, "source": range(len(lines)), "based_on": page.current_id, "marks": json.dumps(marks),
    }  # fmt: skip


def post(client, name: str, page, data: dict[str, Any]):
    return client.post(reverse(name, args=[page.pk]), data)


def test_it_keeps_settled_words(as_alice, page):
    post(as_alice, "page-save", page, form(page, "tbe letter", "the second line", settled=[[0], []]))
    page.refresh_from_db()
    assert page.current.lines[0]["words"][0]["settled"] is True


def test_it_keeps_what_was_decided_about_a_change(as_alice, page):
    edit = Edit.objects.create(
        text=page.current, line=0, start=0, end=3, before="tbe", after="the", rule="unsure", state=EditState.PROPOSED
    )
    decided = {str(edit.pk): "accepted", "x": "accepted", "9" * 30: "rejected"}
    post(as_alice, "page-save", page, form(page, "the letter", "the second line", decisions=decided))
    edit.refresh_from_db()
    assert edit.state == EditState.ACCEPTED


NONSENSE = [
    "",
    "x",
    "[]",
    '{"settled": 7, "decisions": []}',
    '{"settled": [["x"], 3], "decisions": {"1": 2}}',
    "[" * 9999,
]


@pytest.mark.parametrize("marks", NONSENSE)
def test_it_saves_the_text_whatever_the_marks_are(as_alice, page, marks):
    data = form(page, "the letter", "the second line") | {"marks": marks}
    assert post(as_alice, "page-save", page, data).status_code == 302
    page.refresh_from_db()
    assert page.current.text == "the letter\nthe second line"


def test_a_draft_is_there_again_when_the_page_is_opened_anew(as_alice, page):
    answer = post(as_alice, "page-draft", page, form(page, "the let", "the second line", settled=[[], [1]]))
    assert answer.json() == {"kept": True, "is_newest": True}
    draft = as_alice.get(page.get_absolute_url()).context["desk"]["draft"]
    assert draft["lines"][0]["text"] == "the let"
    assert draft["lines"][1]["settled"] == [1]
    page.refresh_from_db()
    assert page.texts.count() == 1


def test_a_draft_is_seen_by_nobody_else(as_alice, bob, page):
    post(as_alice, "page-draft", page, form(page, "mine"))
    as_alice.force_login(bob)
    assert as_alice.get(page.get_absolute_url()).context["desk"]["draft"] is None


def test_a_draft_is_thrown_away_when_nothing_is_unsaved(as_alice, page):
    post(as_alice, "page-draft", page, form(page, "mine"))
    assert post(as_alice, "page-draft", page, {}).json() == {"kept": False}
    assert not Draft.objects.exists()


def test_a_draft_of_a_text_that_is_not_there_is_refused(as_alice, page):
    data = form(page, "mine") | {"based_on": 999_999}
    assert post(as_alice, "page-draft", page, data).status_code == 409


def test_an_approval_can_be_taken_back_from_the_next_page(as_alice, alice, page):
    following = page.document.pages.create(number=2, status="done", current=page.current)
    shown = as_alice.post(reverse("page-approve", args=[page.pk]), follow=True)
    assert shown.context["page"] == following
    assert reverse("page-withdraw", args=[page.pk]) in shown.text
    post(as_alice, "page-withdraw", page, {})
    page.refresh_from_db()
    assert page.approved_at is None


def test_a_conflict_offers_what_comes_of_both(client, alice, bob, page):
    mine = form(page, "the letter", "the second line")
    client.force_login(bob)
    post(client, "page-save", page, form(page, "tbe letter", "the 2nd line"))
    client.force_login(alice)
    answer = post(client, "page-save", page, mine)
    assert answer.status_code == 409
    assert [line.text for row in answer.context["rows"] for line in row["lines"]] == ["the letter", "the 2nd line"]
    assert answer.context["conflict_count"] == 0


def test_whoever_types_learns_that_somebody_else_has_saved_meanwhile(as_alice, page, bob):
    opened = page.current_id
    reviewing.save_text(page, [WrittenLine("bob was here", 0)], based_on=opened, author=bob)
    answer = post(as_alice, "page-draft", page, {"line": ["mine"], "source": ["0"], "based_on": opened})
    assert answer.json() == {"kept": True, "is_newest": False}


def test_what_was_saved_can_be_taken_back_on_the_screen_that_follows(as_alice, page):
    post(as_alice, "page-save", page, form(page, "the letter", "the second line"))
    undo = as_alice.get(page.get_absolute_url()).context["undo_last"]
    as_alice.post(undo["url"])
    page.refresh_from_db()
    assert page.current.text == "tbe letter\nthe second line"
    assert as_alice.get(page.get_absolute_url()).context["undo_last"] is None
