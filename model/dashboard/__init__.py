"""The live model in a browser: a session (`session.py` and what it holds), drawings as SVG, and a page of widgets.

What a session knows and does stands apart from the widgets, so that all of it is tested without a browser.
"""
