"""Results that commands write beside what they read: whole or not there, and never over an input.

Errors: FAILED_PRECONDITION with FILE_IS_INPUT or FILE_NOT_WRITABLE; the metadata name the file.
"""

import errno
import os
import pathlib
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from services.foundation.errors import XukeError, failed_precondition


def require_other_file(out: pathlib.Path, read: Sequence[pathlib.Path]) -> None:
    """Refuses to write a result over a file that is read, under whatever name or link."""
    for path in read:
        try:
            is_same = out.resolve() == path.resolve() or out.samefile(path)
        except (OSError, RuntimeError):
            # One of them is not there or leads nowhere: opening it says so.
            continue
        if is_same and path.is_file():
            raise failed_precondition("FILE_IS_INPUT", file=str(out))


@contextmanager
def result_file(out: pathlib.Path) -> Iterator[TextIO]:
    """A file that takes its place at the end, and only if all went well; until then an earlier result stays."""
    try:
        place = out.resolve()
        if place.exists() and not place.is_file():
            # A pipe or a device: there is nothing that could be kept.
            file, waiting = place.open("w", encoding="utf-8", newline=""), None
        else:
            if place.exists() and not os.access(place, os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            waiting = place.with_name(f".xuke-{secrets.token_hex(8)}.part")
            file = waiting.open("x", encoding="utf-8", newline="")
    except (OSError, RuntimeError) as error:
        raise _not_writable(out, error) from error
    try:
        with file:
            yield file
        if waiting is not None:
            _put_in_place(waiting, place, out)
    finally:
        if waiting is not None:
            waiting.unlink(missing_ok=True)


def _put_in_place(waiting: pathlib.Path, place: pathlib.Path, out: pathlib.Path) -> None:
    try:
        if place.exists():
            shutil.copymode(place, waiting)
        waiting.replace(place)
    except OSError as error:
        raise _not_writable(out, error) from error


def _not_writable(out: pathlib.Path, error: OSError | RuntimeError) -> XukeError:
    why = error.strerror if isinstance(error, OSError) else None
    return failed_precondition("FILE_NOT_WRITABLE", file=str(out), error=why or str(error))
