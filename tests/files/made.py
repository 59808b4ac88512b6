"""Small files of every kind the site takes, made in code: what a person's programs would have written, in a few bytes.

Each function returns bytes. Bad ones are in made_bad.py; videos that a browser can play in made_videos.py.
"""

import io
import textwrap
import zipfile
from xml.sax.saxutils import escape, quoteattr

from PIL import Image

from .made_videos import fragmented_mp4, mp4, webm

__all__ = [
    "ALL",
    "avif",
    "csv",
    "docx",
    "exif",
    "fragmented_mp4",
    "gif",
    "jpeg",
    "mp4",
    "odp",
    "ods",
    "odt",
    "pdf",
    "picture",
    "png",
    "pptx",
    "txt",
    "vtt",
    "webm",
    "webp",
    "xlsx",
    "zipped",
]
WORDS = "Nothing about us without us."
OFFICE = "http://schemas.openxmlformats.org"
PACKAGE_TYPES = f"{OFFICE}/package/2006/content-types"
PACKAGE_RELATIONS = f"{OFFICE}/package/2006/relationships"
RELATIONS = f"{OFFICE}/officeDocument/2006/relationships"
OPEN = "urn:oasis:names:tc:opendocument:xmlns"
GPS = 0x8825
CAMERA = 0x010F


def pdf(pages=(WORDS,), *, title="", catalog="", more_objects=()):
    """A PDF with words that can be selected, on a page for each of `pages` (empty words: an empty page).

    `catalog` is put into the catalogue, `more_objects` after the others: the first has the number 3 + 2 * pages + 1.
    """
    numbers = range(len(pages))
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in numbers)
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, words in enumerate(pages):
        lines = [line for part in words.splitlines() for line in textwrap.wrap(part, 80) or [""]]
        shown = "".join(f"({pdf_escaped(line)}) Tj T*\n" for line in lines)
        content = f"BT /F1 12 Tf 14 TL 72 760 Td\n{shown}ET"
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(content.encode('cp1252'))} >>\nstream\n{content}\nendstream")
    objects += more_objects
    if title:
        objects.append(f"<< /Title ({pdf_escaped(title)}) >>")
    return pdf_of(objects, f"/Info {len(objects)} 0 R" if title else "")


def pdf_of(objects, trailer=""):
    """A PDF of the objects, text or bytes, numbered from 1; the first is the catalogue."""
    file = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        content = content if isinstance(content, bytes) else content.encode("cp1252")
        file += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\n"
    return file + f"{end}startxref\n{len(file)}\n%%EOF\n".encode()


def pdf_escaped(words):
    return words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def zipped(members, stored=()):
    """A ZIP of {name: text or bytes}, in order; the names in `stored` are not compressed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, (2026, 5, 1, 12, 0, 0)), content, how)
    return file.getvalue()


def office(main, kind, parts, more=None):
    """A package of Microsoft Office: `main` is the name of its first part, `parts` are {name: (content type, XML)}."""
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{content_type}"/>'
        for name, (content_type, _xml) in parts.items()
    )
    return zipped(
        {
            "[Content_Types].xml": f'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="{PACKAGE_TYPES}">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>',
            "_rels/.rels": relations({"rId1": ("officeDocument", main)}),
            **{name: xml for name, (_type, xml) in parts.items()},
            **(more or {}),
        }
    )


def relations(targets):
    """The XML of relations {id: (kind, target)}."""
    each = "".join(
        f'<Relationship Id="{key}" Type="{RELATIONS}/{kind}" Target={quoteattr(target)}/>'
        for key, (kind, target) in targets.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{PACKAGE_RELATIONS}">{each}</Relationships>'


def docx(paragraphs=(WORDS,), more=None):
    namespace = f"{OFFICE}/wordprocessingml/2006/main"
    body = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r></w:p>' for words in paragraphs
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    xml = f'<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>'
    return office("word/document.xml", kind, {"word/document.xml": (kind, xml)}, more)


def xlsx(rows=((WORDS,),), more=None):
    """A workbook of one sheet; its words are in the table of shared strings, as Excel puts them."""
    namespace = f"{OFFICE}/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    words = [str(cell) for row in rows for cell in row]
    shared = "".join(f'<si><t xml:space="preserve">{escape(each)}</t></si>' for each in words)
    numbers = iter(range(len(words)))
    cells = "".join(
        f'<row r="{at}">' + "".join(f'<c t="s"><v>{next(numbers)}</v></c>' for _cell in row) + "</row>"
        for at, row in enumerate(rows, 1)
    )
    return office(
        "xl/workbook.xml",
        kind,
        {
            "xl/workbook.xml": (
                f"{kind}.sheet.main+xml",
                f'<workbook xmlns="{namespace}" xmlns:r="{RELATIONS}"><sheets>'
                '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
            ),
            "xl/worksheets/sheet1.xml": (
                f"{kind}.worksheet+xml",
                f'<worksheet xmlns="{namespace}"><sheetData>{cells}</sheetData></worksheet>',
            ),
            "xl/sharedStrings.xml": (f"{kind}.sharedStrings+xml", f'<sst xmlns="{namespace}">{shared}</sst>'),
        },
        {
            "xl/_rels/workbook.xml.rels": relations(
                {
                    "rId1": ("worksheet", "worksheets/sheet1.xml"),
                    "rId2": ("sharedStrings", "sharedStrings.xml"),
                }
            ),
            **(more or {}),
        },
    )


def pptx(slides=(WORDS,), more=None):
    """A presentation with a slide for each of `slides`."""
    namespace = f"{OFFICE}/presentationml/2006/main"
    drawing = f"{OFFICE}/drawingml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.presentationml"
    numbers = range(1, len(slides) + 1)
    listed = "".join(f'<p:sldId id="{255 + number}" r:id="rId{number}"/>' for number in numbers)
    parts = {
        "ppt/presentation.xml": (
            f"{kind}.presentation.main+xml",
            f'<p:presentation xmlns:p="{namespace}" xmlns:r="{RELATIONS}">'
            f"<p:sldIdLst>{listed}</p:sldIdLst></p:presentation>",
        )
    }
    for number, words in enumerate(slides, 1):
        parts[f"ppt/slides/slide{number}.xml"] = (
            f"{kind}.slide+xml",
            f'<p:sld xmlns:p="{namespace}" xmlns:a="{drawing}"><p:cSld><p:spTree><p:sp><p:txBody><a:p><a:r>'
            f"<a:t>{escape(words)}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>",
        )
    targets = {f"rId{number}": ("slide", f"slides/slide{number}.xml") for number in numbers}
    more = {"ppt/_rels/presentation.xml.rels": relations(targets), **(more or {})}
    return office("ppt/presentation.xml", kind, parts, more)


def opendocument(kind, body, more=None):
    """A package of OpenDocument: its first member says what it is, uncompressed, as the standard asks."""
    media_type = f"application/vnd.oasis.opendocument.{kind}"
    names = " ".join(
        f'xmlns:{each}="{OPEN}:{each}:1.0"' for each in ("office", "text", "table", "drawing", "presentation")
    ).replace("xmlns:drawing", "xmlns:draw")
    manifest = (
        f'<manifest:manifest xmlns:manifest="{OPEN}:manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{media_type}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names} office:version="1.3">'
        f"<office:body>{body}</office:body></office:document-content>"
    )
    members = {
        "mimetype": media_type,
        "content.xml": content,
        "META-INF/manifest.xml": manifest,
        **(more or {}),
    }
    return zipped(members, stored={"mimetype"})


def odt(paragraphs=(WORDS,), more=None):
    body = "".join(f"<text:p>{escape(words)}</text:p>" for words in paragraphs)
    return opendocument("text", f"<office:text>{body}</office:text>", more)


def ods(rows=((WORDS,),), more=None):
    body = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell))}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    sheet = f'<office:spreadsheet><table:table table:name="Sheet1">{body}</table:table></office:spreadsheet>'
    return opendocument("spreadsheet", sheet, more)


def odp(slides=(WORDS,), more=None):
    body = "".join(
        f'<draw:page draw:name="page{number}"><draw:frame><draw:text-box><text:p>{escape(words)}</text:p>'
        "</draw:text-box></draw:frame></draw:page>"
        for number, words in enumerate(slides, 1)
    )
    return opendocument("presentation", f"<office:presentation>{body}</office:presentation>", more)


def txt(words=WORDS, encoding="utf-8"):
    return f"{words}\n".encode(encoding)


def csv(rows=(("year", "people"), ("2026", "12"))):
    return "".join(",".join(row) + "\r\n" for row in rows).encode()


def picture(form, size=(60, 40), *, colour="teal", mode="RGB", gps=False, frames=1, **options):
    """A picture in one of Pillow's formats. `gps`: it says where it was taken; `frames`: it moves."""
    images = [Image.new(mode, size, colour)]
    images += [Image.new(mode, size, ("maroon", "navy")[number % 2]) for number in range(frames - 1)]
    if gps:
        options["exif"] = exif(
            {CAMERA: "A camera", GPS: {1: "N", 2: (53.0, 48.0, 0.0), 3: "W", 4: (1.0, 33.0, 0.0)}}
        )
    if frames > 1:
        options |= {"save_all": True, "append_images": images[1:], "duration": 100}
    file = io.BytesIO()
    images[0].save(file, form, **options)
    return file.getvalue()


def exif(tags):
    """What a camera adds to a picture."""
    added = Image.Exif()
    for tag, value in tags.items():
        added[tag] = value
    return added


def jpeg(size=(60, 40), **options):
    return picture("JPEG", size, **options)


def png(size=(60, 40), **options):
    return picture("PNG", size, **options)


def webp(size=(60, 40), **options):
    return picture("WEBP", size, **options)


def avif(size=(60, 40), **options):
    return picture("AVIF", size, **options)


def gif(size=(60, 40), **options):
    return picture("GIF", size, **options)


def vtt(cues=(("00:00.000", "00:02.000", WORDS),)):
    """Captions of (start, end, words)."""
    return ("WEBVTT\n\n" + "\n".join(f"{start} --> {end}\n{words}\n" for start, end, words in cues)).encode()


# One of every type, by its code.
ALL = {
    "pdf": pdf,
    "docx": docx,
    "xlsx": xlsx,
    "pptx": pptx,
    "odt": odt,
    "ods": ods,
    "odp": odp,
    "txt": txt,
    "csv": csv,
    "jpeg": jpeg,
    "png": png,
    "webp": webp,
    "avif": avif,
    "gif": gif,
    "mp4": mp4,
    "webm": webm,
    "vtt": vtt,
}
