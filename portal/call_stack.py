"""Room for the calls of a request or a command, so that none of them costs fifty times as much as the others.

Until it was mended in 2026, CPython takes memory of the system for every 16 kB of nested calls and gives it back at
once: a loop that calls something right at such an edge does so each time round. Templates nest a hundred calls deep,
and the page that hits an edge takes twice its time; which page that is changes with every call in between.

https://github.com/python/cpython/issues/142183
"""

from functools import wraps

ROOM = 33_000  # slots of eight bytes: more than half of the power of two that Python rounds up to, 512 kB


def with_room(call):
    """`call`, for which Python takes so much memory at once that whatever it calls, about a thousand calls deep, comes
    to no edge. What is not touched of it costs nothing; asking for it takes some microseconds."""

    @wraps(call, updated=())
    def roomy(*arguments):
        return call(*arguments)

    roomy.__code__ = roomy.__code__.replace(co_stacksize=ROOM)
    return roomy
