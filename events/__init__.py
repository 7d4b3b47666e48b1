"""What happened and what came of it: conferences, programme, speakers, signings, agreements, projects, news.

It may import `companies` and `portal`. Start reading at `models/conferences.py`, then `models/agreements.py`.
"""
