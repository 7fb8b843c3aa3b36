"""Which application somebody means."""

import pytest
from click.testing import CliRunner

from services.foundation.errors import XukeError
from services.launcher.command_line import main
from services.launcher.commands.case import normalised


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("sq32-2026-0000001", "SQ32-2026-0000001"),
        (" SQ32-2026-0000001\n", "SQ32-2026-0000001"),
        ("6F9619FF-8B86-4D01-B42D-00CF4FC964FF", "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"),
        ("[/]", "[/]"),
    ],
)
def test_case_of_letters_is_of_no_matter(given: str, kept: str) -> None:
    assert normalised(given) == kept


@pytest.mark.parametrize("given", ["", " ", "\t"])
def test_no_identifier_is_nobodys_application(given: str) -> None:
    with pytest.raises(XukeError) as refused:
        normalised(given)
    assert refused.value.violations[0].reason == "CASE_IDENTIFIER_MISSING"
    result = CliRunner().invoke(main, ["case", given])
    assert result.exit_code == 1
    assert "SQ32-2026-0000001" in result.stderr
