"""What the tests of control lists bring in, and the items that they classify."""

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp
from xuke.classification.v1 import classification_pb2 as cl

from tests.contract.classification.lists import Person

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
HEADER = "identifier,control_code,name_zh,name_en,parameters_zh,parameters_complete,hs_codes,announcement,"
HEADER += "quality,effective_from\n"
NEW = "3C909,3C909,试验用氧化铪溅射靶材,hafnium oxide trial target,,yes,2825902000,2026-80,A,2026-11-01\n"
HAFNIUM = cl.Item(kind=cl.ITEM_KIND_GOODS, name_zh="试验用氧化铪溅射靶材", hs_code="2825902000")
APT = cl.Item(
    kind=cl.ITEM_KIND_GOODS, name_zh="仲钨酸铵", name_en="ammonium paratungstate", hs_code="2841801000"
)

EU = "entry_code,path,parent_path,kind,text,valid_from\n"
EU_LASERS = "6A005,6A005,,provision,Lasers and components for trial purposes,2025-11-15\n"
EU_MIRRORS = "6A004,6A004,,provision,Optical mirrors for trial purposes,2025-11-15\n"


def keep(procedure: Person, item: cl.Item, subject: str) -> cl.ClassifyResponse:
    return procedure.classification.Classify(
        cl.ClassifyRequest(item=item, subject=subject, organisation="91320100MA1XUKE016")
    )


def stamp(moment: datetime) -> Timestamp:
    found = Timestamp()
    found.FromDatetime(moment)
    return found
