"""Variables for what runs before there are settings, as gunicorn's master does: of its environment, else of `.env`."""

import os
from pathlib import Path

from environ import Env

DOTENV = Path(__file__).resolve().parents[2] / ".env"


def variable(name) -> str:
    """What is read of `.env` stays here: workers inherit the environment, and read `.env` anew after a reload."""

    class Apart(Env):
        ENVIRON = {}

    if DOTENV.exists():
        Apart.read_env(DOTENV)
    return os.environ.get(name) or Apart.ENVIRON.get(name, "")
