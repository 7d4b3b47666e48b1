"""Who changed what, when: one historical row for every save of every record with a natural key.

The tables are an app of their own, so that fixtures and exports of the records never carry them. Start reading at
`timeline` (the saves of one record, in words); `entries` is for whoever writes many records at once, `going_back`
brings an earlier state back, `recent` looks over all records. The pages are in `portal.desk.histories`.
"""
