"""What every template may use: texts, formats, the languages and the person who is signed in."""

import pathlib
import tomllib
from typing import Any

from flask import Flask, g, request, session, url_for
from xuke.consultation.v1 import consultation_pb2
from xuke.licensing.v1 import application_pb2, dossier_pb2, licence_pb2, organisation_pb2

from services.portal import formats
from services.portal.acting import told
from services.portal.action_panel import licence_panel_of, panel_of
from services.portal.differences import difference_subject, difference_word
from services.portal.gate import admits
from services.portal.kept_text import shown_here
from services.portal.language import choose, code_name, current, plain, shown, text, word
from services.portal.navigation import entries_for
from services.portal.rows import identifier, rows_to_show
from services.portal.unread import unread_count
from services.portal.vendoring import FOLDER, MANIFEST


def _switch() -> str:
    """The address of this page in the other language; the start page where this one was not found."""
    arguments = {**(request.view_args or {}), **request.args.to_dict(), "lang": current().other.value}
    endpoint = request.endpoint
    if endpoint is None or request.method != "GET" or "language:lang" not in str(request.url_rule):
        endpoint, arguments = "start", {"lang": current().other.value}
    return url_for(endpoint, **arguments)


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
        panel_of=panel_of,
        licence_panel_of=licence_panel_of,
        identifier=identifier,
        rows_to_show=rows_to_show,
        difference_subject=difference_subject,
        difference_word=difference_word,
        a=application_pb2,
        c=consultation_pb2,
        d=dossier_pb2,
        li=licence_pb2,
        o=organisation_pb2,
    )
