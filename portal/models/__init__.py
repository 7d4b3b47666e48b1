from portal.models.outside_links import OutsideLink
from portal.models.redirects import Redirect
from portal.models.runs import Run
from portal.models.sources import Source

__all__ = ["OutsideLink", "Redirect", "Run", "Source"]
