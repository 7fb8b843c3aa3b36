"""One way for every act of a reviewer: a form, a page to check it on, and the act itself, done once.

The check page carries the answers, the etag of what the person saw, and a request id that is made with that page,
so that pressing twice acts once. A refusal leads back to the form with everything that was typed and with the
state as it is now.
"""

import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Generic, TypeVar

from flask import redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.messages import render
from services.foundation.permissions import Permission
from services.portal.errors import may_be_done, sentence
from services.portal.kept_text import kept_values
from services.portal.language import choose, text
from services.portal.page import Page
from services.portal.rows import without_empty_rows

Subject = TypeVar("Subject")
Typed = Mapping[str, str]
Faults = dict[str, str]

# Fields of the form that are not answers.
_CONTROLS: Final = frozenset({"csrf_token", "request_id", "etag", "change", "add", "remove"})
# The state of things does not allow the act, or somebody was faster: the person decides anew.
_DECIDE_ANEW: Final = frozenset(
    {ErrorCode.FAILED_PRECONDITION, ErrorCode.ABORTED, ErrorCode.ALREADY_EXISTS, ErrorCode.NOT_FOUND}
)
_TOLD: Final = "told"


@dataclass(frozen=True)
class Answer:
    """One answer as the check page shows it."""

    label: str
    value: str


@dataclass(frozen=True)
class Sending:
    """What goes with the request beside the answers."""

    request_id: str
    etag: str


class Act(ABC, Generic[Subject]):
    """An act. A subclass is made once and declares its pages; it keeps nothing between requests."""

    name: ClassVar[str]
    """Names the template of the form and, after "act_", the section of its texts."""
    endpoint: ClassVar[str]
    path: ClassVar[str]
    permission: ClassVar[Permission]
    groups: ClassVar[tuple[str, ...]] = ()
    """Groups of fields that can be repeated, such as "conditions"."""
    asks: ClassVar[bool] = True
    """Whether there is anything to fill in; where there is not, the check page is all."""
    dangerous: ClassVar[bool] = False
    """Whether the button that does it warns by its colour."""
    stale: ClassVar[str] = "acting.stale"
    """What is said where the subject has changed meanwhile: a key of the catalogue."""
    overtaken: ClassVar[str] = "acting.overtaken"
    """The same where the act is no longer possible."""

    @abstractmethod
    def read(self, address: Mapping[str, Any]) -> Subject:
        """What the pages show, by the parts of the path. Errors: whatever the services refuse with."""

    @abstractmethod
    def possible(self, subject: Subject) -> bool:
        """Whether the person can do it now, as far as the services say."""

    @abstractmethod
    def etag(self, subject: Subject) -> str:
        """The version that the act rests on."""

    @abstractmethod
    def home(self, subject: Subject) -> str:
        """The address of what the act is about."""

    @abstractmethod
    def context(self, subject: Subject) -> dict[str, Any]:
        """What the templates need of the subject; `caption` and `state` are among it."""

    @abstractmethod
    def faults(self, subject: Subject, typed: Typed) -> Faults:
        """What is wrong with the answers, by field, in the language of the page."""

    @abstractmethod
    def answers(self, subject: Subject, typed: Typed) -> Sequence[Answer]:
        """The answers as the check page shows them."""

    @abstractmethod
    def send(self, subject: Subject, typed: Typed, sending: Sending) -> None:
        """Does it. Errors: whatever the service refuses with."""

    def initial(self, subject: Subject) -> dict[str, str]:
        """What stands in the form at first."""
        return {}

    def consequence(self, subject: Subject, typed: Typed) -> str:
        """What follows, as the check page says it."""
        return text(f"act_{self.name}.consequence")

    def confirm_label(self, typed: Typed) -> str:
        """The words on the button that does it."""
        return text(f"act_{self.name}.confirm")

    def done(self, subject: Subject, typed: Typed) -> str:
        """What the person reads once it is done: a key of the catalogue."""
        return f"act_{self.name}.done"

    def field_of(self, path: str, subject: Subject, typed: Typed) -> str:
        """The field of the form that a path of the contract means."""
        return path

    def pages(self) -> tuple[Page, ...]:
        """The form, the check and the act."""
        return (
            Page(self.endpoint, self.path, self.show, self.permission),
            Page(f"{self.endpoint}_check", self.path, self.check, self.permission, methods=("POST",)),
            Page(
                f"{self.endpoint}_confirm",
                f"{self.path}/confirm",
                self.confirm,
                self.permission,
                methods=("POST",),
            ),
        )

    def show(self, **address: Any) -> ResponseReturnValue:
        """The form; where the act is not possible now, why."""
        subject = self.read(address)
        if not self.possible(subject):
            return self._page("actions/not_now.html", subject, address, {})
        kept = kept_values() if self.asks else None
        typed = self.initial(subject) if kept is None else _answers_in(kept)
        return self._form(subject, address, typed)

    def check(self, **address: Any) -> ResponseReturnValue:
        """The answers before they are sent, or the form again: to change them, to add a row, or with faults."""
        subject, typed = self.read(address), _answers_in(request.form)
        if "add" in request.form or "remove" in request.form or "change" in request.form:
            return self._form(subject, address, typed, etag=request.form.get("etag", ""))
        typed = without_empty_rows(typed, self.groups)
        faults = self.faults(subject, typed)
        if faults:
            return self._form(subject, address, typed, faults, etag=request.form.get("etag", "")), 400
        return self._check(subject, address, typed, str(uuid.uuid4()))

    def confirm(self, **address: Any) -> ResponseReturnValue:
        """Does it, and leads to what it was about."""
        subject, typed = self.read(address), _answers_in(request.form)
        faults = self.faults(subject, typed)
        sending = Sending(request.form.get("request_id", ""), request.form.get("etag", ""))
        if faults:
            return self._form(subject, address, typed, faults, etag=sending.etag), 400
        try:
            self.send(subject, typed, sending)
        except XukeError as error:
            return self._refused(error, subject, address, typed, sending)
        tell(self.done(subject, typed))
        return redirect(self.home(subject), 303)

    def _refused(
        self, error: XukeError, subject: Subject, address: Mapping[str, Any], typed: Typed, sending: Sending
    ) -> ResponseReturnValue:
        if error.violations:
            faults = {
                self.field_of(one.field, subject, typed): choose(
                    (found := render(one.reason, one.metadata)).zh, found.en
                )
                for one in error.violations
            }
            # What the person saw: a change since then is for them to be told of, not to be passed over.
            return self._form(subject, address, typed, faults, etag=sending.etag), 400
        if may_be_done(error):
            refusal = sentence(error)
            return self._check(subject, address, typed, sending.request_id, refusal), 503
        if error.code not in _DECIDE_ANEW:
            raise error
        now = self.read(address)
        refusal = sentence(error)
        if error.reason == "STALE_ETAG":
            refusal = text(self.stale if self.possible(now) else self.overtaken)
        return self._form(now, address, typed, refusal=refusal), 409

    def _form(
        self,
        subject: Subject,
        address: Mapping[str, Any],
        typed: Typed,
        faults: Faults | None = None,
        *,
        refusal: str = "",
        etag: str = "",
    ) -> str:
        if not self.asks:
            return self._check(subject, address, typed, str(uuid.uuid4()), refusal, self.etag(subject))
        return self._page(
            f"actions/{self.name}.html",
            subject,
            address,
            typed,
            faults=faults or {},
            refusal=refusal,
            etag=etag or self.etag(subject),
            row_to_add=request.form.get("add", ""),
            row_to_remove=request.form.get("remove", ""),
        )

    def _check(
        self,
        subject: Subject,
        address: Mapping[str, Any],
        typed: Typed,
        request_id: str,
        refusal: str = "",
        etag: str = "",
    ) -> str:
        return self._page(
            "actions/check.html",
            subject,
            address,
            typed,
            answers=self.answers(subject, typed),
            consequence=self.consequence(subject, typed),
            confirm_label=self.confirm_label(typed),
            request_id=request_id,
            etag=etag or request.form.get("etag", ""),
            refusal=refusal,
        )

    def _page(
        self, template: str, subject: Subject, address: Mapping[str, Any], typed: Typed, **further: Any
    ) -> str:
        return render_template(
            template,
            act=self,
            address=address,
            home=self.home(subject),
            typed=typed,
            **self.context(subject),
            **further,
        )


def _answers_in(fields: MultiDict[str, str]) -> dict[str, str]:
    # Browsers send line ends as two characters, which nobody counts.
    return {
        name: value.replace("\r\n", "\n").strip() for name, value in fields.items() if name not in _CONTROLS
    }


def demand(faults: Faults, typed: Typed, name: str, missing: str, limit: int) -> None:
    """Adds a fault where a text is missing or too long; `missing` is the sentence for the first."""
    value = typed.get(name, "")
    if not value:
        faults[name] = missing
    elif len(value) > limit:
        faults[name] = text("acting.too_long", over=len(value) - limit, limit=limit)


def tell(key: str) -> None:
    """Keeps a text of the catalogue for the next page that the person opens."""
    session[_TOLD] = key


def told() -> str:
    """What was kept, once; empty if nothing was."""
    key = session.pop(_TOLD, "")
    return text(key) if key else ""
