from services.foundation.principal import Role
from services.launcher.accounts import accounts

AGENCIES = {"MFA", "MIIT", "SASTIND", "CAEA", "CMC-EDD", "MARA", "NHC", "SCA", "MPS"}


def test_every_role_has_an_account() -> None:
    known = accounts()
    everybody = [*known.persons.values(), *known.programs.values()]
    assert {account.principal.role for account in everybody} == set(Role)


def test_every_agency_has_a_reviewer() -> None:
    agencies = [
        account.principal.agency for account in accounts().persons.values() if account.principal.agency
    ]
    assert sorted(agencies) == sorted(AGENCIES)


def test_every_account_acts_for_what_its_role_needs() -> None:
    for account in accounts().persons.values():
        principal = account.principal
        assert bool(principal.organisation) == (principal.role in (Role.EXPORTER, Role.AGENT)), account.name
        assert bool(principal.agency) == (principal.role is Role.AGENCY_REVIEWER), account.name
        assert bool(principal.scopes) == (principal.role is Role.CUSTOMS_OFFICER), account.name
        if principal.role in (Role.EXPORTER, Role.AGENT, Role.PROVINCIAL_OFFICER):
            assert principal.province, account.name


def test_no_two_accounts_share_a_subject() -> None:
    known = accounts()
    subjects = [account.principal.subject for account in [*known.persons.values(), *known.programs.values()]]
    assert len(subjects) == len(set(subjects))


def test_every_person_has_an_address_that_no_mail_server_answers_for() -> None:
    addresses = [account.email for account in accounts().persons.values()]
    assert len(addresses) == len(set(addresses))
    assert all(address.endswith(".example") and address.count("@") == 1 for address in addresses)
    assert not any(account.email for account in accounts().programs.values())
