"""An organisation that exports, as its own people and its agents read it, and what its administrators keep."""

from typing import Final

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from xuke.licensing.v1 import dossier_pb2 as d
from xuke.licensing.v1 import organisation_pb2 as o

from services.foundation.errors import ErrorCode, XukeError, not_found, permission_denied
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal import answers, form_act
from services.portal.acting import tell
from services.portal.form_act import FormAct
from services.portal.form_options import provinces, words
from services.portal.forms import Kind, Question
from services.portal.page import APPLICANTS, Page
from services.portal.services import services

MEMBERS: Final = allow(Role.EXPORTER)
_PEOPLE: Final = tuple(
    Question(f"{person}.{part}", kind, f"organisation.{person}_{part}", width=20)
    for person in ("legal_representative", "manager", "handler")
    for part, kind in (("name", Kind.TEXT), ("identity_number", Kind.CODE), ("telephone", Kind.TEXT))
)
PARTICULARS: Final = (
    Question("name_zh", Kind.TEXT, "field_Applicant.name_zh", required=True),
    Question("name_en", Kind.TEXT, "field_Applicant.name_en"),
    Question(
        "unified_social_credit_code",
        Kind.CODE,
        "field_Applicant.unified_social_credit_code",
        hint="organisation.credit_code_hint",
        required=True,
        width=20,
    ),
    Question("province", Kind.SELECTION, "field_Applicant.province", options=provinces, required=True),
    Question("address", Kind.TEXT, "field_Applicant.address"),
    *_PEOPLE,
    Question(
        "has_internal_compliance_programme",
        Kind.YES_NO,
        "organisation.compliance",
        hint="organisation.compliance_hint",
    ),
)
MEMBER: Final = (
    Question(
        "role",
        Kind.CHOICE,
        "organisation.member_role",
        options=words(o.MemberRole, hints="member_role"),
        required=True,
    ),
    Question(
        "receives_email", Kind.YES_NO, "organisation.receives_email", hint="organisation.receives_email_hint"
    ),
)


def read_organisation() -> o.Organisation:
    """The organisation of the person. Errors: NOT_FOUND for an agent without a mandate in force."""
    return services().ask(services().organisations.GetOrganisation, o.GetOrganisationRequest())


def find_organisation() -> o.Organisation | None:
    """The organisation of the person; None for an agent without a mandate in force."""
    try:
        return read_organisation()
    except XukeError as error:
        if error.code is ErrorCode.NOT_FOUND:
            return None
        raise


def read_as_administrator() -> o.Organisation:
    """The same, for who may change it. Errors: PERMISSION_DENIED."""
    found = read_organisation()
    if found.own_role != o.MEMBER_ROLE_ADMINISTRATOR:
        raise permission_denied("ADMINISTRATOR_NEEDED")
    return found


def organisation() -> ResponseReturnValue:
    """Particulars, members with what they may do, and the mandates of agents."""
    found = find_organisation()
    if found is None:
        return render_template("applications/no_mandate.html")
    return render_template(
        "organisation/organisation.html",
        organisation=found,
        administers=found.own_role == o.MEMBER_ROLE_ADMINISTRATOR,
        is_agent=g.principal.role is Role.AGENT,
        own_subject=g.principal.subject,
    )


def particulars() -> ResponseReturnValue:
    """The particulars to be changed; at first those that the token tells."""
    found = read_as_administrator()
    known = d.Applicant()
    known.CopyFrom(found.particulars)
    known.unified_social_credit_code = known.unified_social_credit_code or found.organisation
    known.province = known.province or g.principal.province
    return _particulars_page(form_act.opened(PARTICULARS, answers.stated(PARTICULARS, known)), found.etag)


def particulars_save() -> ResponseReturnValue:
    """Saves them, unless somebody else did meanwhile."""
    message = o.UpdateOrganisationRequest(etag=request.form.get("etag", ""), particulars=d.Applicant())
    act = form_act.attempt(
        PARTICULARS,
        message,
        lambda: services().ask(services().organisations.UpdateOrganisation, message),
        prefix="particulars.",
        form=message.particulars,
    )
    if act is None:
        tell("organisation.saved")
        return redirect(url_for("organisation"), 303)
    return _particulars_page(act, read_organisation().etag), act.status


def _particulars_page(act: FormAct, etag: str) -> str:
    return render_template("organisation/particulars.html", act=act, faults=act.faults, etag=etag)


def member(subject: str) -> ResponseReturnValue:
    """What a member may do, to be changed."""
    found = _member(subject)
    return _member_page(found, form_act.opened(MEMBER, answers.stated(MEMBER, found)))


def member_save(subject: str) -> ResponseReturnValue:
    """Changes it; an organisation keeps an administrator."""
    message = o.UpdateMemberRequest(subject=subject, etag=request.form.get("etag", ""))
    act = form_act.attempt(
        MEMBER, message, lambda: services().ask(services().organisations.UpdateMember, message)
    )
    if act is None:
        tell("organisation.member_saved")
        return redirect(url_for("organisation"), 303)
    return _member_page(_member(subject), act), act.status


def _member(subject: str) -> o.Member:
    """The member of that account. Errors: NOT_FOUND; PERMISSION_DENIED."""
    found = next((one for one in read_as_administrator().members if one.subject == subject), None)
    if found is None:
        raise not_found("member", subject)
    return found


def _member_page(found: o.Member, act: FormAct) -> str:
    return render_template("organisation/member.html", member=found, act=act, faults=act.faults)


PAGES: Final[tuple[Page, ...]] = (
    Page("organisation", "/organisation", organisation, APPLICANTS),
    Page("organisation_particulars", "/organisation/particulars", particulars, MEMBERS),
    Page(
        "organisation_particulars_save",
        "/organisation/particulars",
        particulars_save,
        MEMBERS,
        methods=("POST",),
    ),
    Page("organisation_member", "/organisation/members/<subject>", member, MEMBERS),
    Page(
        "organisation_member_save",
        "/organisation/members/<subject>",
        member_save,
        MEMBERS,
        methods=("POST",),
    ),
)
