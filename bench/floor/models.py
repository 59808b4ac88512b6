"""What the floor page lists."""

from django.db import models


class Item(models.Model):
    """Something with a title, an author, a date and some text."""

    title = models.CharField(max_length=200)
    author = models.CharField(max_length=80)
    published_at = models.DateTimeField(db_index=True)
    body = models.TextField()

    class Meta:
        ordering = ["-published_at"]

    def __str__(self):
        return self.title
