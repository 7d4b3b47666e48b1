"""Everything that strangers can send, sent: thousands of inputs through the door of the portal (tests/door.py).

`inputs.py` is the written list, `judging.py` says what no answer may be, `parameters.py` finds what can be asked; the
tests are one for each way in. `test_judging.py` shows that each judgement can fail.
"""
