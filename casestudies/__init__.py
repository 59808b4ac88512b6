"""Accounts that can be used as evidence.

The room is kept so that the floors name it; its first models arrive with the case studies.
"""
