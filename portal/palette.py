"""The colours of what the portal draws itself: covers, sharing images, icons.

A picture cannot read a page's style sheet, so the colours of `tokens.css` that pictures need stand here once more
(`tests/portal/test_covers.py` holds them equal); the last ones are of the covers alone.
"""

LAKE_950 = "#08171f"
LAKE_700 = "#14485a"
LAKE_300 = "#86cbd9"
MAGNOLIA_200 = "#f3c4d2"
PAPER = "#fcfbf8"

MOON, MOON_GLOW = "#fbe9ef", "#f6d5df"
NODE, BOND, BLOSSOM = "#dff1f3", "#cfe8ec", "#f3b6c9"
