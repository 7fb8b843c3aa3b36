"""What an applicant may change while a supplement is asked for: what the notice names, and nothing else (补正).

A notice names fields by their paths as in the contract: "dossier.items[0].hs_code", a group of fields such as
"dossier.end_use", or a kind of document, "attachments.TECHNICAL_DESCRIPTION". A deficiency that names no
field is answered with a document of the kind OTHER.
"""

import dataclasses
import re
import typing
from collections.abc import Iterable, Iterator
from typing import Any

from services.licensing.domain.dossier import AttachmentKind, Dossier
from services.licensing.domain.findings import Deficiency

ATTACHMENTS = "attachments"
_DOSSIER = "dossier"
_STEP = re.compile(r"\.([a-z_]+)|\[(0|[1-9][0-9]{0,3})\]")


def attachment_path(kind: AttachmentKind) -> str:
    """The path of a kind of document."""
    return f"{ATTACHMENTS}.{kind}"


def open_fields(asked: Iterable[Deficiency]) -> tuple[str, ...]:
    """The paths that the deficiencies of a notice open, each once, in their order."""
    other = attachment_path(AttachmentKind.OTHER)
    return tuple(dict.fromkeys(deficiency.field or other for deficiency in asked))


def is_open(path: str, opened: Iterable[str]) -> bool:
    """Whether a path is one of the opened, or lies within one."""
    return any(
        path.startswith(each) and (len(path) == len(each) or path[len(each)] in ".[") for each in opened
    )


def changed_paths(before: Dossier, after: Dossier) -> Iterator[str]:
    """The paths at which two dossiers differ; an entry that only one of them has is one path."""
    return _changed(_DOSSIER, before, after)


def _changed(path: str, before: object, after: object) -> Iterator[str]:
    if dataclasses.is_dataclass(before):
        for field in dataclasses.fields(before):
            yield from _changed(
                f"{path}.{field.name}", getattr(before, field.name), getattr(after, field.name)
            )
    elif isinstance(before, tuple) and isinstance(after, tuple):
        for position in range(max(len(before), len(after))):
            entry = f"{path}[{position}]"
            if position < len(before) and position < len(after):
                yield from _changed(entry, before[position], after[position])
            else:
                yield entry
    elif before != after:
        yield path


def not_asked_for(before: Dossier, after: Dossier, opened: Iterable[str]) -> list[str]:
    """The changes of a dossier that a notice did not ask for."""
    paths = tuple(opened)
    return [path for path in changed_paths(before, after) if not is_open(path, paths)]


def names_a_field(path: str, dossier: Dossier) -> bool:
    """Whether a path names a field, a group of fields or an entry of a dossier, or a kind of document."""
    root, rest = _split(path)
    if root == ATTACHMENTS:
        return rest == "" or rest in {f".{kind}" for kind in AttachmentKind} - {
            f".{AttachmentKind.UNSPECIFIED}"
        }
    return root == _DOSSIER and _resolves(rest, dossier)


def _split(path: str) -> tuple[str, str]:
    root = re.match(r"[a-z]*", path)
    end = 0 if root is None else root.end()
    return path[:end], path[end:]


def _resolves(rest: str, value: Any) -> bool:
    while rest:
        step = _STEP.match(rest)
        if step is None:
            return False
        name, position = step.groups()
        if name is not None:
            if not dataclasses.is_dataclass(value) or name not in typing.get_type_hints(type(value)):
                return False
            value = getattr(value, name)
        elif not isinstance(value, tuple) or int(position) >= len(value):
            return False
        else:
            value = value[int(position)]
        rest = rest[step.end() :]
    return True
