"""Logs: one JSON object a line, whatever writes it and whatever a caller sent."""

from __future__ import annotations

import logging.config
import re
from typing import Any

import structlog
from structlog.types import Processor

from app.access.tokens import PREFIX

_TOKEN = re.compile(rf"{PREFIX}[A-Za-z0-9_-]+")


def configure_logging(level: str) -> None:
    """Send every log line of this process, those of libraries too, to standard output as JSON.

    JSON escapes line ends and all that is not ASCII, so no caller can forge a line. Tokens are left
    out, wherever a caller put one.
    """
    logging.config.dictConfig(configuration(level))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def configuration(level: str) -> dict[str, Any]:
    """The same for logging.config.dictConfig, for processes that are not ours to configure."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _shared(),
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(sort_keys=True),
                    _without_tokens,
                ],
            }
        },
        "handlers": {
            "stdout": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": "json",
            }
        },
        # At INFO it tells of every look at the schema's version, and so of every /readyz.
        "loggers": {"alembic": {"level": "WARNING"}},
        "root": {"handlers": ["stdout"], "level": level},
    }


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]


def _without_tokens(_logger: object, _method: str, line: str) -> str:
    return _TOKEN.sub(f"{PREFIX}...", line)
