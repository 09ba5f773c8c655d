"""Exit codes of the command line: 0 done, 1 the input has errors, 2 wrong use, 3 the warehouse cannot be reached."""

import click


class Commands(click.Group):
    """Commands whose known errors end with a sentence and a documented exit code."""

    def invoke(self, ctx: click.Context):
        from psycopg import OperationalError
        from psycopg.errors import ReadOnlySqlTransaction

        try:
            return super().invoke(ctx)
        except (OperationalError, ReadOnlySqlTransaction) as error:  # a full disk, a restart, a server that only reads
            said = " ".join(str(error).split()).rstrip(".")
            code, sentence = 3, f"The warehouse did not finish this ({said}): correct that, then run it again."
        except tuple(_exit_codes()) as error:
            code = next(code for kind, code in _exit_codes().items() if isinstance(error, kind))
            sentence = error.args[0]
        except OSError as error:
            if error.filename is None:  # of a pipe or of the network, and not of a file
                raise
            code, sentence = 1, f"{error.filename} cannot be used: {error.strerror}"
        click.echo(f"htx: {sentence}", err=True)
        ctx.exit(code)


def _exit_codes() -> dict[type[Exception], int]:
    """The exit codes of errors whose message is for the user."""
    from expectations.errors import GateFailed
    from htx.backups.restore import RestoreRefused
    from htx.backups.storage import BackupDamaged
    from htx.lineage import NothingPublished, UnknownFigure
    from htx.local.errors import RunFailed
    from htx.mail.mailing import MailRefused
    from htx.mail.reminders import RemindersFailed
    from htx.matters import MattersUnknown
    from htx.open_data.storage import ExportRefused
    from ingestion.intake.late_permits import PermitRefused
    from ingestion.intake.mailbox import MailboxUnreadable, ReleaseRefused
    from ingestion.intake.receipts import AmendmentRefused
    from ingestion.intake.registry_snapshots import RegistryImplausible, RegistryUnreadable
    from reporting.content.recipients import LetterheadMissing
    from reporting.documents.about import TemplateBroken
    from warehouse.build.builds import BuildForbidden, BuildOvertaken, BuildRolledBack
    from warehouse.build.dbt import DbtFailed
    from warehouse.connection import WarehouseUnreachable
    from warehouse.editions.records import PublicationRefused
    from warehouse.promote.promote import PromotionBlocked
    from warehouse.promote.rollback import RollbackRefused
    from warehouse.reference.csv_rows import InvalidReferenceData
    from warehouse.reference.reference_data import UnknownUnit
    from warehouse.restate.stored_sql import StoredSqlRefused
    from warehouse.roles import RolesRefused

    of_input = (
        BackupDamaged, GateFailed, InvalidReferenceData, RegistryImplausible, RegistryUnreadable,
        BuildForbidden, BuildOvertaken, BuildRolledBack, DbtFailed, PromotionBlocked,
        LetterheadMissing, MailboxUnreadable, MailRefused, MattersUnknown, NothingPublished, RemindersFailed,
        TemplateBroken, RolesRefused, RollbackRefused, RunFailed, StoredSqlRefused,
    )  # fmt: skip
    of_use = (
        AmendmentRefused, ExportRefused, PermitRefused, PublicationRefused, ReleaseRefused, RestoreRefused,
        UnknownFigure, UnknownUnit,
    )  # fmt: skip
    return {**dict.fromkeys(of_input, 1), **dict.fromkeys(of_use, 2), WarehouseUnreachable: 3}
