"""The environment of a test run, set before Django reads its settings (loaded with `-p`, see pyproject.toml)."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
os.environ.setdefault("CACHE_URL", "locmemcache://")
os.environ.setdefault("EMAIL_URL", "memorymail://")
os.environ.setdefault("QUERIES_PER_MINUTE", "0")  # the tests ask more than people do
os.environ.setdefault("SITE_URL", "https://portal.example")

# Every test begins with an empty cache, and workers that run side by side would empty one another's: each has its own.
server, _, number = os.environ["CACHE_URL"].rpartition("/")
if server.startswith("redis") and number.isdigit():
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    os.environ["CACHE_URL"] = f"{server}/{(int(number) + int(worker)) % 16}"
