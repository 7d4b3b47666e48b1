"""The public site as files that a web server hands out by itself: `manage.py publish_static DIR`.

It owns what is published (`addresses`), how a page is asked for (`visiting`), how a release is made of the answers
(`making`) and becomes the current one (`releases`), and what nginx must know of it (`nginx`, `moves`). It imports the
foundation alone; what there is to publish it learns from the sitemap, the datasets and the links of the pages.
Start reading in `making.py`.
"""
