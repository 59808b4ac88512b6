"""The command line of the tiny site: what the commands in bin/ look like from inside a project."""

import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network.settings")
execute_from_command_line(sys.argv)
