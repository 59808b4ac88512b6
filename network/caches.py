"""Caches that never stand in the way of a page: without room, or without its server, a cache just holds nothing."""

import contextlib
import logging

from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.redis import RedisCache

log = logging.getLogger(__name__)


class Forgiving:
    """A cache whose failures are logged and count as nothing found, or nothing kept."""

    def get(self, key, default=None, version=None):
        return self._tried(default, super().get, key, default, version=version)

    def set(self, key, value, *args, **kwargs):
        if self._tried(False, self._set, key, value, *args, **kwargs) is False:
            self.delete(key, version=kwargs.get("version"))  # what it held before is no longer so

    def add(self, key, value, *args, **kwargs):
        return self._tried(False, super().add, key, value, *args, **kwargs)

    def delete(self, key, version=None):
        return self._tried(False, super().delete, key, version=version)

    def _set(self, *args, **kwargs):
        super().set(*args, **kwargs)

    def _tried(self, otherwise, method, *args, **kwargs):
        try:
            return method(*args, **kwargs)
        except Exception:  # a full disk, a lost server: each raises errors of its own
            log.warning("the cache does not work", exc_info=True)
            return otherwise


class ForgivingFileCache(Forgiving, FileBasedCache):
    """Files in a folder that all processes of a site share."""

    def _createdir(self):
        with contextlib.suppress(OSError):  # writing into it will fail, and say so
            super()._createdir()


class ForgivingRedisCache(Forgiving, RedisCache):
    """A server that all machines of a site share."""
