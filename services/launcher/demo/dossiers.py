"""The dossiers of the stories. Companies and people are invented, except the listed party of story B."""

from xuke.licensing.v1 import dossier_pb2 as d

TUNGSTATE = d.Item(
    line_number=1,
    kind=d.ITEM_KIND_GOODS,
    name_zh="仲钨酸铵",
    name_en="ammonium paratungstate",
    model="APT-0",
    claimed_control_code="1C117.d.1",
    hs_code="2841801000",
    quantity="12000",
    unit="kg",
    value="498000.00",
    currency="USD",
    description="仲钨酸铵，白色结晶，三氧化钨含量不低于88.5%，用作钨粉原料。",
)

KOREAN_END_USER = d.Party(
    role=d.PARTY_ROLE_END_USER,
    name_zh="汉江超硬工具株式会社",
    name_en="Hangang Hardmetal Tools Co., Ltd.",
    country="KR",
    address="88 Techno-ro, Daegu",
    registration_number="502-81-00417",
    business="cemented carbide cutting tools",
)

JAPANESE_END_USER = d.Party(
    role=d.PARTY_ROLE_END_USER,
    name_zh="北浜精密刀具株式会社",
    name_en="Kitahama Precision Cutters K.K.",
    country="JP",
    address="3-14 Kitahama, Chuo-ku, Osaka",
    registration_number="1200-01-778812",
    business="machine tool inserts",
)


# Countries for which a certificate of the government and due diligence are demanded.
_FLAGGED = ("JP",)


def due_diligence(concluded_on: str) -> d.DueDiligence:
    """What the exporter found out about an end user that gives no cause for concern."""
    return d.DueDiligence(
        concluded_on=concluded_on,
        conducted_by="合规部",
        methods="实地走访工厂，查询登记资料和公开报道，向同行了解。",
        end_user_findings="主营民用机床刀片，客户为汽车零部件厂，未见与军方或者军工企业往来。",
        end_use_findings="烧结为刀片后在当地销售，与所报用途一致。",
        military_risk=d.MILITARY_RISK_NONE_FOUND,
    )


def dossier(organisation: str, end_user: d.Party, contract_number: str) -> d.Dossier:
    """A complete dossier for ammonium paratungstate to an end user, which also imports and receives it."""
    flagged = end_user.country in _FLAGGED
    importer, consignee = d.Party(), d.Party()
    importer.CopyFrom(end_user)
    importer.role = d.PARTY_ROLE_IMPORTER
    consignee.CopyFrom(end_user)
    consignee.role = d.PARTY_ROLE_CONSIGNEE
    return d.Dossier(
        instrument=d.INSTRUMENT_SINGLE,
        applicant=d.Applicant(
            name_zh="江苏许可钨业有限公司",
            name_en="Jiangsu Xuke Tungsten Co., Ltd.",
            unified_social_credit_code=organisation,
            province="32",
            address="南京市江北新区惠达路6号",
            legal_representative=d.Person(
                name="沈怀远", identity_number="320102197503120011", telephone="025-58000001"
            ),
            manager=d.Person(name="陆静", identity_number="320102198207220028", telephone="025-58000002"),
            handler=d.Person(name="顾明", identity_number="320102199101080035", telephone="025-58000003"),
            has_internal_compliance_programme=True,
        ),
        contract=d.Contract(
            number=contract_number, signed_on="2026-10-12", total_value="498000.00", currency="USD"
        ),
        transfer_mode=d.TRANSFER_MODE_PHYSICAL_SHIPMENT,
        export_type=d.EXPORT_TYPE_TRADE,
        destination=end_user.country,
        items=[TUNGSTATE],
        parties=[
            importer,
            consignee,
            end_user,
            d.Party(
                role=d.PARTY_ROLE_INTERMEDIARY,
                name_zh="南京顺达国际货运代理有限公司",
                name_en="Nanjing Shunda International Freight Forwarding Co., Ltd.",
                country="CN",
                address="南京市栖霞区新生圩港",
                service="freight",
            ),
        ],
        end_use=d.EndUse(
            description_zh="还原为钨粉，烧结成硬质合金刀片，用于民用汽车零件加工。",
            description_en="Reduced to tungsten powder and sintered into carbide inserts for machining civil vehicle parts.",
            place_of_use=end_user.address,
            end_user_kind=d.END_USER_KIND_CIVIL,
            purpose=d.END_USE_PURPOSE_CIVIL,
        ),
        end_user_certificate=d.EndUserCertificate(
            tier=d.END_USER_CERTIFICATE_TIER_GOVERNMENT_CERTIFIED
            if flagged
            else d.END_USER_CERTIFICATE_TIER_END_USER,
            signed_on="2026-10-20",
            signatory="managing director",
            undertakes_no_change_of_end_use=True,
            undertakes_no_transfer_to_third_party=True,
            undertakes_no_weapons_of_mass_destruction=True,
            consents_to_verification=True,
        ),
        customs_office="2300",
        delivery_schedule="2026年12月",
        declaration=d.Declaration(
            truthful=True,
            will_report_changes=True,
            catch_all=[
                d.CatchAllKnowledge(limb=limb, knowledge=d.STATE_OF_KNOWLEDGE_NO_INDICATION)
                for limb in (
                    d.CATCH_ALL_LIMB_NATIONAL_SECURITY,
                    d.CATCH_ALL_LIMB_WEAPONS_OF_MASS_DESTRUCTION,
                    d.CATCH_ALL_LIMB_TERRORISM,
                )
            ],
        ),
        due_diligence=due_diligence("2026-10-28") if flagged else None,
    )
