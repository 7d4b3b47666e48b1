"""Tools that come from npm: kept under var/tools, by exact version, and no part of the portal."""

import shutil
import subprocess
import sys
from pathlib import Path

TOOLS = Path(__file__).resolve().parent.parent / "var" / "tools"
VERSIONS = {"lighthouse": "12.8.2", "vnu-jar": "26.9.27"}


def installed(name) -> Path:
    """The folder of the package `name`, installed first where it is missing."""
    folder = TOOLS / "node_modules" / name
    if f'"version": "{VERSIONS[name]}"' not in (read(folder / "package.json")):
        if not shutil.which("npm"):
            sys.exit(f"{name} comes from npm, and there is no npm here.")
        TOOLS.mkdir(parents=True, exist_ok=True)
        packages = [f"{each}@{version}" for each, version in VERSIONS.items()]
        command = ["npm", "install", "--no-save", "--no-package-lock", "--ignore-scripts", "--silent", *packages]
        subprocess.run(command, cwd=TOOLS, check=True)
    return folder


def read(path) -> str:
    return path.read_text() if path.exists() else ""
