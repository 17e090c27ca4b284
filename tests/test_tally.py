"""Counting on the quick: nothing is lost, whoever counts meanwhile."""

from __future__ import annotations

import threading

from app.tally import Tally


def test_what_was_added_is_told_once() -> None:
    tally = Tally()
    assert tally.take() == 0
    for _ in range(3):
        tally.note()
    assert [tally.take(), tally.take()] == [3, 0]
    tally.note()
    assert tally.take() == 1


def test_nothing_is_lost_while_many_threads_add_and_one_takes() -> None:
    tally, each, taken = Tally(), 20_000, 0

    def add() -> None:
        for _ in range(each):
            tally.note()

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        taken += tally.take()
    assert taken + tally.take() == 4 * each
