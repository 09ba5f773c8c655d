"""Exit codes of the command line."""

import click


class Commands(click.Group):
    """Commands whose known errors end with a sentence and a documented exit code."""

    def invoke(self, ctx: click.Context):
        from warehouse.connection import WarehouseUnreachable

        try:
            return super().invoke(ctx)
        except WarehouseUnreachable as error:
            click.echo(f"htx: {error}", err=True)
            ctx.exit(3)
        except _input_errors() as error:
            click.echo(f"htx: {error}", err=True)
            ctx.exit(1)


def _input_errors() -> tuple[type[Exception], ...]:
    from expectations.errors import GateFailed
    from htx.lineage import NothingPublished
    from htx.local.errors import RunFailed, ServicesFailed
    from htx.mail.reminders import RemindersFailed
    from ingestion.intake.registry_snapshots import RegistryShrunk, RegistryUnreadable
    from reporting.content.recipients import LetterheadMissing
    from reporting.documents.about import TemplateBroken
    from warehouse.build.builds import BuildForbidden, BuildOvertaken, BuildRolledBack
    from warehouse.build.dbt import DbtFailed
    from warehouse.promote.promote import PromotionBlocked
    from warehouse.promote.rollback import RollbackRefused
    from warehouse.reference.csv_rows import InvalidReferenceData
    from warehouse.roles import RolesRefused

    of_data = (GateFailed, InvalidReferenceData, RegistryShrunk, RegistryUnreadable)
    of_builds = (BuildForbidden, BuildOvertaken, BuildRolledBack, DbtFailed, PromotionBlocked)
    of_reports = (LetterheadMissing, NothingPublished, RemindersFailed, TemplateBroken)
    others = (RolesRefused, RollbackRefused, RunFailed, ServicesFailed)
    return (*of_data, *of_builds, *of_reports, *others)
