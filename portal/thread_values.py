"""What Django remembers for each thread, the language above all, as Python keeps such values.

Django keeps them so that `async` code finds them too, behind one lock for all threads: to ask for the language takes
thirty times as long, a page does so hundreds of times, and threads wait for one another. The portal has no such code.
"""

from threading import local

from django.urls import base as urls
from django.utils import timezone
from django.utils.translation import trans_real as translation

VALUES = [(translation, "_active"), (timezone, "_active"), (urls, "_prefixes"), (urls, "_urlconfs")]


def keep_plainly():
    """From now on, in this process; what this thread has set already stays set. Raises AttributeError where Django
    keeps them elsewhere."""
    for module, name in VALUES:
        before, plain = getattr(module, name), local()
        if hasattr(before, "value"):
            plain.value = before.value
        setattr(module, name, plain)
