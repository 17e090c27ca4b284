"""What the product promises when something breaks under it: killed, full, locked, scrambled.

`make test-faults` runs every check as often as it takes to believe it, `test_faults.py` each of
them a few times.
"""
