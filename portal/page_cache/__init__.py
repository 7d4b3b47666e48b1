"""Pages are rendered once, kept, and never served after something they may show has changed.

The database counts changes (`generation`): triggers raise the count with every committed change of a table, whoever
makes it and however. A page is kept with the count that was read before it was rendered (`keeping` says which pages,
and until when the clock leaves them as they are), and served as long as the count is the same (`front`). So the next
request after a commit is answered with what was committed, by every process of every server.
"""
