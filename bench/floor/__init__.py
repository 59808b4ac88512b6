"""The floor that pages are compared with: a plain Django page of 20 rows and about 30 KB, made by one SELECT."""
