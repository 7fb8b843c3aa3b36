"""`xuke migrate`: brings the databases of a platform that the operator runs to the newest tables."""

import click
import sqlalchemy

from services.foundation.migrations import migrate
from services.foundation.settings import SERVICES_WITH_DATABASE, SettingMissing, Settings
from services.launcher.commands.output import FAILED, Refusing, console, ill, well


@click.command("migrate", cls=Refusing)
@click.argument("services", nargs=-1, type=click.Choice(SERVICES_WITH_DATABASE))
def command(services: tuple[str, ...]) -> None:
    """Migrate the databases of SERVICES, or of all; each as its owner, see XUKE_<SERVICE>_OWNER_DATABASE_URL.

    Safe to run at every deployment and from several machines at once.
    """
    settings = Settings.from_environment()
    for service in services or SERVICES_WITH_DATABASE:
        try:
            migrate(service, settings.owner_database_url(service))
        except (SettingMissing, sqlalchemy.exc.SQLAlchemyError) as error:
            console.print(ill(f"{service}: {error}"))
            raise click.exceptions.Exit(FAILED) from error
        console.print(well(f"{service} 已迁移 migrated"))
