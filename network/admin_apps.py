"""Django's admin with our own site object. In a module of its own: two default AppConfigs in apps.py would clash."""

from django.contrib.admin.apps import AdminConfig


class NetworkAdminConfig(AdminConfig):
    default_site = "network.admin_site.NetworkAdminSite"
