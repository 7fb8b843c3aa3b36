"""Bringing in products from a CSV or XLSX file: all rows or none, every fault by line and column."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from xuke.classification.v1 import product_pb2 as pr

from services.foundation.errors import XukeError
from services.portal import answers, form_act, forms
from services.portal.form_act import FormAct
from services.portal.forms import Faults, Kind, Question
from services.portal.language import text
from services.portal.list_faults import FileFaults, faults_of_file
from services.portal.page import APPLICANTS, Page
from services.portal.services import services

# As the service takes it.
GREATEST_UPLOAD_BYTES: Final = 9 * 1024 * 1024
_CHUNK_BYTES: Final = 512 * 1024
# All products of a file are classified before the answer: a thousand on a busy machine.
_SECONDS: Final = 60.0
# Spreadsheets know by it that the file is in UTF-8.
_MARK: Final = "\ufeff"
_FORMATS: Final = {".csv": pr.PRODUCT_FORMAT_CSV, ".xlsx": pr.PRODUCT_FORMAT_XLSX}
# In the order of the template; as the classification service reads them (services/classification/product_files).
COLUMNS: Final = (
    "article_number",
    "family",
    "kind",
    "name_zh",
    "name_en",
    "description",
    "hs_code",
    "cas_number",
    "control_code",
    "parameters",
)
COUNTS: Final = ("added", "changed", "unchanged")
QUESTIONS: Final = (
    Question("file", Kind.FILE, "product_import.file", "product_import.file_hint", accept=".csv,.xlsx"),
)


def form() -> ResponseReturnValue:
    """Asks for the file."""
    return _page(form_act.opened(QUESTIONS), FileFaults())


def send() -> ResponseReturnValue:
    """Has the file read, once; leads to what changed, or shows the faults."""
    file = request.files.get("file")
    message = pr.ProductFile(file_name=_name_of(file))
    ending = message.file_name[message.file_name.rfind(".") :].lower()
    if ending not in _FORMATS:
        act = _refused(text("product_import.fault_file"))
        return _page(act, FileFaults()), act.status
    message.format = _FORMATS[ending]
    done: list[pr.ImportProductsResponse] = []
    refused: list[XukeError] = []

    def bring_in() -> None:
        try:
            done.append(
                services().send(
                    services().products.ImportProducts, "classification", _parts(message, file), _SECONDS
                )
            )
        except XukeError as error:
            refused.append(error)
            raise

    refusal = form_act.attempt(QUESTIONS, message, bring_in)
    if refusal is None:
        counts = {name: getattr(done[0], name) for name in COUNTS}
        return redirect(url_for("product_imported", **counts), 303)
    found, others = faults_of_file(refused[0].violations if refused else ())
    if found.count:
        rest = answers.placed(others, QUESTIONS)
        faults = Faults({"file": text("product_import.fault_lines", count=found.count)}, rest.general)
        refusal = replace(refusal, asked=forms.asked(QUESTIONS, {}, faults), faults=faults)
    return _page(refusal, found), refusal.status


def imported() -> ResponseReturnValue:
    """How many products came in, changed or stayed; the products whose outcome changed stand in the library."""
    counts = {name: request.args.get(name, 0, type=int) for name in COUNTS}
    return render_template("products/imported.html", counts=counts)


def template() -> ResponseReturnValue:
    """An empty file with the columns."""
    return Response(
        _MARK + ",".join(COLUMNS) + "\r\n",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="products.csv"'},
    )


def _refused(said: str) -> FormAct:
    faults = Faults({"file": said})
    return FormAct(forms.asked(QUESTIONS, {}, faults), faults, form_act.new_request_id(), 400)


def _parts(message: pr.ProductFile, file: FileStorage | None) -> Iterator[pr.ImportProductsRequest]:
    yield pr.ImportProductsRequest(description=message)
    while file is not None and (chunk := file.stream.read(_CHUNK_BYTES)):
        yield pr.ImportProductsRequest(content=chunk)


def _name_of(file: FileStorage | None) -> str:
    # Browsers of old send the whole path.
    return ((file.filename if file else "") or "").replace("\\", "/").rpartition("/")[2][:255]


def _page(act: FormAct, file_faults: FileFaults) -> str:
    return render_template(
        "products/import.html", act=act, faults=act.faults, file_faults=file_faults, columns=COLUMNS
    )


PAGES: Final[tuple[Page, ...]] = (
    Page("product_import", "/products/import", form, APPLICANTS),
    Page(
        "product_import_send",
        "/products/import",
        send,
        APPLICANTS,
        methods=("POST",),
        body_limit=GREATEST_UPLOAD_BYTES,
    ),
    Page("product_imported", "/products/imported", imported, APPLICANTS),
    Page("product_template", "/products/template.csv", template, APPLICANTS),
)
