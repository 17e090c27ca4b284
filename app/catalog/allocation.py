"""Numbers: the next free ones of a service, and holding them for a while.

Two teams that add codes at the same time each reserve theirs first, and never take the same one. A
reservation is no change of the catalog: it is used up by the code created under it, or lapses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, takewhile

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog.codes import CODE_FORM
from app.catalog.errors import CodeReserved, Conflict, Invalid, UnknownReservation
from app.catalog.history import Authorship
from app.catalog.models import Change, ErrorCode, Reservation, Service
from app.catalog.texts import checked_text

HIGHEST_COUNT = 100
LONGEST_HOLD = timedelta(days=90)

BLOCK_SIZE = 10
# Of a code that names a block, the digits that count blocks and failures: 5003|001.
_BLOCK_DIGITS = 3


@dataclass(frozen=True)
class Wish:
    """Which numbers are wanted; one of the first three says where.

    `prefix`: behind the highest number that begins so, then in the gaps before it. `after`: behind
    this number. `block`: the next block of ten behind those that begin so, or behind the block
    family of this code.
    """

    prefix: str | None = None
    after: str | None = None
    block: str | None = None
    count: int = 1


@dataclass(frozen=True)
class ReservationView:
    """One number that is held."""

    code: str
    holder: str
    note: str | None
    reserved_at: datetime
    expires_at: datetime


def reserve(
    session: Session,
    service: Service,
    wish: Wish,
    authorship: Authorship,
    hold: timedelta,
    note: str | None,
) -> list[ReservationView]:
    """Hold the next free numbers for the author until `hold` from now.

    Free is what no code has or had, and what nobody holds. Raises Invalid where the
    wish does not fit, and Conflict where its numbers have run out.
    """
    now = authorship.at
    held_until = now + hold
    note = checked_text("note", note)
    _forget_lapsed(session, service, now)
    reserved = [
        Reservation(
            service_id=service.id,
            code=code,
            holder=authorship.actor,
            note=note,
            reserved_at=now,
            expires_at=held_until,
        )
        for code in next_free(wish, *_numbers(session, service))
    ]
    session.add_all(reserved)
    session.flush()
    return [_view(it) for it in reserved]


def list_reservations(
    session: Session,
    service: str,
    now: datetime,
    after: str,
    limit: int,
    holder: str | None = None,
) -> list[ReservationView]:
    """Up to `limit` numbers of a service that are held now, by number, behind the given one.

    Of one holder, or of all.
    """
    wanted = (
        sa.select(Reservation)
        .join(Service, Service.id == Reservation.service_id)
        .where(Service.slug == service, Reservation.expires_at > now, Reservation.code > after)
        .order_by(Reservation.code)
        .limit(limit)
    )
    if holder is not None:
        wanted = wanted.where(Reservation.holder == holder)
    return [_view(it) for it in session.scalars(wanted)]


def release(
    session: Session, service: Service, code: str, holder: str | None, at: datetime
) -> None:
    """Give a number back before it lapses; `holder` None may give back any.

    Raises UnknownReservation, and CodeReserved where somebody else holds it.
    """
    _forget_lapsed(session, service, at)
    found = session.scalar(
        sa.select(Reservation).where(Reservation.service_id == service.id, Reservation.code == code)
    )
    if found is None:
        raise UnknownReservation(service.slug, code)
    if holder is not None and found.holder != holder:
        raise CodeReserved(service.slug, code, found.holder, found.expires_at)
    session.delete(found)
    session.flush()


def use_up(
    session: Session, service: Service, codes: Sequence[str], authorship: Authorship
) -> None:
    """Let codes that are being created use up their reservations.

    Raises CodeReserved for the first that somebody else holds.
    """
    held = session.scalars(
        sa.select(Reservation).where(
            Reservation.service_id == service.id, Reservation.code.in_(codes)
        )
    ).all()
    for found in held:
        if found.expires_at > authorship.at and found.holder != authorship.actor:
            raise CodeReserved(service.slug, found.code, found.holder, found.expires_at)
        session.delete(found)
    session.flush()


def next_free(wish: Wish, family: Collection[str], taken: Collection[str]) -> list[str]:
    """The numbers that a wish asks for: as many as it says, all free, in their order.

    `family` are the service's numbers, from whose form those of new ones follow; `taken` are all
    that nobody may have. Raises Invalid or Conflict.
    """
    if not 1 <= wish.count <= HIGHEST_COUNT:
        raise Invalid("count", f"A count is a number from 1 to {HIGHEST_COUNT}.")
    if wish.prefix is not None:
        candidates = _behind_prefix(wish.prefix, family, taken)
    elif wish.after is not None:
        candidates = _upwards("after", wish.after)
    elif wish.block is not None:
        candidates = _next_block(wish.block, wish.count, family, taken)
    else:
        raise Invalid("prefix", "Say where: one of prefix, after and block.")
    free = (number for number in candidates if number not in taken)
    found = [number for number, _ in zip(free, range(wish.count), strict=False)]
    if len(found) < wish.count:
        raise Conflict(f"Only {len(found)} such numbers are free, not {wish.count}.")
    return found


def _behind_prefix(prefix: str, family: Collection[str], taken: Collection[str]) -> Iterator[str]:
    """Numbers behind the highest that begins so, then from the first such number on."""
    width = _width("prefix", prefix, family)
    lowest = prefix + "0" * (width - len(prefix))
    highest = max(_alike(prefix, width, taken), default=lowest)
    for number in _upwards("prefix", highest):
        if not number.startswith(prefix):
            break
        yield number
    # A high number alone, such as 799, must not close what lies before it.
    yield from takewhile(
        lambda number: number < highest, chain([lowest], _upwards("prefix", lowest))
    )


def _next_block(
    block: str, count: int, family: Collection[str], taken: Collection[str]
) -> Iterator[str]:
    """Numbers of the block of ten behind the highest one, from the digit that blocks begin with."""
    prefix = block
    if block in family or len(block) >= _usual_width(family):
        prefix = block[:-_BLOCK_DIGITS]
    if count > BLOCK_SIZE:
        raise Invalid("count", f"A block has up to {BLOCK_SIZE} numbers.")
    width = _width("block", prefix, family)
    alike = _alike(prefix, width, taken)
    first = min((number[-1] for number in alike), default="1")
    start = prefix + "0" * (width - len(prefix))
    if alike:
        start = _added(max(alike)[:-1] + "0", BLOCK_SIZE)
    for number in (_added(start, step) for step in range(int(first), BLOCK_SIZE)):
        if not number.startswith(prefix) or len(number) != width:
            return
        yield number


def _upwards(field: str, number: str) -> Iterator[str]:
    """The numbers behind one, in its form: its last digits count, the rest of it stays."""
    if not CODE_FORM.fullmatch(number) or not number[-1].isdigit():
        raise Invalid(field, "Only a code that ends in a digit has a next one.")
    following = _added(number, 1)
    while len(following) == len(number):
        yield following
        following = _added(following, 1)


def _added(number: str, step: int) -> str:
    """A code with its last digits counted up: "E099" and 1 give "E100"."""
    before = number.rstrip("0123456789")
    digits = number[len(before) :]
    return before + str(int(digits) + step).zfill(len(digits))


def _alike(prefix: str, width: int, numbers: Collection[str]) -> list[str]:
    """The numbers of a width that begin so and go on in digits alone."""
    return [
        number
        for number in numbers
        if len(number) == width and number.startswith(prefix) and _digits(number[len(prefix) :])
    ]


def _width(field: str, prefix: str, family: Collection[str]) -> int:
    """How long the numbers behind a prefix are: as most that begin so, else as most there are."""
    alike = [
        len(number)
        for number in family
        if number.startswith(prefix) and _digits(number[len(prefix) :])
    ]
    width = Counter(alike).most_common(1)[0][0] if alike else _usual_width(family)
    if not CODE_FORM.fullmatch(prefix + "0") or width <= len(prefix):
        raise Invalid(field, "No number of this service's form can begin so.")
    return width


def _usual_width(family: Collection[str]) -> int:
    widths = Counter(len(number) for number in family if _digits(number))
    return widths.most_common(1)[0][0] if widths else 7


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _numbers(session: Session, service: Service) -> tuple[set[str], set[str]]:
    """The numbers of a service's codes, and those with all that once were or are held."""
    family = set(
        session.scalars(sa.select(ErrorCode.code).where(ErrorCode.service_id == service.id))
    )
    gone = session.scalars(
        sa.select(Change.code).where(Change.service == service.slug, Change.action == "code.delete")
    )
    held = session.scalars(sa.select(Reservation.code).where(Reservation.service_id == service.id))
    return family, family.union(held, (code for code in gone if code is not None))


def _forget_lapsed(session: Session, service: Service, now: datetime) -> None:
    session.execute(
        sa.delete(Reservation).where(
            Reservation.service_id == service.id, Reservation.expires_at <= now
        )
    )


def _view(row: Reservation) -> ReservationView:
    return ReservationView(row.code, row.holder, row.note, row.reserved_at, row.expires_at)
