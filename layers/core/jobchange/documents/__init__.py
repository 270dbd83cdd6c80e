"""HTML documents for people, made from templates.

May use no other room.
"""
