"""The command that tells what looks like a mistake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from app import clock
from app.catalog.services import require_service
from app.catalog.survey import survey
from app.cli.command import WrongUse
from app.cli.database import DatabaseCommand, open_database
from app.lint import baseline as baselines
from app.lint.baseline import Baseline, BaselineError
from app.lint.engine import lint as find
from app.lint.rule import Finding, Severity
from app.lint.rules import BY_NAME, RULES

_EXPLAINED = "\n\n".join(
    f"\b\n{rule.name} ({rule.severity}): {rule.summary}\n\n{rule.why}\n\nTo mend it: {rule.mend}"
    for rule in RULES
)


@click.command(cls=DatabaseCommand, epilog=f"The rules:\n\n{_EXPLAINED}")
@click.option("--service", help="Only in this service.")
@click.option("--rule", "names", type=click.Choice(list(BY_NAME)), multiple=True, help="Only this.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, which can serve as a baseline.")
@click.option(
    "--baseline", "file", type=click.Path(dir_okay=False), help="A file with what is no news."
)
@click.option("--update", is_flag=True, help="Write all there is today into the baseline.")
def lint(
    service: str | None, names: Sequence[str], as_json: bool, file: str | None, update: bool
) -> None:
    """Tell what looks like a mistake, and exit with 1 where there is any.

    With --baseline, only what is new counts. The file is what --json prints; it may have
    "exceptions" besides, each with a rule, an owner, a reason and a last day (until), and if wanted
    a service, a code and a locale. One that has ended is a finding.
    """
    if update and (file is None or service or names):
        raise WrongUse("--update is for a --baseline of everything: without --service and --rule")
    known = Baseline() if file is None else _baseline(file, may_be_missing=update)
    findings = _findings(service, names)
    if update and file is not None:
        _write(file, baselines.write(findings, known.exemptions))
        click.echo(f"Wrote {len(findings)} findings to {file}.")
        return
    ours = Baseline(
        known.known,
        tuple(
            it
            for it in known.exemptions
            if (not names or it.rule in names)
            and (service is None or it.service in (None, service))
        ),
    )
    news = baselines.news(findings, ours, clock.now().date())
    click.echo(baselines.write(news) if as_json else _told(news), nl=not as_json)
    if news:
        raise click.exceptions.Exit(1)


def _findings(service: str | None, names: Sequence[str]) -> list[Finding]:
    with open_database() as database, database.reading() as session:
        if service is not None:
            require_service(session, service)
        codes = survey(session)
    found = find(codes, [rule for rule in RULES if not names or rule.name in names])
    return [it for it in found if service in (None, it.service)]


def _baseline(file: str, *, may_be_missing: bool) -> Baseline:
    try:
        return baselines.parse(Path(file).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        if may_be_missing:
            return Baseline()
        raise WrongUse(f"there is no {file}; --update makes one of what there is today") from error
    except OSError as error:
        raise WrongUse(f"cannot read {file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise WrongUse(f"{file} is not UTF-8") from error
    except BaselineError as error:
        raise WrongUse(f"{file} is no baseline: {error}") from error


def _write(file: str, content: str) -> None:
    try:
        Path(file).write_text(content, encoding="utf-8")
    except OSError as error:
        raise WrongUse(f"cannot write {file}: {error.strerror}") from error


def _told(findings: Sequence[Finding]) -> str:
    """A line a finding, then how many there are."""
    lines = [f"{_place(it)}: {it.severity}: {it.rule}: {it.message}" for it in findings]
    counts = Counter(it.severity for it in findings)
    told = ", ".join(_counted(counts[it], str(it)) for it in Severity if counts[it])
    total = _counted(len(findings), "finding")
    return "\n".join([*lines, f"{total}: {told}" if told else "Nothing found."])


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 or what == 'info' else 's'}"


def _place(finding: Finding) -> str:
    parts = (finding.service, finding.code, finding.locale)
    return " ".join(part for part in parts if part) or "everywhere"
