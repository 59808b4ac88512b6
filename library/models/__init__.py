"""What the library holds: the editors' reports, and the documents, links and videos that members share.

Principles and sectors live in commons.tagging; here are the pages on which people read about them.
"""

from .document import Document
from .link import Link
from .report import Report
from .video import Video

__all__ = ["Document", "Link", "Report", "Video"]
