"""What every answer with data says of itself: any site may read it, and caches ask again before they repeat it."""

METHODS = ("GET", "HEAD", "OPTIONS")
A_MINUTE = "public, max-age=60, must-revalidate"
A_DAY = 24 * 3600


def open_to_all(response):
    """`response` as scripts of any site may read it: there is no key, and no cookie that could be misused."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Link"
    response["X-Content-Type-Options"] = "nosniff"
    return response
