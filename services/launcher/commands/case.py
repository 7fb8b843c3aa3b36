"""`xuke case`: an application as a reviewer or as its applicant sees it."""

import uuid

import click
from xuke.consultation.v1 import consultation_pb2, consultation_pb2_grpc
from xuke.licensing.v1 import application_pb2, application_pb2_grpc

from services.foundation.errors import invalid_field, not_found
from services.foundation.principal import Role
from services.launcher.accounts import accounts
from services.launcher.clients import People
from services.launcher.commands import case_view
from services.launcher.commands.output import (
    Refusing,
    account_option,
    console,
    json_option,
    message_json,
    print_json,
)
from services.launcher.commands.running_platform import present_people

APPLICANTS = (Role.EXPORTER, Role.AGENT)


def normalised(identifier: str) -> str:
    """An id in lower case or a number in upper case, as they are kept. Errors: INVALID_ARGUMENT if empty."""
    text = identifier.strip()
    if not text:
        raise invalid_field("ID", "CASE_IDENTIFIER_MISSING")
    return str(uuid.UUID(text)) if _is_id(text) else text.upper()


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def find_case(people: People, account: str, identifier: str) -> application_pb2.Case:
    """A case by its id or its number. Errors: NOT_FOUND, PERMISSION_DENIED."""
    review = application_pb2_grpc.ReviewServiceStub(people.channel(account, "licensing"))
    if not _is_id(identifier):
        listed = review.ListCases(application_pb2.ListCasesRequest(number=identifier)).cases
        found = [summary.application_id for summary in listed if summary.number == identifier]
        if not found:
            raise not_found("application", identifier)
        identifier = found[0]
    return review.GetCase(application_pb2.GetCaseRequest(application_id=identifier))


def find_application(people: People, account: str, identifier: str) -> application_pb2.Application:
    """An application of the account's own organisation by its id or its number. Errors: NOT_FOUND."""
    own = application_pb2_grpc.ApplicationServiceStub(people.channel(account, "licensing"))
    if _is_id(identifier):
        return own.GetApplication(application_pb2.GetApplicationRequest(application_id=identifier))
    page_token = ""
    while True:
        page = own.ListApplications(application_pb2.ListApplicationsRequest(page_token=page_token))
        for application in page.applications:
            if application.number == identifier:
                return application
        page_token = page.next_page_token
        if not page_token:
            raise not_found("application", identifier)


def find_rounds(people: People, account: str, application_id: str) -> list[consultation_pb2.Round]:
    """The consultation rounds of an application. Errors: PERMISSION_DENIED."""
    consultation = consultation_pb2_grpc.ConsultationServiceStub(people.channel(account, "consultation"))
    request = consultation_pb2.ListRoundsRequest(application_id=application_id)
    return list(consultation.ListRounds(request).rounds)


@click.command("case", cls=Refusing)
@click.argument("identifier", metavar="ID")
@account_option("ministry.officer")
@json_option
def command(identifier: str, account: str, as_json: bool) -> None:
    """Show the application with this ID or number: state, clock, opinions, history.

    Reviewers see the case, applicants their application; choose with --as.
    """
    identifier = normalised(identifier)
    people = present_people()
    person = accounts().persons.get(account)
    if person is not None and person.principal.role in APPLICANTS:
        application = find_application(people, account, identifier)
        if as_json:
            print_json(message_json(application))
        else:
            console.print(case_view.application_view(application))
        return
    case = find_case(people, account, identifier)
    if as_json:
        print_json(message_json(case))
        return
    consulted = person is not None and person.principal.role is not Role.PROVINCIAL_OFFICER
    rounds = find_rounds(people, account, case.application_id) if consulted else []
    console.print(case_view.case_view(case, rounds))
