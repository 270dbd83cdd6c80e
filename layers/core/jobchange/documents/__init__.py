"""Documents for people: HTML made from templates, CSV for spreadsheets.

May use no other room.
"""
