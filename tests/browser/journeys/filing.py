"""What an exporter does in pages: an application step by step, its documents, submitting it."""

import re
from collections.abc import Iterable, Mapping, Sequence

from xuke.licensing.v1 import dossier_pb2 as d

from services.launcher.demo.filing import PAPERS
from services.launcher.demo.papers import paper
from services.launcher.demo.stories import ORGANISATION
from tests.browser.person import Person

Answers = Mapping[str, str]
Steps = Sequence[tuple[str, Answers]]


def _identity(role: str, name: str, number: str, telephone: str) -> tuple[str, Answers]:
    prefix = f"applicant-{role}-"
    answers = {f"{prefix}name": name, f"{prefix}identity_number": number, f"{prefix}telephone": telephone}
    return role.replace("_", "-"), answers


APPLICANT: Steps = (
    (
        "applicant-name",
        {
            "applicant-name_zh": "江苏许可钨业有限公司",
            "applicant-name_en": "Jiangsu Xuke Tungsten Co., Ltd.",
        },
    ),
    (
        "applicant-registration",
        {
            "applicant-unified_social_credit_code": ORGANISATION,
            "applicant-province": "32",
            "applicant-address": "南京市江北新区惠达路6号",
        },
    ),
    _identity("legal_representative", "沈怀远", "320102197503120011", "025-58000001"),
    _identity("manager", "陆静", "320102198207220028", "025-58000002"),
    _identity("handler", "顾明", "320102199101080035", "025-58000003"),
    ("compliance-programme", {"applicant-has_internal_compliance_programme": "yes"}),
)
EXPORT: Steps = (
    ("instrument", {"instrument": "SINGLE"}),
    ("transfer-mode", {"transfer_mode": "PHYSICAL_SHIPMENT"}),
    ("export-type", {"export_type": "TRADE"}),
    ("destination", {"destination": "KR"}),
    ("transit", {}),
    ("customs-office", {"customs_office": "2300"}),
    ("earlier-licences", {}),
)
ITEM: Steps = (
    ("kind", {"kind": "GOODS"}),
    ("names", {"name_zh": "仲钨酸铵", "name_en": "ammonium paratungstate", "model": "APT-0"}),
    ("description", {"description": "仲钨酸铵，白色结晶，三氧化钨含量不低于88.5%，用作钨粉原料。"}),
    (
        "parameters",
        {"parameters-name": "三氧化钨", "parameters-value": "88.5", "parameters-unit": "%"},
    ),
    ("hs-code", {"hs_code": "2841801000"}),
    ("control-code", {"claimed_control_code": "1C117.d.1"}),
    ("quantity", {"quantity": "12000", "unit": "kg"}),
    ("value", {"value": "498000.00", "currency": "USD"}),
)
KOREAN_END_USER: Answers = {
    "name_en": "Hangang Hardmetal Tools Co., Ltd.",
    "name_zh": "汉江超硬工具株式会社",
    "country": "KR",
    "address": "88 Techno-ro, Daegu",
    "registration_number": "502-81-00417",
    "business": "cemented carbide cutting tools",
}
JAPANESE_END_USER: Answers = {
    "name_en": "Kitahama Precision Cutters K.K.",
    "name_zh": "北浜精密刀具株式会社",
    "country": "JP",
    "address": "3-14 Kitahama, Chuo-ku, Osaka",
    "registration_number": "1200-01-778812",
    "business": "machine tool inserts",
}
FORWARDER: Answers = {
    "name_en": "Nanjing Shunda International Freight Forwarding Co., Ltd.",
    "name_zh": "南京顺达国际货运代理有限公司",
    "country": "CN",
    "address": "南京市栖霞区新生圩港",
    "registration_number": "",
    "business": "",
    "service": "freight",
}
_PARTY_STEPS = (
    ("names", ("name_en", "name_zh")),
    ("address", ("country", "address")),
    ("registration", ("registration_number", "business")),
    ("owners", ()),
    ("service", ("service",)),
)
CERTIFICATE: Steps = (
    (
        "certificate",
        {
            "end_user_certificate-tier": "END_USER",
            "end_user_certificate-signatory": "managing director",
            "end_user_certificate-signed_on": "2026-10-20",
        },
    ),
    (
        "undertakings",
        {
            f"end_user_certificate-{name}": "yes"
            for name in (
                "undertakes_no_change_of_end_use",
                "undertakes_no_transfer_to_third_party",
                "undertakes_no_weapons_of_mass_destruction",
                "consents_to_verification",
            )
        },
    ),
)
# For a destination that demands due diligence, and a certificate that a government has certified.
CERTIFIED: Steps = (
    (
        "certificate",
        {**dict(CERTIFICATE)["certificate"], "end_user_certificate-tier": "GOVERNMENT_CERTIFIED"},
    ),
    *CERTIFICATE[1:],
)
DILIGENCE: Answers = {
    "concluded_on": "2026-11-09",
    "conducted_by": "合规部",
    "methods": "实地走访工厂，查询登记资料和公开报道。",
    "end_user_findings": "主营民用机床刀片，客户为汽车零部件厂，未见与军方往来。",
    "end_use_findings": "烧结为刀片后内销，与所报用途一致。",
    "military_risk": "NONE_FOUND",
}
DUE_DILIGENCE: Steps = (
    (
        "due-diligence",
        {f"due_diligence-{name}": DILIGENCE[name] for name in ("concluded_on", "conducted_by")},
    ),
    ("due-diligence-methods", {"due_diligence-methods": DILIGENCE["methods"]}),
    ("due-diligence-end-user", {"due_diligence-end_user_findings": DILIGENCE["end_user_findings"]}),
    ("due-diligence-end-use", {"due_diligence-end_use_findings": DILIGENCE["end_use_findings"]}),
    ("due-diligence-military-risk", {"due_diligence-military_risk": DILIGENCE["military_risk"]}),
)
DECLARATION: Steps = (
    (
        "risks",
        {
            f"declaration-catch_all-{limb}-knowledge": "NO_INDICATION"
            for limb in ("NATIONAL_SECURITY", "WEAPONS_OF_MASS_DESTRUCTION", "TERRORISM")
        },
    ),
    ("declaration", {"declaration-truthful": "yes", "declaration-will_report_changes": "yes"}),
)
# What is typed first where a mistake is made, one for each kind of question.
MISTAKES: Mapping[str, Answers] = {
    "applicant-name": {"applicant-name_zh": "", "applicant-name_en": ""},
    "contract": {"contract-number": "", "contract-signed_on": "12/13/2026"},
    "transfer-mode": {},
    "destination": {},
    "hs-code": {"hs_code": "28-41 8"},
    "quantity": {"quantity": "twelve tons"},
    "end-use": {},
    "certificate": {"end_user_certificate-signed_on": "tomorrow"},
    "declaration": {},
}


def contract(number: str) -> Steps:
    return (
        ("contract", {"contract-number": number, "contract-signed_on": "2026-10-12"}),
        ("contract-value", {"contract-total_value": "498000.00", "contract-currency": "USD"}),
        ("delivery", {"delivery_schedule": "2026年12月"}),
    )


def end_use(place: str) -> Steps:
    return (
        (
            "end-use",
            {
                "end_use-description_zh": "还原为钨粉，烧结成硬质合金刀片，用于民用汽车零件加工。",
                "end_use-description_en": "Reduced to tungsten powder and sintered into carbide inserts for "
                "machining civil vehicle parts.",
            },
        ),
        ("place-of-use", {"end_use-place_of_use": place}),
        ("end-user-kind", {"end_use-end_user_kind": "CIVIL"}),
        ("purpose", {"end_use-purpose": "CIVIL"}),
    )


class Exporter:
    """An exporter with an application."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.application_id = ""
        self.number = ""

    @property
    def address(self) -> str:
        """The page of the application, after the language."""
        return f"/applications/{self.application_id}"

    def begin(self) -> None:
        """Begins an application on the first page."""
        self.person.open("/")
        self.person.press("filing.begin")
        self._remember()

    def copy(self, application_id: str) -> None:
        """Begins an application with the contents of another."""
        self.person.open(f"/applications/{application_id}")
        self.person.press("application.copy")
        self._remember()

    def answer_section(self, title: str, steps: Steps, mistakes: Iterable[str] = ()) -> None:
        """Answers a section of the list of tasks, which it leads back to."""
        self.person.follow(self.person.words(title))
        # The list leads to the first step that lacks anything; earlier ones are looked at as well.
        while not self.person.path.endswith(f"/{steps[0][0]}"):
            self.person.follow(self.person.words("page.back"))
        self.answer(steps, mistakes)
        assert self.person.path == self.address

    def answer(self, steps: Steps, mistakes: Iterable[str] = ()) -> None:
        """Answers the steps one after the other, some of them wrongly at first."""
        for key, answers in steps:
            assert self.person.path.endswith(f"/{key}"), (key, self.person.path)
            if key in mistakes:
                self.person.fill(MISTAKES[key])
                self.person.press("filing.save_on")
                self.person.is_faulted(MISTAKES[key])
            self.person.fill(answers)
            self.person.press("filing.save_on")

    def add_item(self, mistakes: Iterable[str] = ()) -> None:
        """Adds the item."""
        self.person.follow(self.person.words("filing.section_items"))
        self.person.press("filing.add_items")
        self.answer(ITEM, mistakes)
        self.person.reads("2841801000", "1C117.d.1")
        self.person.press("filing.to_tasks")

    def add_parties(self, end_user: Answers) -> None:
        """Adds an importer, who is also consignee and end user, and a forwarder."""
        person = self.person
        person.follow(person.words("filing.section_parties"))
        self._add_parties(end_user)
        person.press("filing.to_tasks")

    def replace_parties(self, end_user: Answers) -> None:
        """Takes every party away, and adds others."""
        person = self.person
        person.follow(person.words("filing.section_parties"))
        remove = person.main.locator("a[href$='/remove']")
        while remove.count() > 0:
            person.follow_to(remove)
            person.press("filing.remove_confirm")
        self._add_parties(end_user)
        person.press("filing.to_tasks")

    def _add_parties(self, end_user: Answers) -> None:
        person = self.person
        for role, answers in (("IMPORTER", end_user), ("INTERMEDIARY", FORWARDER)):
            person.press("filing.add_parties")
            self.answer([("role", {"role": role}), *_party(answers)])
        for role in ("CONSIGNEE", "END_USER"):
            person.press("filing.add_parties")
            self.answer([("role", {"role": role, "same_as": "1"})])

    def attach(self, kinds: Iterable[int]) -> None:
        """Attaches a document of each kind on the page of the documents."""
        for kind in kinds:
            file_name, title = PAPERS[kind]
            self.person.fill({"kind": d.AttachmentKind.Name(kind).removeprefix("ATTACHMENT_KIND_")})
            self.person.attach("file", file_name, paper(title, f"申请 {self.application_id}", "演示。"))
            self.person.press("filing.attach")
            self.person.reads(file_name)

    def submit(self) -> None:
        """Checks the answers, submits, and goes on to the page of the application."""
        person = self.person
        person.open(self.address)
        person.press("filing.to_check")
        person.press("filing.submit")
        person.follow(person.words("filing.submitted_link"))
        heading = self.person.main.locator("h1").inner_text()
        found = re.search(r"[A-Z]*\d[\w-]{6,}", heading)
        assert found, heading
        self.number = found[0]

    def _remember(self) -> None:
        self.application_id = self.person.path.rpartition("/")[2]


def _party(answers: Answers) -> Steps:
    return [
        (key, {name: answers[name] for name in names})
        for key, names in _PARTY_STEPS
        if all(name in answers for name in names)
    ]
