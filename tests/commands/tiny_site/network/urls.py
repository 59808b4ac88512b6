"""One page for every address, which says whether debug pages are on."""

from django.conf import settings
from django.http import HttpResponse
from django.urls import re_path

urlpatterns = [re_path("", lambda request: HttpResponse(f"tiny, DEBUG={settings.DEBUG}"))]
