"""What operators learn of a running portal: its log, its numbers, its faults, its health. Never whom it served.

It may import the rest of `portal`, but nothing of Django on being imported itself: gunicorn's master loads `access_log`
before there are settings. Start reading at `requests.py` (the name of a request), then `log_lines.py` (what is written)
and `scrubbing.py` (what is left out).
"""
