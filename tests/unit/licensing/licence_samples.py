"""Licences to print in tests: a short one, and ones that strain the layout."""

import functools
import pathlib
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from cryptography import x509

from services.licensing.document.canonical import (
    BilingualText,
    CodedName,
    Exporter,
    ForeignParty,
    LicenceFacts,
    LicenceLine,
)
from services.licensing.document.development_authority import create_development_authority
from services.licensing.document.pdf import LicenceDocument, LicenceRenderer, issue_document
from services.licensing.document.signing import TRUST_FILE, Es256Signer, load_certificates
from services.licensing.domain.licence_number import Instrument, LicenceNumber

NOW = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)
PUBLIC_URL = "https://licences.example.cn"

KOREA = CodedName("KR", BilingualText("韩国", "Republic of Korea"))
KILOGRAM = CodedName("kg", BilingualText("千克", "kilogram"))
TRADER = ForeignParty(
    BilingualText("韩国钨业贸易株式会社", "Korea Tungsten Trading Co., Ltd."),
    KOREA,
    "88 Sejong-daero, Jung-gu, Seoul 04513",
)

LONG_ZH = "江苏省苏州工业园区长三角稀有金属新材料高新技术产业开发与国际贸易服务（集团）股份有限公司"
LONG_EN = (
    "Jiangsu Suzhou Industrial Park Yangtze Delta Rare Metals Advanced Materials Development "
    "and International Trading Services (Group) Co., Ltd."
)
LONG_ITEM = BilingualText(
    "经表面处理、粒径分布受控的高纯仲钨酸铵（用于硬质合金及高温结构材料的制造，型号 APT-0-A 特级）",
    "High-purity ammonium paratungstate, surface treated, with controlled particle size distribution, "
    "for cemented carbides and high-temperature structural materials, grade APT-0-A",
)
CONDITIONS = (
    BilingualText(
        "货物运抵后三十日内向发证机关报告到货和安装情况。",
        "Report arrival and installation to the issuing authority within thirty days of arrival.",
    ),
    BilingualText(
        "最终用户不得将物项转让给位于第三国的关联企业；如需调整用途，应当事先取得许可。",
        "The end user does not pass the items on to affiliates in third countries; "
        "any other use needs permission in advance.",
    ),
)


def line(number: int = 1, item: BilingualText | None = None, quantity: str = "12500") -> LicenceLine:
    return LicenceLine(
        line_number=number,
        item=item or BilingualText("仲钨酸铵", "Ammonium paratungstate"),
        control_code="1C117.d.1",
        hs_code="2841801000",
        quantity=Decimal(quantity),
        unit=KILOGRAM,
        value=Decimal("387500"),
        currency="USD",
    )


def facts(**changes: object) -> LicenceFacts:
    """A licence of one line that fits one page, with changes."""
    base = LicenceFacts(
        number=LicenceNumber(Instrument.SINGLE, 2026, "00", 123),
        application_number="APP-2026-000123",
        exporter=Exporter(
            BilingualText("江苏华钨新材料有限公司", "Jiangsu Huawu New Materials Co., Ltd."),
            "91320594MA1WX2Y30K",
        ),
        end_user=ForeignParty(
            BilingualText("韩国精工株式会社", "Hanguk Precision Tools Co., Ltd."),
            KOREA,
            "123 Teheran-ro, Gangnam-gu, Seoul 06134",
        ),
        importer=TRADER,
        consignee=TRADER,
        destination=KOREA,
        end_use=BilingualText(
            "用于生产民用硬质合金切削刀具", "Manufacture of cemented-carbide cutting tools for civil use"
        ),
        contract_number="HW-KR-2026-0087",
        transfer_mode=CodedName("PHYSICAL_SHIPMENT", BilingualText("货物运输", "Physical shipment")),
        customs_office=CodedName("2300", BilingualText("南京海关", "Nanjing Customs")),
        lines=(line(),),
        valid_from=date(2026, 11, 21),
        valid_to=date(2027, 11, 20),
        issued_on=date(2026, 11, 21),
        issuing_authority=BilingualText(
            "中华人民共和国商务部", "Ministry of Commerce of the People’s Republic of China"
        ),
        conditions=(),
        legal_basis=BilingualText(
            "《中华人民共和国两用物项出口管制条例》（国务院令第792号）第十五条、第十七条",
            "Regulations on Export Control of Dual-Use Items (State Council Order No. 792), Arts. 15 and 17",
        ),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def long_facts(lines: int) -> LicenceFacts:
    """Long names everywhere, with conditions."""
    name = BilingualText(LONG_ZH, LONG_EN)
    party = ForeignParty(
        name,
        KOREA,
        "123 Teheran-ro, Gangnam-gu, Seoul 06134, Building 42, Floor 17, Advanced Materials Complex",
    )
    return facts(
        exporter=Exporter(name, "91320594MA1WX2Y30K"),
        end_user=party,
        importer=party,
        consignee=party,
        contract_number="HW-KR-2026-0087/AMENDMENT-3/FRAMEWORK-2025-000000012345",
        lines=tuple(line(n, LONG_ITEM, "1234567.125") for n in range(1, lines + 1)),
        conditions=CONDITIONS * 2,
    )


@functools.cache
def renderer() -> LicenceRenderer:
    return LicenceRenderer()


@functools.cache
def development() -> tuple[Es256Signer, Sequence[x509.Certificate]]:
    """A signer of a fresh development authority, and what to trust."""
    with tempfile.TemporaryDirectory(prefix="xuke-signing-") as name:
        folder = pathlib.Path(name)
        create_development_authority(folder, NOW)
        return Es256Signer.load(folder), load_certificates(folder / TRUST_FILE)


@functools.cache
def document() -> LicenceDocument:
    """The licence of `facts()`, issued."""
    return issue_document(facts(), development()[0], renderer(), PUBLIC_URL, NOW)
