"""The index of the search: what each record says, in words that both databases look up alike, and who may find it.

It may import the rest of `portal` and knows no kind of record: the apps register theirs (`kinds`). Start reading at
`finding` (a query and what it finds), then `words` (what a word is), `documents` (a record as it is indexed) and
`waiting` (how the index follows every change of the database, whoever makes it).
"""
