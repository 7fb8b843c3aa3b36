"""Which importer knows which format of files."""

from collections.abc import Collection, Mapping

from services.screening.domain.proposal_records import FileFormat
from services.screening.imports.destinations_csv import DestinationsImporter
from services.screening.imports.importer import Importer
from services.screening.imports.party_importer import parties_csv, united_nations_xml
from services.screening.imports.rules_csv import RulesImporter
from services.screening.known_lists import united_nations_countries


def importers_of(countries: Collection[str]) -> Mapping[FileFormat, Importer]:
    """The importers by format; `countries` are the codes that there are."""
    return {
        FileFormat.PARTIES_CSV: parties_csv(countries),
        FileFormat.UNITED_NATIONS_XML: united_nations_xml(united_nations_countries()),
        FileFormat.RULES_CSV: RulesImporter(countries),
        FileFormat.DESTINATIONS_CSV: DestinationsImporter(countries),
    }
