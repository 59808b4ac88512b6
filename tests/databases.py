"""The databases that tests stand on: which tests have a way to one, and a copy of the migrated one for other sites.

On PostgreSQL a copy is a database of its own on the same server, else a file.
"""

import os
import shutil

from django.db import connection

WAYS = {"db", "transactional_db", "live_server", "django_db_setup", "database_url"}


def has_a_way(item):
    """Whether a test may reach a database, itself or by a process that it starts.

    pytest-django refuses a connection to a test that has neither its marker nor one of these fixtures.
    """
    return item.get_closest_marker("django_db") is not None or not WAYS.isdisjoint(item.fixturenames)


def keep():
    """Keep a copy of the database as it is now, which no test touches."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [_kept()])
    else:
        connection.close()  # PostgreSQL copies what nobody is using
        forget()
        execute(f"CREATE DATABASE {_kept()} TEMPLATE {connection.settings_dict['NAME']}")


def forget():
    """Throw away what was kept."""
    if connection.vendor == "sqlite":
        os.unlink(_kept())
    else:
        execute(f"DROP DATABASE IF EXISTS {_kept()}")


def copy_to_file(path):
    shutil.copy(_kept(), path)


def copy_to_server(name):
    """Make a database of that name, and return its DATABASE_URL."""
    execute(f"CREATE DATABASE {name} TEMPLATE {_kept()}")
    server = connection.settings_dict
    return f"postgres://{server['USER']}:{server['PASSWORD']}@{server['HOST']}:{server['PORT']}/{name}"


def execute(statement):
    """Execute a statement about whole databases, on a connection of its own: the tests' one may be in a transaction."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def _kept():
    return f"{connection.settings_dict['NAME']}_migrated"
