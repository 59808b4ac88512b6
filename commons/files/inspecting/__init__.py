"""Looking into files from strangers, only ever in a child process (check_child.py). Imports nothing of Django.

Each module takes one family of files. `examine.examine` is where it begins.
"""
