#!/usr/bin/env python
"""Run the portal's management commands: `python manage.py help`."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line

    from portal.call_stack import with_room

    with_room(execute_from_command_line)(sys.argv)


if __name__ == "__main__":
    main()
