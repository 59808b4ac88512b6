"""Office files, which are ZIPs by rules: Office Open XML (ECMA-376, part 2) and OpenDocument 1.3 (part 2).

Taken when they do nothing on being opened: no macros, no programs or packages inside, nothing fetched from elsewhere.
"""

import io
import re
from urllib.parse import urlsplit
from xml.parsers import expat

from .directory import Directory
from .refused import Refused
from .signatures import OLE, ZIP, is_program

OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN_PARTS = {
    f"{OFFICE}wordprocessingml.document.main+xml": "docx",
    f"{OFFICE}spreadsheetml.sheet.main+xml": "xlsx",
    f"{OFFICE}presentationml.presentation.main+xml": "pptx",
}
OPEN = "application/vnd.oasis.opendocument."
OPEN_TYPES = {f"{OPEN}text": "odt", f"{OPEN}spreadsheet": "ods", f"{OPEN}presentation": "odp"}
MACRO_TYPES = ("macroenabled", "vbaproject", "macrosheet", "vbadata", "activex")
MACRO_NAMES = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml|macrosheets/.+|activex/.+)$", re.I)
OPEN_MACRO_NAMES = re.compile(r"(^|/)(basic|scripts)/.*[^/]$", re.I)
MACRO_ADDRESSES = ("vnd.sun.star.script:", "macro:", "script:")
# Kinds of relation whose target a program fetches, unasked, when the document is opened.
FETCHED = ("/attachedTemplate", "/oleObject", "/frame", "/subDocument", "/aFChunk")
MOST_HELD = 32 * 1024 * 1024  # of a member that is looked at as a whole
MOST_XML = 1024 * 1024  # of a table of contents
MACROS_IN_OLE = tuple(name.encode("utf-16-le") for name in ("_VBA_PROJECT", "Macros"))
PACKAGE_IN_OLE = "\1Ole10Native".encode("utf-16-le")


def examine_package(file, size, inside=None):
    """Return the code of the type, such as "docx". `inside`: the Budget of the package that this one lies in."""
    directory = Directory(file, size, inside)
    if directory.names and directory.names[0] == "mimetype":
        found = examine_open(directory)
    elif "[Content_Types].xml" in directory.names:
        found = examine_office(directory)
    else:
        raise Refused("file_archive")
    for name in directory.names:
        examine_member(directory, name, nested=inside is not None)
    return found


def examine_office(directory):
    kinds = []

    def note(_tag, attributes):
        content_type = attributes.get("ContentType", "")
        if any(word in content_type.lower() for word in MACRO_TYPES):
            raise Refused("file_macros")
        if content_type in MAIN_PARTS:
            kinds.append((MAIN_PARTS[content_type], attributes.get("PartName", "").lstrip("/")))

    if any(MACRO_NAMES.search(name) for name in directory.names):
        raise Refused("file_macros")
    read_xml(directory, "[Content_Types].xml", note)
    for name in directory.names:
        if name.lower().endswith(".rels"):
            read_xml(directory, name, examine_relation)
    if not kinds:
        raise Refused("file_mismatch")
    ((kind, part),) = kinds[:1]
    if len(kinds) > 1 or part.lower() not in {name.lower() for name in directory.names}:
        raise Refused("file_unreadable")
    return kind


def examine_relation(_tag, attributes):
    if attributes.get("TargetMode", "").lower() != "external":
        return
    target = attributes.get("Target", "").strip()
    elsewhere = target.startswith(("\\\\", "//")) or urlsplit(target).scheme.lower() in {
        "http",
        "https",
        "ftp",
        "mhtml",
    }
    if elsewhere and attributes.get("Type", "").endswith(FETCHED):
        raise Refused("file_fetches")


def examine_open(directory):
    media_type = held(directory, "mimetype", 200).decode("ascii", "replace").strip()
    if "META-INF/manifest.xml" in directory.names:
        read_xml(directory, "META-INF/manifest.xml", examine_entry)
    if "encrypted-package" in directory.names:
        raise Refused("file_encrypted")
    if media_type not in OPEN_TYPES:
        raise Refused("file_mismatch")
    if any(OPEN_MACRO_NAMES.search(name) for name in directory.names):
        raise Refused("file_macros")
    if "content.xml" not in directory.names:
        raise Refused("file_unreadable")
    for name in directory.names:
        if name.rpartition("/")[2] in {"content.xml", "styles.xml"}:
            read_xml(directory, name, examine_event, most=None)
    return OPEN_TYPES[media_type]


def examine_entry(tag, _attributes):
    if tag.endswith("encryption-data"):
        raise Refused("file_encrypted")


def examine_event(_tag, attributes):
    """A link, or something that happens by itself, that runs a macro or starts a program."""
    for key, value in attributes.items():
        word = key.rpartition(" ")[2]
        if word == "href" and value.strip().lower().startswith(MACRO_ADDRESSES):
            raise Refused("file_macros")
        if word == "action" and value in {"execute", "macro"}:
            raise Refused("file_macros")


def examine_member(directory, name, nested):
    """Unpack one member to its end, which proves it whole, and look at what it is."""
    content, whole = bytearray(), None
    for piece in directory.unpacked(name):
        if whole is None:
            content += piece
            if is_program(bytes(content[:64])):
                raise Refused("file_embedded")
            whole = bytes(content[:8]).startswith((OLE, ZIP))
        elif whole:
            content += piece
        if len(content) > MOST_HELD:
            raise Refused("file_embedded")
    if whole and content.startswith(OLE):
        examine_ole(content)
    elif whole:
        examine_nested(directory, content, nested)


def examine_ole(content):
    """An object of another program. Formulas and charts are well; a wrapped file ("package") or macros are not."""
    if any(name in content for name in MACROS_IN_OLE):
        raise Refused("file_macros")
    if PACKAGE_IN_OLE in content:
        raise Refused("file_embedded")


def examine_nested(directory, content, nested):
    """A chart carries its own little workbook, and that is as deep as it goes."""
    if nested:
        raise Refused("file_unpacks_too_large")
    try:
        examine_package(io.BytesIO(content), len(content), directory.budget)
    except Refused as problem:
        kept = {"file_macros", "file_unpacks_too_large", "file_fetches"}
        raise Refused(problem.code if problem.code in kept else "file_embedded") from None


def held(directory, name, most):
    """Return a member's bytes, which must not be more than `most`."""
    if directory.size_of(name) > most:
        raise Refused("file_unpacks_too_large")
    return b"".join(directory.unpacked(name))


def read_xml(directory, name, note, most=MOST_XML):
    """Call note(tag, attributes) for each element of a member. It must be XML that declares no entities."""
    if most is not None and directory.size_of(name) > most:
        raise Refused("file_unpacks_too_large")

    def refuse(*_arguments):
        raise Refused("file_unreadable")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = note
    parser.EntityDeclHandler = refuse
    try:
        for piece in directory.unpacked(name):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise Refused("file_unreadable") from None
