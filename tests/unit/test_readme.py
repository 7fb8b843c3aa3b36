"""What the README tells in two languages is the same, and is there."""

import re

import pytest

from services.launcher.accounts import accounts
from services.launcher.command_line import COMMANDS
from services.launcher.processes import PROCESSES
from services.launcher.state_folder import PROJECT
from services.portal.language import catalogue

ENGLISH, CHINESE = "README.md", "README.zh-CN.md"
BOTH = (ENGLISH, CHINESE)
TOLD = (*BOTH, "CONTRIBUTING.md", "deploy/compose/README.md", "deploy/kubernetes/README.md")


def read(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def fenced(name: str) -> list[tuple[str, str]]:
    """Language and content of each block between fences."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", read(name), re.MULTILINE | re.DOTALL)


def blocks(name: str) -> list[str]:
    """The blocks of commands, without their comments."""
    return [re.sub(r" +#.*", "", block) for language, block in fenced(name) if not language]


def picture(name: str) -> str:
    """The picture of the processes."""
    (drawn,) = (block for language, block in fenced(name) if language == "mermaid")
    return drawn


def marks(name: str) -> list[str]:
    """What stands as code in the running text."""
    prose = re.sub(r"^```.*?^```", "", read(name), flags=re.MULTILINE | re.DOTALL)
    return sorted(set(re.findall(r"`([^`\n]+)`", prose)))


def lines_of(name: str, beginning: str) -> int:
    return sum(line.startswith(beginning) for line in read(name).splitlines())


def edges(name: str) -> set[str]:
    """Who calls whom in the picture, without words."""
    bare = re.sub(r"\[\(.*?\)\]|\(\[.*?\]\)|\[.*?\]", "", picture(name))
    bare = re.sub(r"-- .*? -->", "-->", bare)
    return {" ".join(line.split()) for line in bare.splitlines()}


def test_both_tell_the_same() -> None:
    assert blocks(ENGLISH) == blocks(CHINESE)
    assert marks(ENGLISH) == marks(CHINESE)
    assert edges(ENGLISH) == edges(CHINESE)
    for beginning in ("# ", "## ", "### ", "|", "- ", "1. ", "7. "):
        assert lines_of(ENGLISH, beginning) == lines_of(CHINESE, beginning), beginning


def links(name: str) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)\)", read(name))


@pytest.mark.parametrize("name", TOLD)
def test_every_link_leads_to_a_file(name: str) -> None:
    folder = (PROJECT / name).parent
    for link in links(name):
        assert link.startswith("https://") or (folder / link).exists(), link


def test_each_leads_to_the_other_and_both_to_the_same() -> None:
    assert CHINESE in links(ENGLISH)
    assert ENGLISH in links(CHINESE)
    in_chinese = {link.replace(".en.png", ".zh.png") for link in links(ENGLISH)}
    assert in_chinese - {CHINESE} == set(links(CHINESE)) - {ENGLISH}


@pytest.mark.parametrize("name", TOLD)
def test_every_command_is_there(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    told = set(re.findall(r"(?:`|^)make ([a-z-]+)", read(name), re.MULTILINE))
    assert told <= targets, told - targets
    commands = set(
        re.findall(r"(?:`|^\.venv/bin/|\(\.venv/bin/|run --rm )xuke ([a-z-]+)", read(name), re.MULTILINE)
    )
    assert commands <= set(COMMANDS), commands - set(COMMANDS)


@pytest.mark.parametrize("name", BOTH)
def test_accounts_folders_settings_and_processes_are_there(name: str) -> None:
    text = read(name)
    known = {*accounts().persons, *accounts().programs}
    told = set(re.findall(r"`([a-z-]+\.[a-z]+)`", text)) - {"accounts.toml"}
    assert told <= known, told - known
    for folder in re.findall(r"`((?:services|tests|deploy|docs|protos)(?:/[\w./-]+)?)`", text):
        assert (PROJECT / folder).exists(), folder
    sources = "".join(path.read_text(encoding="utf-8") for path in (PROJECT / "services").rglob("*.py"))
    for setting in re.findall(r"`(XUKE_[A-Z0-9_]+)`", text):
        assert f'"{setting}"' in sources or f"{setting}:" in sources, setting
    own = {process.name for process in PROCESSES} - {"postgres"}
    assert {process for process in own if not re.search(rf"\b{process}\b", picture(name))} == set()


def test_the_buttons_that_are_named_are_on_the_pages() -> None:
    words = [{pair[place] for pair in catalogue("texts").values()} for place in (0, 1)]
    story = re.split(r"^## ", read(ENGLISH), flags=re.MULTILINE)[2]
    named = re.findall(r"(?<!\*)\*([A-Z][^*]+)\*(?!\*)", story)
    assert len(named) >= 10
    assert set(named) - words[1] == set()
    story = re.split(r"^## ", read(CHINESE), flags=re.MULTILINE)[2]
    named = re.findall("\u201c([^\u201d]+)\u201d", story)
    assert len(named) >= 10
    assert set(named) - words[0] == set()


def test_pictures_are_small() -> None:
    pictures = [link for name in BOTH for link in links(name) if link.endswith(".png")]
    assert len(pictures) == len(set(pictures)) == 6
    for picture in pictures:
        file = PROJECT / picture
        assert file.read_bytes().startswith(b"\x89PNG")
        assert file.stat().st_size <= 160_000, picture
