"""What every template may use: texts, formats, the languages and the person who is signed in."""

import pathlib
import tomllib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, g, request, session, url_for
from werkzeug.exceptions import HTTPException
from xuke.classification.v1 import (
    classification_pb2,
    control_list_pb2,
    inquiry_pb2,
    requirement_pb2,
)
from xuke.consultation.v1 import consultation_pb2
from xuke.licensing.v1 import application_pb2, dossier_pb2, licence_pb2, organisation_pb2
from xuke.screening.v1 import hit_pb2, list_pb2, screening_pb2

from services.portal import formats
from services.portal.acting import told
from services.portal.action_panel import licence_panel_of, panel_of
from services.portal.case_people import person_name
from services.portal.differences import difference_subject, difference_word
from services.portal.gate import admits
from services.portal.kept_text import shown_here
from services.portal.language import choose, code_name, current, plain, shown, text, word
from services.portal.navigation import entries_for
from services.portal.rows import identifier, rows_to_show
from services.portal.unread import unread_count
from services.portal.vendoring import FOLDER, MANIFEST


def _switch() -> str:
    """The address of this page in the other language; for the answer to a form, of the page at the address that it
    was sent to. The start page where there is none.
    """
    endpoint, query = request.endpoint, list(request.args.items(multi=True))
    places: Mapping[str, Any] = request.view_args or {}
    if request.method == "POST":
        query = []
        try:
            endpoint, places = current_app.url_map.bind("").match(request.path, "GET")
        except HTTPException:
            endpoint = None
    if endpoint is None or not current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        return url_for("start", lang=current().other.value)
    address = url_for(endpoint, **{**places, "lang": current().other.value})
    # Appended, and not handed to url_for: names such as _scheme mean something to it.
    return f"{address}?{urlencode(query)}" if query else address


def add_template_context(application: Flask) -> None:
    """Adds it."""
    version = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))["version"]
    own = max(int(file.stat().st_mtime) for file in pathlib.Path(FOLDER).parent.glob("*.*"))

    def context() -> dict[str, Any]:
        principal = g.get("principal")
        return {
            "language": current(),
            "switch": _switch(),
            "principal": principal,
            "person": choose(session.get("name_zh", ""), session.get("name_en", "")),
            "navigation": entries_for(principal.role if principal else None),
            "may_open": lambda endpoint: admits(endpoint, principal.role if principal else None),
            "kept_here": shown_here,
            "unread_notifications": unread_count,
            "cspNonce": g.get("script_nonce", ""),
            "styles_version": version,
            "own_version": own,
        }

    application.context_processor(context)
    application.jinja_env.globals.update(
        t=text,
        word=word,
        shown=shown,
        plain=plain,
        code_name=code_name,
        both=lambda localized: choose(localized.zh, localized.en),
        day=formats.day,
        article=formats.article,
        instant=formats.instant,
        instant_day=formats.instant_day,
        last_day=formats.last_day,
        quantity=formats.quantity,
        money=formats.money,
        told=told,
        person_name=person_name,
        panel_of=panel_of,
        licence_panel_of=licence_panel_of,
        identifier=identifier,
        rows_to_show=rows_to_show,
        difference_subject=difference_subject,
        difference_word=difference_word,
        a=application_pb2,
        c=consultation_pb2,
        cl=classification_pb2,
        ct=control_list_pb2,
        d=dossier_pb2,
        h=hit_pb2,
        iq=inquiry_pb2,
        li=licence_pb2,
        o=organisation_pb2,
        pl=list_pb2,
        rq=requirement_pb2,
        s=screening_pb2,
    )
