"""The district as it stands with no event going on: organizations, places, indicators and their observations.

It may import `portal` only. Start reading at `models/organizations.py`, then `models/indicators.py`.
"""
