"""The data of the portal for programs: what each dataset holds, said once, and every form it can be had in.

A `Resource` describes one dataset by its `fields`. From that one description come the answers of `/api/v1/`, their
field documentation, the OpenAPI file, the data package, the catalogue, and the columns of the files that people
download. It may import the rest of `portal`; the apps declare their resources in their own `api` modules, which are
found by that name. Start reading at `fields.py` and `resources.py`; `views.py` answers.
"""
