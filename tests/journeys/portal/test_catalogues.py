"""The texts of the pages, the words and the vendored files, without a running platform."""

import hashlib
import re
import string
import tomllib
from pathlib import Path

import pytest
from google.protobuf.descriptor import Descriptor
from xuke.licensing.v1 import application_pb2, dossier_pb2, licence_pb2

from services.foundation.principal import Role
from services.launcher.accounts import accounts
from services.portal.dossier_summary import label_key
from services.portal.language import catalogue, read_catalogue
from services.portal.vendoring import FOLDER, MANIFEST, own_styles

PORTAL = Path(__file__).parents[3] / "services" / "portal"
TEMPLATES = sorted((PORTAL / "templates").rglob("*.html"))
PYTHON = sorted(PORTAL.rglob("*.py"))
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\u3000-\u303f\uff00-\uffef]")
# Keys put together from parts: the literal part before what varies.
COMPOSED = (
    "welcome.for_",
    "error.t",
    "accessibility.",
    "section.",
    "field_",
    "licence.",
    "case.",
    "page.",
    "form.fault_",
    "act_",
    "task.on_its_way",
    "history.",
    "panel.case_",
    "panel.licence_",
    "filing.none_",
    "filing.add_",
    "filing.remove_",
    "filing_",
    "application.means_",
    "application.clock_",
    "withdraw.",
    "help_",
    "organisation.",
    "mandate.column_",
    "member_role.",
    "mandate_scope.",
    "list_column.",
    "list_format.",
    "list_template.",
    "filing.risk_",
    "filing.due_diligence_",
    "licence_military_risk.",
)


def test_a_text_stands_in_one_file_only(tmp_path: Path) -> None:
    (tmp_path / "cases.toml").write_text('[case]\ntitle = ["案件", "Case"]\n', encoding="utf-8")
    assert read_catalogue(tmp_path) == {"case.title": ("案件", "Case")}
    (tmp_path / "common.toml").write_text('[case]\ntitle = ["申请", "Case"]\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"case\.title stands a second time in common\.toml"):
        read_catalogue(tmp_path)


def test_every_text_stands_in_both_languages_with_the_same_blanks() -> None:
    for name in ("texts", "words"):
        for key, pair in catalogue(name).items():
            assert all(one.strip() for one in pair), key
            blanks = [{field for _, field, _, _ in string.Formatter().parse(one) if field} for one in pair]
            assert blanks[0] == blanks[1], key


def test_no_english_text_is_chinese() -> None:
    exceptions = {"page.switch"}
    for name in ("texts", "words"):
        wrong = [key for key, (_, en) in catalogue(name).items() if HAN.search(en) and key not in exceptions]
        assert wrong == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_templates_hold_no_text_of_their_own(template: Path) -> None:
    content = template.read_text(encoding="utf-8")
    assert not HAN.search(content)
    visible = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}(?!\s*[,})])|<[^>]*>", " ", content, flags=re.S)
    assert not re.search("[A-Za-z]{2,}", visible), visible.split()


def used_keys() -> set[str]:
    found: set[str] = set()
    for template in TEMPLATES:
        content = template.read_text(encoding="utf-8")
        found |= set(re.findall(r"""\bt\(["']([a-z_0-9]+\.[a-z_0-9]+)["'][,)]""", content))
        found |= set(re.findall(r'"(page\.[a-z_]+)"', content))
    for module in PYTHON:
        content = module.read_text(encoding="utf-8")
        found |= set(re.findall(r'\b(?:text|tell)\("([a-z_0-9]+\.[a-zA-Z_0-9]+)"', content))
        # Keys that stand in tables, such as the labels of questions.
        found |= set(re.findall(r'"([a-zA-Z_0-9]+\.[a-z_0-9]+)"', content)) & set(catalogue("texts"))
    return found


def test_every_text_used_is_in_the_catalogue_and_every_one_of_it_is_used() -> None:
    used, known = used_keys(), set(catalogue("texts"))
    assert used - known == set()
    assert {key for key in known - used if not key.startswith(COMPOSED)} == set()


def test_every_field_of_the_dossier_has_a_label() -> None:
    def demand(message: Descriptor) -> None:
        for field in message.fields:
            if field.message_type is None or field.message_type.name == "Parameter":
                assert label_key(message.name, field.name) in catalogue("texts"), (message.name, field.name)
            elif message.name == "Dossier":
                assert f"section.{field.name}" in catalogue("texts")
                demand(field.message_type)
            else:
                assert label_key(message.name, field.name) in catalogue("texts")
                demand(field.message_type)

    demand(dossier_pb2.Dossier.DESCRIPTOR)


@pytest.mark.parametrize(
    "enumeration",
    [
        *dossier_pb2.DESCRIPTOR.enum_types_by_name.values(),
        *(
            one
            for name, one in application_pb2.DESCRIPTOR.enum_types_by_name.items()
            if name != "FactorRating"
        ),
        *licence_pb2.DESCRIPTOR.enum_types_by_name.values(),
    ],
    ids=lambda one: one.name,
)
def test_every_word_of_the_contracts_has_a_translation(enumeration) -> None:
    prefix = enumeration.values_by_number[0].name.removesuffix("UNSPECIFIED")
    words = {value.name.removeprefix(prefix) for value in enumeration.values if value.number}
    assert {word for word in words if f"{enumeration.name}.{word}" not in catalogue("words")} == set()


def test_why_a_licence_ended_by_itself_has_a_translation() -> None:
    licensing = PORTAL.parent / "licensing"
    sources = "".join(path.read_text(encoding="utf-8") for path in licensing.rglob("licence_*.py"))
    reasons = re.findall(r'LicenceAction\.\w+, (?:state_reason=)?"([A-Z_]+)"', sources)
    assert len(reasons) >= 3
    assert {one for one in reasons if f"SuspensionReason.{one}" not in catalogue("words")} == set()


def test_roles_agencies_and_provinces_have_names() -> None:
    assert all(f"Role.{role.value}" in catalogue("words") for role in Role)
    for account in accounts().persons.values():
        principal = account.principal
        assert not principal.agency or f"Agency.{principal.agency}" in catalogue("words")
        assert not principal.province or f"Province.{principal.province}" in catalogue("words")


def test_code_names_are_those_that_stand_on_licences() -> None:
    licensing = PORTAL.parent / "licensing" / "reference" / "licence_code_names.csv"
    assert (PORTAL / "reference" / "code_names.csv").read_bytes() == licensing.read_bytes()


def test_the_vendored_files_are_those_of_the_manifest() -> None:
    manifest = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))
    assert set(manifest["sha256"]) == {one.name for one in FOLDER.iterdir() if one.suffix in (".css", ".js")}
    for name, digest in manifest["sha256"].items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest, name


def test_typeface_and_crest_of_another_government_are_left_out() -> None:
    styles = (FOLDER / "govuk-frontend.min.css").read_text(encoding="utf-8")
    assert "GDS Transport" not in styles
    assert "url(" not in styles
    assert own_styles(styles) == styles
    with pytest.raises(ValueError, match="GDS Transport"):
        own_styles("a{font-family:GDS Transport,serif}")
