"""How many requests a minute are worked on for one caller. Counted by each process for itself.

Answers that replay gives again are not counted: they cost next to nothing.
"""

from __future__ import annotations

import ipaddress
import math
import re
import time

import flask
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from werkzeug.exceptions import TooManyRequests

from app.config import Settings
from app.edge.callers import asker

# What is never refused: health and numbers are asked for when it matters most.
_FREE = ("metrics", "operation")
# Nor what a page consists of, of which it asks for several at once. The pages under /browse do not
# count theirs.
_FREE_VIEW = "documentation.get_asset"
# RFC 6177: a site has at least as many addresses of IPv6 as share these bits.
_BITS_OF_A_SITE = 64
_LONGEST_ADDRESS = 64
_WITH_PORT = re.compile(r"(?:\[([^\]]{1,64})\]|([0-9.]{7,15}))(?::[0-9]{1,5})?")
_EXTENSION = "rate_limiter"


def register(app: flask.Flask, settings: Settings) -> None:
    """Give an application its limit, if it has one."""
    if settings.rate_limit:
        limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        app.extensions[_EXTENSION] = (limiter, RateLimitItemPerMinute(settings.rate_limit))


def count_request() -> None:
    """Count the current request for its caller; raises TooManyRequests over the limit."""
    found = flask.current_app.extensions.get(_EXTENSION)
    request = flask.request
    if found is None or request.blueprint in _FREE or request.endpoint == _FREE_VIEW:
        return
    limiter, limit = found
    caller = _caller()
    if not limiter.hit(limit, *caller):
        wait = math.ceil(limiter.get_window_stats(limit, *caller).reset_time - time.time())
        raise TooManyRequests(
            f"One caller may ask {limit.amount:,} times a minute here.", retry_after=max(1, wait)
        )


def site(address: str | None) -> str:
    """Where an address is from; one caller can have all addresses of IPv6 of a site."""
    # Some proxies tell the port too, which is another for each connection.
    told = _WITH_PORT.fullmatch(address or "")
    try:
        found = ipaddress.ip_address(told[1] or told[2] if told else address or "")
    except ValueError:
        # What a proxy that is believed says, whatever it is.
        return (address or "")[:_LONGEST_ADDRESS]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, _BITS_OF_A_SITE), strict=False))
    return str(found)


def _caller() -> tuple[str, str]:
    who = asker()
    if who is None:
        return "address", site(flask.request.remote_addr)
    if who.token_id is not None:
        return "token", str(who.token_id)
    return "account", str(who.account_id)
