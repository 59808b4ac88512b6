"""The floor page, and an address for its links to lead to."""

from django.shortcuts import render
from django.urls import path

from .models import Item


def items(request):
    """Show the newest 20."""
    return render(request, "floor/items.html", {"items": Item.objects.all()[:20]})


urlpatterns = [path("", items, name="items"), path("items/<int:pk>/", items, name="item")]
