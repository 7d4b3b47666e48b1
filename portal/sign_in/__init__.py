"""How staff come to the desk and leave it: throttled attempts, a second factor, their open sessions, notices by mail.

It is an app of its own with one model, imports nothing of the records, and only the desk's site and the root of the
addresses know it. Start reading at `signing_in`, the steps from the password to the desk, then at `account`.
"""
