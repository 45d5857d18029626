from __future__ import annotations

import json
from collections.abc import Sequence

from documents.correction.base import Candidate
from documents.correction.correct import correct_lines

PROSE = "The house was qu1et and we could hear the rain."
FIXED = "The house was quiet and we could hear the rain."


class Scripted:
    """A corrector that answers from a table and remembers what it was asked."""

    name = "scripted"

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers, self.asked, self.languages = answers, [], []

    def propose(self, lines: Sequence[str], *, language: str) -> list[Candidate]:
        self.asked += lines
        self.languages.append(language)
        return [Candidate(self.answers.get(line, line), 6.0) for line in lines]


def test_it_asks_about_doubtful_prose_only_and_keeps_the_line_count():
    corrector = Scripted({PROSE: FIXED})
    lines = ["", "TOTAL 12.50", PROSE, "All of this is quite well written."]
    correction = correct_lines(corrector, lines, language="en")
    assert corrector.asked == [PROSE]
    assert correction.lines == ("", "TOTAL 12.50", FIXED, "All of this is quite well written.")
    assert [(change.line, change.before) for change in correction.changes] == [(2, "qu1et")]


def test_it_sends_nothing_in_a_language_that_the_model_does_not_know():
    corrector = Scripted({PROSE: FIXED})
    correction = correct_lines(corrector, [PROSE], language="fr", languages=frozenset({"en"}))
    assert (correction.sent, correction.lines, corrector.asked) == (0, (PROSE,), [])


def test_it_guesses_a_language_that_nobody_named():
    corrector = Scripted({PROSE: FIXED})
    assert correct_lines(corrector, [PROSE], languages=frozenset({"en"})).lines == (FIXED,)
    assert corrector.languages == ["en"]


def test_it_sends_nothing_when_no_language_can_be_told():
    assert correct_lines(Scripted({}), ["12 qx 34 zz"]).sent == 0


def test_it_leaves_a_line_that_the_engine_could_not_read():
    lines = [PROSE, PROSE]
    correction = correct_lines(Scripted({PROSE: FIXED}), lines, confidences=[0.1, 0.9], language="en")
    assert correction.lines == (PROSE, FIXED)


def test_it_gives_a_result_that_can_be_stored_as_json():
    correction = correct_lines(Scripted({PROSE: FIXED}), [PROSE], language="en")
    stored = json.loads(json.dumps(correction.to_json()))
    assert stored["changes"][0]["after"] == "quiet"
