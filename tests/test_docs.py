"""The documents are current, complete and lead somewhere."""

import importlib.util
import re
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
RENEW = "run `python scripts/make_docs.py` and commit what it writes"


def load_make_docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "scripts" / "make_docs.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MADE = load_make_docs()


def documents() -> list[Path]:
    """Every Markdown file of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def anchors(document: Path) -> set[str]:
    """Anchors of a document's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    words = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {word.strip().replace(" ", "-") for word in words}


@pytest.mark.parametrize("path", MADE.DOCUMENTS)
def test_a_made_document_is_current(path: str) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == MADE.DOCUMENTS[path](), RENEW


def test_every_column_has_a_meaning() -> None:
    rows = [line for line in MADE.data_dictionary().splitlines() if line.startswith("| `")]

    assert rows
    assert [row for row in rows if row.endswith("|  |")] == []


def test_no_meaning_outlives_its_column() -> None:
    from data.tables import Base

    columns = {f"{t.name}.{c.name}" for t in Base.metadata.tables.values() for c in t.columns}

    assert set(MADE.OWN) - columns == set()


@pytest.mark.parametrize("document", documents(), ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    dead = []
    for match in LINK.finditer(document.read_text(encoding="utf-8")):
        target, _, anchor = match["target"].partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        file = (document.parent / target).resolve() if target else document
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            dead.append(match["target"])
    assert dead == []


@pytest.mark.parametrize("command", ["demo", "serve", "test", "check", "bench", "screenshots"])
def test_the_readme_names_every_command_of_run_py(command: str) -> None:
    assert f"run.py {command}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_setting_is_documented() -> None:
    from web.config import Settings

    words = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

    assert [name for name in Settings.model_fields if f"`{name}`" not in words] == []


def test_documents_name_no_machine_of_ours() -> None:
    own_paths = re.compile(r"(?<![\w.])/(?:work|root|home)/")

    assert [d.name for d in documents() if own_paths.search(d.read_text(encoding="utf-8"))] == []
