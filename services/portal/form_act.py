"""An act of one form: what was typed is read into a request and sent once; a refusal shows the form again.

The request id is made with the form. It stays the same while nobody knows whether the act was done, so that sending
the form again does it once; after any other refusal it is a new one, for the answers may be other ones then.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from flask import request
from google.protobuf.message import Message

from services.foundation.errors import ErrorCode, XukeError
from services.portal import answers, forms
from services.portal.errors import may_be_done, sentence, status_of
from services.portal.forms import Asked, Faults, Question, Typed
from services.portal.kept_text import kept_values
from services.portal.language import text

# Not a matter of the form: there is no such thing, or nobody who asks.
_NOT_OF_THE_FORM: Final = frozenset({ErrorCode.NOT_FOUND, ErrorCode.UNAUTHENTICATED})


@dataclass(frozen=True)
class FormAct:
    """The form as its page shows it; `status` is that of the answer."""

    asked: tuple[Asked, ...]
    faults: Faults
    request_id: str
    status: int = 200


def new_request_id() -> str:
    """An id for a request that is made once."""
    return str(uuid.uuid4())


def opened(questions: Sequence[Question], stated: Typed | None = None) -> FormAct:
    """The form when its page is opened: with what was typed before the session ended, else with what is stated."""
    kept = kept_values()
    typed = forms.typed(questions, kept.to_dict(flat=False)) if kept is not None else stated or {}
    return FormAct(forms.asked(questions, typed), Faults(), new_request_id())


def attempt(
    questions: Sequence[Question],
    message: Message,
    send: Callable[[], object],
    *,
    prefix: str = "",
    form: Message | None = None,
) -> FormAct | None:
    """Reads what was sent into the message and sends it; None if it was done.

    `form` is the part of the message that the questions are about, and `prefix` its path, such as "particulars.".
    Errors: NOT_FOUND, UNAUTHENTICATED; every other refusal is part of the form that is returned.
    """
    request_id = request.form.get("request_id", "")
    message.request_id = request_id  # type: ignore[attr-defined]  # every request that changes something has it
    typed = forms.typed(questions, request.form.to_dict(flat=False))
    faults = answers.write(questions, typed, message if form is None else form, complete=True)
    if faults:
        return FormAct(forms.asked(questions, typed, faults), faults, request_id or new_request_id(), 400)
    try:
        send()
    except XukeError as error:
        if error.code in _NOT_OF_THE_FORM:
            raise
        faults = refusal(error, questions, prefix)
        again = request_id if may_be_done(error) else new_request_id()
        return FormAct(forms.asked(questions, typed, faults), faults, again, status_of(error.code))
    return None


def refusal(error: XukeError, questions: Sequence[Question] = (), prefix: str = "") -> Faults:
    """A refusal as faults of a form."""
    if error.reason == "STALE_ETAG":
        return Faults(general=(text("form_act.stale"),))
    if error.violations:
        return answers.placed(error.violations, questions, prefix)
    return Faults(general=(sentence(error),))
