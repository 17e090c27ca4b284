from __future__ import annotations

import subprocess
import sys

from tests.client.answering import PATIENCE_SECONDS, Answering, answering, serving
from tests.client.making import SERVICE, a_bundle, a_code, an_answer

# A process whose catalog asks often; each process reads what its own catalog tells it.
BEGIN = f"""
import os, sys, threading, traceback
from error_catalog_client import Catalog

told = [os.pipe()]
def observe(event):
    os.write(told[0][1], event.kind.encode() + b"\\n")
def wait_for_events():
    count = 0
    while count < 3:
        count += os.read(told[0][0], 100).count(b"\\n")
def child(task):
    process = os.fork()
    if process == 0:
        told[0] = os.pipe()
        try:
            task()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return process
def succeeds(process):
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
def knows():
    assert catalog.message("4000122") == "Live.", catalog.status()

catalog = Catalog(sys.argv[1], "{SERVICE}", "en", refresh=0.05, wait=30, observe=observe)
knows()
"""
LIVE = an_answer(a_bundle(a_code(message="Live.")))


def run(server: Answering, script: str) -> str:
    """What a process prints that has such a catalog, and forks."""
    command = [sys.executable, "-W", "error", "-c", BEGIN + script, server.url]
    process = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    assert (process.returncode, process.stderr) == (0, "")
    return process.stdout


def test_children_know_what_their_parent_knew_and_ask_for_themselves() -> None:
    script = """
def task():
    knows()
    wait_for_events()
    knows()
    catalog.close()
children = [child(task) for _ in range(3)]
print(*map(succeeds, children))
wait_for_events()
catalog.close()
"""
    with answering(serving(LIVE)) as server:
        assert run(server, script).split() == ["True"] * 3


def test_a_child_of_a_child_asks_too() -> None:
    script = """
def grandchild():
    knows()
    wait_for_events()
def task():
    wait_for_events()
    assert succeeds(child(grandchild))
print(succeeds(child(task)))
"""
    with answering(serving(LIVE)) as server:
        assert run(server, script).split() == ["True"]


def test_a_child_of_a_closed_one_stays_closed() -> None:
    script = """
catalog.close()
def task():
    knows()
    assert threading.active_count() == 1
    catalog.close()
print(succeeds(child(task)))
"""
    with answering(serving(LIVE)) as server:
        assert run(server, script).split() == ["True"]


def test_a_fork_at_any_moment_leaves_nobody_stuck() -> None:
    script = """
def task():
    knows()
    catalog.status()
    catalog.close()
print(sum(succeeds(child(task)) for _ in range(100)))
catalog.close()
"""
    with answering(serving(LIVE)) as server:
        assert run(server, script).split() == ["100"]
