"""The staff desk: the stock Django admin, made safe and pleasant for the people who keep the portal.

It builds on the rest of `portal` and is imported only by the admin modules of the apps; no page of the public site
needs it. Start reading at `editing`, the building blocks of every form, then at `site`.
"""
