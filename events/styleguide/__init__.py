"""The living component page for staff: every component of the portal in every state that it can be in.

It owns the samples of an invented region and what is shown of them, and may import all of the portal. Start reading at
`specimens.py`; `exampleland.py` is where the records come from, and `catalogue.py` lists the components.
"""
