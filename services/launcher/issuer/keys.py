"""The keys that sign tokens, kept in one file so that tokens outlive a restart of the issuer.

Every reader reads the file anew: a key rotated by another process is used from the next token on.
"""

import fcntl
import json
import os
import pathlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from joserfc.jwk import ECKey, KeySet

TOKEN_SECONDS = 3600
ROTATION_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True)
class SigningKeys:
    """ES256 keys in a file that only its owner reads; the first one signs, all of them verify."""

    file: pathlib.Path

    def signing_key(self, now: float) -> ECKey:
        """The key for a token issued at `now` (seconds since 1970); made or renewed when it is due."""
        key = self._present(now)
        if key is None:
            with self._alone():
                # Another thread or process may have made it meanwhile; a token must not lose its key.
                key = self._present(now) or self._replace(now)
        return key

    def public_keys(self) -> KeySet:
        """The keys that verify tokens still in use."""
        return KeySet([ECKey.import_key(entry["key"]) for entry in self._read()])  # type: ignore[arg-type]

    def rotate(self, now: float) -> ECKey:
        """Signs with a new key from now on; the last one still verifies until its tokens have expired."""
        with self._alone():
            return self._replace(now)

    def _present(self, now: float) -> ECKey | None:
        entries = self._read()
        if not entries or now - float(str(entries[0]["since"])) > ROTATION_SECONDS:
            return None
        return ECKey.import_key(entries[0]["key"])  # type: ignore[arg-type]

    def _replace(self, now: float) -> ECKey:
        key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, private=True, auto_kid=True)
        entries: list[dict[str, object]] = [{"since": now, "key": key.as_dict(private=True)}]
        replaced_at = now
        for entry in self._read():
            if now - replaced_at < TOKEN_SECONDS:
                entries.append(entry)
            replaced_at = float(str(entry["since"]))
        self._write(entries)
        return key

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _read(self) -> list[dict[str, object]]:
        if not self.file.exists():
            return []
        entries: list[dict[str, object]] = json.loads(self.file.read_text(encoding="utf-8"))
        return entries

    def _write(self, entries: list[dict[str, object]]) -> None:
        fresh = self.file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(entries, stream)
            stream.flush()
            os.fsync(stream.fileno())
        # A reader sees the old keys or the new ones, never half a file.
        fresh.replace(self.file)
