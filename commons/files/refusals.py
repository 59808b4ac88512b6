"""Why a file is not taken, one sentence or two for each cause: what is the matter, and what to do."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "file_type": _("“%(name)s” is not a file we can take. We take: %(accepted)s."),
    "file_empty": _("“%(name)s” is empty. Choose it again, or another file. We take: %(accepted)s."),
    "file_too_large": _("“%(name)s” is too large: a file can have %(limit)d MB at most."),
    "file_busy": _("We could not look at “%(name)s” just now. Try again in a few minutes."),
    # Kinds of file that we never take.
    "file_svg": _("“%(name)s” is an SVG drawing, which can carry programs. We take: %(accepted)s."),
    "file_html": _(
        "“%(name)s” is a web page. Save it as a PDF, or share its address. We take: %(accepted)s."
    ),
    "file_script": _("“%(name)s” holds commands for a computer. We take: %(accepted)s."),
    "file_program": _("“%(name)s” is a program. We take: %(accepted)s."),
    "file_archive": _(
        "“%(name)s” is an archive. Unpack it, then choose the files that are in it. We take: %(accepted)s."
    ),
    "file_old_office": _(
        "“%(name)s” is in an older format of Office. Save it as .docx, .xlsx, .pptx or PDF, then choose that. "
        "We take: %(accepted)s."
    ),
    "file_macros": _(
        "“%(name)s” holds macros. Save it without them, or as a PDF, then choose that. We take: %(accepted)s."
    ),
    # The name and the content don't agree.
    "file_named_wrongly": _(
        "“%(name)s” does not hold what its name says: it is a file of the kind %(found)s. Give it a name that ends in "
        ".%(ending)s, then choose it again. We take: %(accepted)s."
    ),
    "file_mismatch": _(
        "“%(name)s” does not hold what its name says. Save it again with the program it was made with, then choose "
        "that. We take: %(accepted)s."
    ),
    "file_two_kinds": _(
        "“%(name)s” holds something else before or behind its content. Save it again with the program it was made "
        "with, then choose that. We take: %(accepted)s."
    ),
    "file_not_text": _(
        "“%(name)s” is not text that we can read. Save it as plain text in UTF-8, then choose it again. "
        "We take: %(accepted)s."
    ),
    # It could be taken, but for something in it.
    "file_encrypted": _(
        "“%(name)s” is protected with a password. Save it without one, then choose it again."
    ),
    "file_incomplete": _("“%(name)s” is not complete. Save or copy it again, then choose it once more."),
    "file_unreadable": _(
        "“%(name)s” can’t be read. It may be damaged: open it, save it again and choose that."
    ),
    "file_unpacks_too_large": _(
        "“%(name)s” unpacks to far more than it seems to hold. Save it as a PDF, then choose that."
    ),
    "file_too_many_pixels": _("“%(name)s” is too large a picture: %(limit)d megapixels at most."),
    "file_embedded": _(
        "“%(name)s” has other files or programs inside it. Save it without them, or as a PDF, then choose that."
    ),
    "file_fetches": _(
        "“%(name)s” fetches parts of itself from elsewhere. Save it as a PDF, then choose that."
    ),
    "file_pdf_actions": _(
        "“%(name)s” is a PDF that runs scripts or starts programs, as some forms do. Print it to a new PDF, then "
        "choose that."
    ),
    # Videos.
    "video_container": _("“%(name)s” is not a video we can show. Save it as MP4 or WebM, then choose that."),
    "video_codec": _(
        "“%(name)s” is coded in a way that not every browser plays (%(codec)s). Save it as MP4 with H.264 and AAC, "
        "then choose that."
    ),
    "video_without_picture": _("“%(name)s” has no moving picture in it. Choose a video in MP4 or WebM."),
    # Captions.
    "captions_too_large": _("“%(name)s” is too large: captions can have 1 MB at most."),
    "captions_not_utf8": _(
        "“%(name)s” is not written in UTF-8. Save it with that encoding, then choose it again."
    ),
    "captions_header": _("The first line of “%(name)s” must be WEBVTT. Save your captions as WebVTT (.vtt)."),
    "captions_time": _(
        "Line %(line)d of “%(name)s” should say from when to when a caption is shown, "
        "such as 00:01.000 --> 00:04.000."
    ),
    "captions_order": _(
        "Line %(line)d of “%(name)s” ends before it begins. Put its times right, then choose it again."
    ),
    "captions_none": _("There are no captions in “%(name)s”."),
}

# Endings whose name alone says why a file is not taken.
REFUSED_ENDINGS = {
    ending: code
    for code, endings in {
        "file_svg": "svg svgz",
        "file_html": "htm html xhtml xht shtml mht mhtml xml xsl",
        "file_script": "js mjs php py pl rb sh bash ps1 vbs vbe wsf hta bat cmd reg",
        "file_program": "exe com scr msi dll jar class app apk dmg deb rpm elf bin lnk pif cpl iso",
        "file_archive": "zip tar gz tgz bz2 xz 7z rar cab zst",
        "file_macros": "docm dotm xlsm xltm xlsb xlam pptm potm ppsm ppam",
        "file_old_office": "doc dot xls xlt ppt pot pps rtf",
        "video_container": "mov avi wmv mkv mpg mpeg flv 3gp ogv",
    }.items()
    for ending in endings.split()
}
