import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from services.launcher.issuer.keys import ROTATION_SECONDS, TOKEN_SECONDS, SigningKeys

NOW = 1_800_000_000.0


def identifiers(keys: SigningKeys) -> list[str]:
    return [str(key.kid) for key in keys.public_keys().keys]


def test_a_key_outlives_the_process_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "identity" / "keys.json"
    made = SigningKeys(file).signing_key(NOW)
    assert SigningKeys(file).signing_key(NOW + 1).kid == made.kid
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_replaced_key_verifies_until_its_tokens_have_expired(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path / "keys.json")
    first = keys.signing_key(NOW)
    second = keys.rotate(NOW + 100)
    assert identifiers(keys) == [second.kid, first.kid]
    third = keys.rotate(NOW + 100 + TOKEN_SECONDS - 1)
    assert identifiers(keys) == [third.kid, second.kid, first.kid]
    fourth = keys.rotate(NOW + 100 + TOKEN_SECONDS + 1)
    assert identifiers(keys) == [fourth.kid, third.kid, second.kid]


def test_a_key_is_renewed_when_it_is_old(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path / "keys.json")
    first = keys.signing_key(NOW)
    assert keys.signing_key(NOW + ROTATION_SECONDS).kid == first.kid
    assert keys.signing_key(NOW + ROTATION_SECONDS + 1).kid != first.kid


def test_private_parts_are_not_published(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path / "keys.json")
    keys.signing_key(NOW)
    published = keys.public_keys().as_dict(private=False)
    assert all("d" not in key for key in published["keys"])


def test_callers_at_the_same_time_get_one_key(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path / "keys.json")
    with ThreadPoolExecutor(8) as pool:
        made = {key.kid for key in pool.map(lambda _: keys.signing_key(NOW), range(40))}
    assert made == set(identifiers(keys))
    assert len(made) == 1
