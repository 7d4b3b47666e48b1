"""The database backend of the portal on SQLite: Django's own, whose connections a server lends to its requests instead
of giving one to each of its threads, and a quick look at whether anybody has committed. Imports nothing of ours; start
in `base.py`."""
