"""Imports run one way: commands -> views, admin -> jobs -> pipeline -> queues, search -> states -> models."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = [
    {"models", "languages"},
    {"states"},
    {"queues", "search"},
    {"pipeline"},
    {"jobs", "forms"},
    {"views", "admin", "checks", "serving"},
    {"api"},
    {"urls", "apps", "supervising"},
    {"management"},
]
LEAVES = {"ocr", "correction", "hosts", "export", "fields"}
LEAF_MODULES = [
    "documents.hosts.child", "documents.hosts.client", "documents.ocr.service", "documents.ocr.hosted",
    "documents.correction.service", "documents.correction.hosted", "documents.correction.correct",
    "documents.pipeline.pictures", "documents.pipeline.probe", "documents.pipeline.render_service",
]  # fmt: skip


def parts_imported(path: Path) -> set[str]:
    """Return the parts of `documents` (its files and folders) that the file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "documents":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("documents."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("documents.")}
    return found


def sources() -> list[tuple[str, Path]]:
    files = [path for path in (ROOT / "documents").rglob("*.py") if "migrations" not in path.parts]
    return [(path.relative_to(ROOT / "documents").parts[0].removesuffix(".py"), path) for path in files]


def level(part: str) -> int:
    return next(number for number, layer in enumerate(LAYERS) if part in layer)


def test_every_part_has_its_layer():
    parts = {part for part, _path in sources()} - {"__init__", "templatetags"}
    assert parts <= LEAVES.union(*LAYERS)


@pytest.mark.parametrize(("part", "path"), [s for s in sources() if s[0] not in LEAVES | {"__init__", "templatetags"}])
def test_it_imports_only_what_stands_to_its_right(part, path):
    others = {other for other in parts_imported(path) - LEAVES - {part} if (ROOT / "documents" / other).exists()
              or (ROOT / "documents" / f"{other}.py").exists()}  # fmt: skip
    assert {other for other in others if level(other) >= level(part)} == set()


@pytest.mark.parametrize(("part", "path"), [s for s in sources() if s[0] in LEAVES])
def test_a_leaf_imports_leaves_only(part, path):
    assert parts_imported(path) <= LEAVES


@pytest.mark.parametrize("module", LEAF_MODULES)
def test_a_child_starts_without_the_models(module):
    # Not a word of django.conf: llama_cpp's cache library looks whether Django is there.
    code = f"import sys, {module}; sys.exit(any(m in sys.modules for m in ('documents.models', 'django.db.models')))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_only_queues_talks_to_rq():
    users = [path.name for part, path in sources() if part != "queues" and _imports_rq(path)]
    assert users == ["admin.py"]  # which registers RQ's own pages


def _imports_rq(path: Path) -> bool:
    modules = [node.module or "" for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
    return any(module.split(".")[0] in ("rq", "django_rq") for module in modules)
