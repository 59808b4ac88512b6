"""Dates for the diary.

The room is kept so that the floors name it; its first models arrive with the events.
"""
