"""Word documents and OpenDocument texts: what is copy in them, where it stands, and what is refused."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medlint.document import Document
from medlint.linter import Linter, SuppressionSettings
from medlint.readers import ReadError, format_for, read_document
from medlint.readers.package import MOST_BYTES
from medlint.rule import Rulebook
from test_readers_properties import assert_leads_back

# Made by real programs: pandoc 2.17 from pandoc.md, LibreOffice 7.4 from the .fodt file.
SAMPLES = Path(__file__).parent / "samples"

WORD = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
)
PACKAGE_RELATIONS = '<Relationship Id="x" Type="http://x/officeDocument" Target="word/document.xml"/>'
ODF = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office", "text": "text", "table": "table", "style": "style", "draw": "drawing",
        "svg": "svg-compatible", "manifest": "manifest",
    }.items()
) + ' xmlns:xlink="http://www.w3.org/1999/xlink"'  # fmt: skip


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """An archive of the parts."""
    data = BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def relations(content: str) -> str:
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{content}</Relationships>'
    )


def docx(body: str, related: str = "", **parts: str) -> bytes:
    """A Word document with a body; `parts` are others of the package, by the end of their relation's type."""
    files = {
        "_rels/.rels": relations(PACKAGE_RELATIONS),
        "word/document.xml": story("document", f"<w:body>{body}</w:body>"),
    }
    for kind, content in parts.items():
        related += f'<Relationship Id="{kind}" Type="http://x/{kind}" Target="{kind}.xml"/>'
        files[f"word/{kind}.xml"] = content
    return zipped(files | {"word/_rels/document.xml.rels": relations(related)})


def story(name: str, content: str) -> str:
    return f"<w:{name} {WORD}>{content}</w:{name}>"


def odt(body: str, **parts: str) -> bytes:
    """An OpenDocument text with a body; `parts` are others of the package."""
    content = f"<office:document-content {ODF}>{body}</office:document-content>"
    others = {name.replace("__", "/") + ".xml": text for name, text in parts.items()}
    return zipped({"content.xml": content} | others)


def read(name: str, data: bytes) -> Document:
    """The document, its places checked."""
    format = format_for(name)
    assert format
    document = read_document(name, data, format)
    assert_leads_back(document)
    assert "\r" not in document.source.text
    assert len(document.source.places) == (document.source.text.count("\n") + 1 if document.source.text else 0)
    return document


def words(document: Document) -> list[str]:
    """The prose of each block."""
    return [block.prose.text for block in document.blocks]


@pytest.fixture(scope="module")
def linter(rulebook: Rulebook) -> Linter:
    """The bundled rules, ready to lint what is no text."""
    return Linter(rulebook.selected(jurisdictions=("us",)))


def refusal(name: str, data: bytes) -> str:
    """Why a file is refused."""
    with pytest.raises(ReadError) as caught:
        read(name, data)
    return str(caught.value)


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{t(text)}</w:p>"


def t(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


# Samples of real programs ----------------------------------------------------------------------------------------------


EXPECTED = [
    ("heading", "A draft of the spring page", "paragraph 1"),
    ("heading", "What we offer", "paragraph 2"),
    ("paragraph", "This has inserted words and half bold ones.", "paragraph 3"),
    ("paragraph", "One in three were better. See the trial.2", "paragraph 4"),
    ("paragraph", "Our drip cures migraine in adults.", "paragraph 5"),
    ("list-item", "First item", "paragraph 6"),
    ("list-item", "Inner item", "paragraph 7"),
    ("list-item", "Last item", "paragraph 8"),
    ("heading", "Prices", "paragraph 9"),
    ("table-cell", "Treatment", "table 1, row 1, column 1"),
    ("table-cell", "Price", "table 1, row 1, column 2"),
    ("table-cell", "Peel", "table 1, row 2, column 1"),
    ("table-cell", "90 pounds", "table 1, row 2, column 2"),
    ("paragraph", "Before the box and behind it.", "paragraph 14"),
    ("paragraph", "Words in the box.", "text box"),
    ("alt", "A smiling nurse", "alternative text"),
    ("paragraph", "It changed my life.", "paragraph 17"),
    ("paragraph", "Lind and Okafor, 2021.", "footnote 1"),
    ("paragraph", "The header stands on every page.", "header"),
    ("paragraph", "The footer names the risk of bruising.", "footer"),
]


@pytest.mark.parametrize("name", ["libreoffice.docx", "libreoffice.odt"])
def test_a_document_with_everything(name: str) -> None:
    """Every kind of copy is found in the order of the page; deleted and hidden words and comments are not copy."""
    document = read(name, (SAMPLES / name).read_bytes())
    source = document.source
    assert [(block.kind, block.prose.text, source.place(block.span.start)) for block in document.blocks] == EXPECTED
    assert [source.position(block.span.start).line for block in document.blocks] == list(range(1, 21))
    groups = [block.group for block in document.blocks[5:13]]
    first, inner, last, heading, *cells = groups
    assert first == last != inner != 0 == heading
    assert cells[0] == cells[1] != cells[2] == cells[3]
    assert [block.level for block in document.blocks if block.kind == "heading"] == [1, 1, 2]
    assert [block.quoted for block in document.blocks].index(True) == 16
    marks = document.blocks[3].marks
    assert [(mark.kind, mark.span) for mark in marks] == [
        ("footnote", (25, 25)),
        ("link", (30, 39)),
        ("reference", (40, 41)),
    ]
    assert marks[0].target in document.anchors
    assert marks[1].target == "https://example.org/trial"
    [comment] = document.comments
    assert comment.text.strip() == "medlint: ignore[CUR001] approved by the medical director"
    assert comment.span == document.blocks[4].span


@pytest.mark.parametrize("name", ["pandoc.docx", "pandoc.odt"])
def test_a_document_made_by_pandoc(name: str) -> None:
    """What Markdown says of a page is still there after its conversion."""
    document = read(name, (SAMPLES / name).read_bytes())
    kinds = [block.kind for block in document.blocks if block.kind != "alt"]
    cells, lists = ["table-cell"] * 6, ["list-item"] * 5
    body = ["heading", "heading", "paragraph", *lists, "heading", *cells, "paragraph", "caption", "paragraph"]
    assert kinds[: len(body)] == body
    assert words(document)[2] == "Our drip cures migraine. It is 100% safe and relatively safe."
    assert "A drip that cures migraine" in words(document)
    assert "Smith J. The Lancet 2021; a trial of 312 adults." in words(document)


def read_any(name: str) -> Document:
    format = format_for(name)
    assert format
    return read_document(name, (SAMPLES / name).read_bytes(), format)


def test_a_comment_in_a_document_accepts_findings(rulebook: Rulebook) -> None:
    """A comment of Word or LibreOffice is a suppression of its paragraph; what stands elsewhere stays."""
    settings = SuppressionSettings(is_known=lambda _: True)
    linter = Linter(rulebook.selected(select=("CUR",), jurisdictions=("us",)), suppressions=settings)
    for name in ("libreoffice.docx", "libreoffice.odt"):
        lint = linter.lint(read_any(name))
        assert [each.reason for each in lint.suppressed] == ["approved by the medical director"]
        assert lint.findings == ()


# Word ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (p("one") + p("two"), ["one", "two"]),
        (p("") + p(" ") + p("\u00a0") + p("one"), ["one"]),
        ("<w:p/>" + p("one"), ["one"]),
        (f"<w:p>{t('im')}{t('mune', '<w:b/>')}</w:p>", ["immune"]),
        (f"<w:p>{t('one')}<w:r><w:br/></w:r>{t('two')}<w:r><w:tab/><w:t>three</w:t></w:r></w:p>", ["one two three"]),
        (p("one", '<w:tabs><w:tab w:val="left"/></w:tabs>'), ["one"]),
        ("<w:p><w:r><w:t>side</w:t><w:noBreakHyphen/><w:t>effect</w:t></w:r></w:p>", ["side\u2011effect"]),
        ("<w:p><w:r><w:t>pain</w:t><w:softHyphen/><w:t>less</w:t></w:r></w:p>", ["pain\u00adless"]),
        (f"<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent>{p('one')}</w:sdtContent></w:sdt>", ["one"]),
        (p("a &amp; b &lt; c"), ["a & b < c"]),
        # Tracked changes: what is inserted is copy, what is deleted or moved away is not.
        (f"<w:p><w:ins>{t('new')}</w:ins><w:del><w:r><w:delText>x</w:delText></w:r></w:del>{t(' old')}</w:p>", ["new old"]),
        (f"<w:p><w:del>{t('x')}</w:del>{t('one')}</w:p>", ["one"]),
        (f"<w:p><w:moveFrom>{t('x')}</w:moveFrom>{t('one')}</w:p><w:p><w:moveTo>{t('two')}</w:moveTo></w:p>", ["one", "two"]),
        (p("no ", "<w:rPr><w:del/></w:rPr>") + p("risk"), ["no risk"]),
        (p("one", "<w:rPr><w:ins/></w:rPr>") + p("two"), ["one", "two"]),
        (f"<w:p>{t('one', '<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>')}</w:p>", ["one"]),
        # Hidden text.
        (f"<w:p>{t('x', '<w:vanish/>')}{t('one')}</w:p>", ["one"]),
        ("<w:p>" + t("one", '<w:vanish w:val="0"/>') + "</w:p>", ["one"]),
        (p("one", "<w:rPr><w:vanish/></w:rPr>"), ["one"]),
        # Fields show their result.
        ('<w:p><w:fldSimple w:instr="AUTHOR">' + t("Ada") + "</w:fldSimple></w:p>", ["Ada"]),
        (
            '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE x</w:instrText></w:r>' + t("x")
            + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + t("May") + '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
            ["May"],
        ),
        ('<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>' + t("x") + "</w:p>" + p("one"), ["one"]),
        # Drawings.
        (
            f'<w:p>{t("one")}<w:r><mc:AlternateContent><mc:Choice><w:drawing><wp:anchor><wp:docPr descr="alt"/><w:txbxContent>'
            f"{p('box')}</w:txbxContent></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>{p('box')}"
            f"</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>{t(' two')}</w:p>",
            ["one two", "alt", "box"],
        ),
        ('<w:p><w:r><w:drawing><wp:inline><wp:docPr descr="x" hidden="1"/></wp:inline></w:drawing></w:r></w:p>', []),
        ('<w:p><w:r><w:pict><v:shape alt="alt"><v:textpath string="art"/></v:shape></w:pict></w:r></w:p>', ["alt", "art"]),
        (f"<w:p>{t('one')}<w:r><w:drawing><wp:inline/></w:drawing></w:r>{t('two')}</w:p>", ["one two"]),
    ],
)  # fmt: skip
def test_what_is_copy_in_a_word_document(body: str, expected: list[str]) -> None:
    """What would be printed once every tracked change is accepted is copy, and nothing else."""
    assert words(read("draft.docx", docx(body))) == expected


STYLES = story(
    "styles",
    '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="Ours"><w:name w:val="Our heading"/><w:basedOn w:val="berschrift1"/></w:style>'
    '<w:style w:styleId="Loop"><w:name w:val="Loop"/><w:basedOn w:val="Loop"/></w:style>'
    '<w:style w:styleId="Outlined"><w:name w:val="Big"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>'
    '<w:style w:styleId="Items"><w:name w:val="List Bullet"/><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>'
    '<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="Zitat"><w:name w:val="Quote"/></w:style>'
    '<w:style w:styleId="Beschriftung"><w:name w:val="caption"/></w:style>'
    '<w:style w:styleId="Inhalt"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:styleId="Secret" w:type="character"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>',
)


@pytest.mark.parametrize(
    ("properties", "kind", "level", "quoted"),
    [
        ("", "paragraph", 0, False),
        ('<w:pStyle w:val="berschrift1"/>', "heading", 1, False),
        ('<w:pStyle w:val="Ours"/>', "heading", 1, False),
        ('<w:pStyle w:val="Ours"/><w:outlineLvl w:val="1"/>', "heading", 2, False),
        ('<w:pStyle w:val="Ours"/><w:outlineLvl w:val="9"/>', "paragraph", 0, False),
        ('<w:pStyle w:val="Outlined"/>', "heading", 3, False),
        ('<w:outlineLvl w:val="8"/>', "heading", 6, False),
        ('<w:outlineLvl w:val="x"/>', "paragraph", 0, False),
        ('<w:pStyle w:val="Titel"/>', "heading", 1, False),
        ('<w:pStyle w:val="Zitat"/>', "paragraph", 0, True),
        ('<w:pStyle w:val="Beschriftung"/>', "caption", 0, False),
        ('<w:pStyle w:val="Items"/>', "list-item", 0, False),
        ('<w:pStyle w:val="Items"/><w:numPr><w:numId w:val="0"/></w:numPr>', "paragraph", 0, False),
        ('<w:numPr><w:ilvl w:val="0"/><w:numId w:val="5"/></w:numPr>', "list-item", 0, False),
        ('<w:pStyle w:val="berschrift1"/><w:numPr><w:numId w:val="5"/></w:numPr>', "heading", 1, False),
        ('<w:pStyle w:val="Loop"/>', "paragraph", 0, False),
        ('<w:pStyle w:val="Missing"/>', "paragraph", 0, False),
        ('<w:pPrChange><w:pPr><w:pStyle w:val="Titel"/></w:pPr></w:pPrChange>', "paragraph", 0, False),
    ],
)
def test_styles_say_what_a_paragraph_is(properties: str, kind: str, level: int, quoted: bool) -> None:
    """Names of styles are Word's own in any language; what a style is based on counts, and the paragraph itself most."""
    [block] = read("draft.docx", docx(p("one", properties), styles=STYLES)).blocks
    assert (block.kind, block.level, block.quoted) == (kind, level, quoted)


def test_what_styles_hide_is_no_copy() -> None:
    """A table of contents says headings again, and a style may hide text."""
    contents = p("Heading 3", '<w:pStyle w:val="Inhalt"/>')
    hidden = "<w:p>" + t("x", '<w:rStyle w:val="Secret"/>') + t("one") + "</w:p>"
    assert words(read("draft.docx", docx(contents + hidden, styles=STYLES))) == ["one"]


def gallery(name: str, content: str = "") -> str:
    """A control that Word made from one of its galleries."""
    properties = f'<w:sdtPr><w:docPartObj><w:docPartGallery w:val="{name}"/></w:docPartObj></w:sdtPr>'
    return f"<w:sdt>{properties}<w:sdtContent>{content}</w:sdtContent></w:sdt>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (gallery("Table of Contents", p("one")) + p("two"), ["two"]),
        (gallery("Table of Contents", p("one")) + gallery("Cover Pages", p("two")), ["two"]),
        (gallery("Cover Pages", p("one") + gallery("Table of Contents", p("two")) + p("three")), ["one", "three"]),
        ("<w:sdt><w:sdtPr/><w:sdtContent>" + p("one") + "</w:sdtContent></w:sdt>", ["one"]),
        (
            f"<w:p><w:r><mc:AlternateContent><mc:Fallback>{gallery('Table of Contents')}</mc:Fallback>"
            f"</mc:AlternateContent></w:r></w:p><w:sdt><w:sdtContent>{p('one')}</w:sdtContent></w:sdt>",
            ["one"],
        ),
    ],
)
def test_a_control_is_read_unless_it_holds_the_table_of_contents(body: str, expected: list[str]) -> None:
    """What a control says itself decides, not another control before it or inside it."""
    assert words(read("draft.docx", docx(body))) == expected


def test_items_of_one_list_share_a_group() -> None:
    """An inner list has a group of its own, and after a paragraph or with another numbering a new list begins."""

    def item(level: int, numbering: int) -> str:
        return p("x", f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{numbering}"/></w:numPr>')

    body = item(0, 1) + item(1, 1) + item(1, 1) + item(0, 1) + item(0, 2) + p("text") + item(0, 2) + p("") + item(0, 2)
    groups = [block.group for block in read("draft.docx", docx(body)).blocks]
    assert groups[0] == groups[3]
    assert groups[1] == groups[2]
    assert groups[5] == 0
    assert groups[6] == groups[7]
    assert len(set(groups)) == 5


def test_cells_of_a_row_share_a_group_and_know_their_place() -> None:
    """All paragraphs of a row belong together, lists among them; tables inside cells have rows of their own."""
    item = p("three", '<w:numPr><w:numId w:val="1"/></w:numPr>')
    inner = f"<w:tbl><w:tr><w:tc>{p('inner')}</w:tc></w:tr></w:tbl>"
    wide = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{p("one")}{p("two")}</w:tc>'
    body = f"<w:tbl><w:tr>{wide}<w:tc>{item}</w:tc></w:tr><w:tr><w:tc>{p('four')}{inner}</w:tc></w:tr></w:tbl>"
    document = read("draft.docx", docx(body))
    assert [block.kind for block in document.blocks] == ["table-cell"] * 5
    groups = [block.group for block in document.blocks]
    assert groups[0] == groups[1] == groups[2] != groups[3] != groups[4]
    assert [document.source.place(block.span.start) for block in document.blocks] == [
        "table 1, row 1, column 1", "table 1, row 1, column 1", "table 1, row 1, column 3", "table 1, row 2, column 1",
        "table 1, row 2, column 1, table 2, row 1, column 1",
    ]  # fmt: skip


LINK = '<Relationship Id="r1" Type="http://x/hyperlink" Target="https://a.example/t" TargetMode="External"/>'


def field(instruction: str) -> str:
    begin, separate, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    return f"<w:p>{begin}<w:r><w:instrText>{instruction}</w:instrText></w:r>{separate}{t('the trial')}{end}</w:p>"


@pytest.mark.parametrize(
    ("body", "target"),
    [
        (f'<w:p><w:hyperlink r:id="r1">{t("the trial")}</w:hyperlink></w:p>', "https://a.example/t"),
        (f'<w:p><w:hyperlink w:anchor="refs">{t("the trial")}</w:hyperlink></w:p>', "#refs"),
        (f'<w:p><w:hyperlink r:id="r1" w:anchor="p2">{t("the trial")}</w:hyperlink></w:p>', "https://a.example/t#p2"),
        (field(' HYPERLINK "https://a.example/t" '), "https://a.example/t"),
        (field(' HYPERLINK "https://a.example/t" \\l "p2" '), "https://a.example/t#p2"),
        (field(' HYPERLINK \\l "refs" '), "#refs"),
        (field(" HYPERLINK https://a.example/t "), "https://a.example/t"),
        (f'<w:p><w:fldSimple w:instr=" HYPERLINK &quot;x&quot;">{t("the trial")}</w:fldSimple></w:p>', "x"),
        (f'<w:p><w:hyperlink r:id="missing">{t("the trial")}</w:hyperlink></w:p>', None),
        (field(" REF refs "), None),
        (field(" HYPERLINK "), None),
    ],
)
def test_links_are_marks(body: str, target: str | None) -> None:
    """A link by relation, by anchor or by field marks the words that lead there."""
    [block] = read("draft.docx", docx(body, related=LINK)).blocks
    assert [(mark.kind, mark.span, mark.target) for mark in block.marks] == (
        [("link", (0, 9), target)] if target else []
    )


def test_bookmarks_are_anchors() -> None:
    """A link on the page can be followed to its bookmark."""
    assert "refs" in read("draft.docx", docx('<w:bookmarkStart w:name="refs"/>' + p("one"))).anchors


def test_notes_are_sources_where_they_are_referred_to() -> None:
    """A note is read once something refers to it; the marks of both kinds lead to anchors of their own."""
    body = (
        "<w:p>" + t("one") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + t(" two") + '<w:r><w:endnoteReference w:id="2"/></w:r>'
        '<w:del><w:r><w:footnoteReference w:id="3"/></w:r></w:del></w:p>'
    )  # fmt: skip
    notes = '<w:footnote w:id="-1">' + p("x") + '</w:footnote><w:footnote w:id="2">' + p("foot") + "</w:footnote>"
    notes += '<w:footnote w:id="3">' + p("x") + "</w:footnote>"
    ends = '<w:endnote w:id="2">' + p("end") + "</w:endnote>"
    document = read("draft.docx", docx(body, footnotes=story("footnotes", notes), endnotes=story("endnotes", ends)))
    assert words(document) == ["one two", "foot", "end"]
    marks = document.blocks[0].marks
    assert [(mark.kind, mark.span) for mark in marks] == [("footnote", (3, 3)), ("footnote", (7, 7))]
    assert {mark.target for mark in marks} == document.anchors
    assert [document.source.place(block.span.start) for block in document.blocks[1:]] == ["footnote 1", "endnote 1"]


def test_a_footnote_excuses_a_figure(linter: Linter) -> None:
    """A number with a footnote has its source; without one it is flagged."""
    claim = "<w:p>" + t("Nine in ten patients were satisfied.") + "{}</w:p>"
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    notes = story("footnotes", '<w:footnote w:id="2">' + p("Lind, 2021.") + "</w:footnote>")

    def codes(body: str) -> set[str]:
        return {each.code for each in linter.lint(read("draft.docx", docx(body, footnotes=notes))).findings}

    assert "STA002" in codes(claim.format(""))
    assert "STA002" not in codes(claim.format(reference))


def margins(section: str, **settings: str) -> Document:
    related = "".join(
        f'<Relationship Id="{name}" Type="http://x/header" Target="{name}.xml"/>'
        for name in ("default", "first", "even")
    )
    files = dict.fromkeys(("default", "first", "even"), "")
    data = docx(p("one") + f"<w:sectPr>{section}</w:sectPr>", related=related, **settings)
    with ZipFile(BytesIO(data)) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    return read("draft.docx", zipped(parts | {f"word/{name}.xml": story("hdr", p(name)) for name in files}))


@pytest.mark.parametrize(
    ("section", "settings", "expected"),
    [
        ("", {}, []),
        ('<w:headerReference w:type="default" r:id="default"/>', {}, ["default"]),
        ('<w:footerReference w:type="default" r:id="default"/>' * 2, {}, ["default"]),
        ('<w:headerReference w:type="first" r:id="first"/>', {}, []),
        ('<w:headerReference w:type="first" r:id="first"/><w:titlePg/>', {}, ["first"]),
        ('<w:headerReference w:type="even" r:id="even"/>', {}, []),
        (
            '<w:headerReference w:type="even" r:id="even"/>',
            {"settings": story("settings", "<w:evenAndOddHeaders/>")},
            ["even"],
        ),
        ('<w:headerReference w:type="default" r:id="missing"/>', {}, []),
    ],
)
def test_headers_and_footers_that_are_printed(section: str, settings: dict[str, str], expected: list[str]) -> None:
    """Word keeps those of a first page and of even pages that are switched off; nobody sees them."""
    assert words(margins(section, **settings)) == ["one", *expected]


COMMENTS = story("comments", '<w:comment w:id="7">' + p("medlint: ignore[CUR001]") + p("a reason") + "</w:comment>")


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (p("one") + f'<w:p>{t("two")}<w:commentRangeStart w:id="7"/>{t("x")}<w:commentRangeEnd w:id="7"/></w:p>' + p("three"), 2),
        (p("one") + f'<w:p><w:commentRangeStart w:id="7"/>{t("two")}</w:p>' + p("three"), 2),
        (p("one") + '<w:commentRangeStart w:id="7"/>' + p("two") + p("three"), 2),
        (p("one") + f'<w:p>{t("two")}<w:r><w:commentReference w:id="7"/></w:r></w:p>' + p("three"), 2),
        (p("one") + '<w:p><w:commentRangeStart w:id="7"/></w:p>' + p("two") + p("three"), 2),
        (p("one") + p("two") + '<w:p><w:commentRangeStart w:id="7"/></w:p>', 2),
        (p("one") + p("two"), None),
    ],
)  # fmt: skip
def test_a_comment_belongs_to_the_paragraph_where_it_starts(body: str, line: int | None) -> None:
    """The comment is no copy, and stands at its paragraph, or else at the next."""
    document = read("draft.docx", docx(body, comments=COMMENTS))
    assert "medlint" not in document.source.text
    assert [document.source.position(comment.span.start).line for comment in document.comments] == (
        [line] if line else []
    )
    assert all(comment.text.split() == ["medlint:", "ignore[CUR001]", "a", "reason"] for comment in document.comments)


def test_strict_documents_and_other_names_of_parts() -> None:
    """The standard's strict form has other namespaces, and the main part may have any name."""
    strict = "http://purl.oclc.org/ooxml"
    body = f'<w:document xmlns:w="{strict}/wordprocessingml/main"><w:body><w:p><w:r><w:t>one</w:t></w:r></w:p></w:body></w:document>'
    rels = relations(
        f'<Relationship Id="x" Type="{strict}/officeDocument/relationships/officeDocument" Target="/word/document2.xml"/>'
    )
    assert words(read("draft.docx", zipped({"_rels/.rels": rels, "word/document2.xml": body}))) == ["one"]


# OpenDocument ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<text:p>one</text:p><text:p/><text:p>two</text:p>", ["one", "two"]),
        ("<text:p>one<text:s text:c='3'/>two<text:tab/>three<text:line-break/>four</text:p>", ["one two three four"]),
        ("<text:p>im<text:span>mune</text:span></text:p>", ["immune"]),
        ("<text:p>one<text:ruby><text:ruby-base>two</text:ruby-base><text:ruby-text>x</text:ruby-text></text:ruby></text:p>", ["onetwo"]),
        ("<text:section text:display='none'><text:p>x</text:p></text:section><text:p>one</text:p>", ["one"]),
        ("<text:table-of-content><text:p>x</text:p></text:table-of-content><text:p>one</text:p>", ["one"]),
        ("<text:p>one<office:annotation><text:p>x</text:p></office:annotation> two</text:p>", ["one two"]),
        (
            "<text:p>one<draw:frame>\n<draw:text-box>\n<text:p>box</text:p></draw:text-box><svg:title>title</svg:title>"
            "<svg:desc>alt</svg:desc></draw:frame> two</text:p>",
            ["one two", "box", "title", "alt"],
        ),
        ("<text:p>one<draw:frame text:anchor-type='as-char'/>two</text:p>", ["one two"]),
        ("<text:h text:outline-level='x'>one</text:h>", ["one"]),
    ],
)  # fmt: skip
def test_what_is_copy_in_an_open_document(body: str, expected: list[str]) -> None:
    """What would be printed is copy, and nothing else."""
    assert words(read("draft.odt", odt(f"<office:body><office:text>{body}</office:text></office:body>"))) == expected


def test_repeated_and_covered_cells_are_counted() -> None:
    """The place of a cell counts the columns before it."""
    row = (
        "<table:table-row><table:table-cell table:number-columns-repeated='2'/><table:covered-table-cell/>"
        "<table:table-cell><text:list><text:list-item><text:p>one</text:p></text:list-item></text:list></table:table-cell>"
        "</table:table-row>"
    )
    document = read(
        "draft.odt", odt(f"<office:body><office:text><table:table>{row}</table:table></office:text></office:body>")
    )
    assert [(block.kind, block.group > 0) for block in document.blocks] == [("table-cell", True)]
    assert document.source.places == ("table 1, row 1, column 4",)


# What is refused -------------------------------------------------------------------------------------------------------

BOMB = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
BODY = story("document", "<w:body>" + p("one") + "</w:body>")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a Word document: no whole zip archive"),
        (b"one two", "not a Word document: no whole zip archive"),
        (docx(p("one"))[:-40], "not a Word document: no whole zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "an old Office file, or one with a password"),
        (zipped({}), "the archive holds no word/document.xml"),
        (zipped({"content.xml": "<x/>"}), "the archive holds no word/document.xml"),
        (zipped({"word/document.xml": "<x/>"}), "its main part is no text"),
        (zipped({"word/document.xml": "<workbook/>"}), "its main part is no text (workbook)"),
        (zipped({"word/document.xml": ""}), "broken word/document.xml: no element found"),
        (zipped({"word/document.xml": BODY[:-9]}), "broken word/document.xml"),
        (zipped({"word/document.xml": "<a></b>"}), "its main part is no text"),
        (
            zipped({"word/document.xml": b'<?xml version="1.0" encoding="none-such"?>' + BODY.encode()}),
            "broken word/document.xml",
        ),
        (
            zipped({"word/document.xml": BOMB + BODY.replace("one", "&b;")}),
            "word/document.xml declares a document type",
        ),
        (
            zipped({"word/document.xml": OUTSIDE + BODY.replace("one", "&a;")}),
            "word/document.xml declares a document type",
        ),
        (zipped({"word/document.xml": (BOMB + BODY).encode("utf-16")}), "word/document.xml declares a document type"),
        (docx(p("one"), styles="<!DOCTYPE x><x/>"), "word/styles.xml declares a document type"),
        (docx(p("one"), comments="<x"), "broken word/comments.xml"),
        (zipped({"word/document.xml": b" " * (MOST_BYTES + 1)}), "too large: word/document.xml inflates to 64 MB"),
        (docx(p("one"), styles=" " * (MOST_BYTES - 100)), "too large: word/"),
    ],
)
def test_a_broken_or_hostile_word_document_is_refused(data: bytes, message: str) -> None:
    """The message says what was found, in which part, and what to do."""
    said = refusal("draft.docx", data)
    assert message in said
    assert ";" in said


def test_an_archive_that_lies_about_its_sizes_is_refused() -> None:
    """No more is inflated than the archive says, and what then fails to fit is an error."""
    data = bytearray(zipped({"word/document.xml": BODY.replace("one", "x" * 100_000)}))
    central = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, central + 24, 500)
    assert "broken" in refusal("draft.docx", bytes(data))


def test_an_encrypted_archive_is_refused() -> None:
    """A part that needs a password is no crash."""
    data = bytearray(zipped({"word/document.xml": BODY}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "cannot be unpacked" in refusal("draft.docx", bytes(data))


def test_an_unknown_compression_is_refused() -> None:
    """A part that this machine cannot unpack is no crash."""
    data = bytearray(zipped({"word/document.xml": BODY}))
    central = data.index(b"PK\x01\x02")
    struct.pack_into("<H", data, 8, 99)
    struct.pack_into("<H", data, central + 10, 99)
    assert "cannot be unpacked" in refusal("draft.docx", bytes(data))


def test_depth_costs_nothing() -> None:
    """Elements nested without end are read as any others."""
    deep = 20_000
    assert words(read("draft.docx", docx("<w:tbl><w:tr><w:tc>" * 300 + p("one") + "</w:tc></w:tr></w:tbl>" * 300))) == [
        "one"
    ]
    assert words(read("draft.docx", docx("<w:ins>" * deep + p("one") + "</w:ins>" * deep))) == ["one"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"one two", "not an OpenDocument text: no whole zip archive"),
        (docx(p("one")), "not an OpenDocument text: the archive holds no content.xml"),
        (odt("<office:body><office:spreadsheet/></office:body>"), "it is a spreadsheet"),
        (odt("", **{"META-INF__manifest": f"<manifest:x {ODF}><manifest:encryption-data/></manifest:x>"}), "encrypted"),
        (zipped({"content.xml": OUTSIDE + "<x>&a;</x>"}), "content.xml declares a document type"),
    ],
)
def test_a_broken_or_hostile_open_document_is_refused(data: bytes, message: str) -> None:
    """The message says what was found, and what was expected."""
    assert message in refusal("draft.odt", data)


LEAVES = st.sampled_from([
    t("calm skin"), t(" "), t("x", "<w:vanish/>"), t("1", '<w:vertAlign w:val="superscript"/>'), "<w:r><w:br/></w:r>",
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>', '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>', "<w:r><w:instrText>HYPERLINK x</w:instrText></w:r>",
    '<w:commentRangeStart w:id="7"/>', '<w:r><w:footnoteReference w:id="2"/></w:r>', "<w:numId w:val='1'/>",
    '<w:pPr><w:numPr><w:ilvl w:val="3"/><w:numId w:val="1"/></w:numPr></w:pPr>', "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>",
    "<w:pPr><w:outlineLvl w:val='3'/></w:pPr>", '<wp:docPr descr="alt"/>', "<w:sectPr/>", "<w:vanish/>", "calm",
])  # fmt: skip
TAGS = st.sampled_from(
    [
        "w:p",
        "w:p",
        "w:p",
        "w:r",
        "w:t",
        "w:tbl",
        "w:tr",
        "w:tc",
        "w:txbxContent",
        "w:hyperlink",
        "w:del",
        "w:pPr",
        "w:fldSimple",
    ]
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.tuples(TAGS, st.lists(inner, max_size=5)).map(
        lambda node: f"<{node[0]}>{''.join(node[1])}</{node[0]}>"
    ),
    max_leaves=30,
)


@settings(max_examples=300)
@given(trees=st.lists(TREES, max_size=4))
def test_any_tree_of_elements_is_read(trees: list[str]) -> None:
    """Elements in places where Word never writes them crash nothing, and every place holds."""
    read("draft.docx", docx("".join(trees), comments=COMMENTS))


ODF_TAGS = st.sampled_from(
    ["text:p", "text:p", "text:h", "text:span", "text:a", "text:list", "text:note", "table:table", "table:table-row",
     "table:table-cell", "draw:frame", "draw:text-box", "office:annotation", "svg:desc", "style:header"]
)  # fmt: skip
ODF_TREES = st.recursive(
    st.sampled_from(["calm", " ", "<text:s/>", "<text:bookmark text:name='x'/>", "<text:p>skin</text:p>"]),
    lambda inner: st.tuples(ODF_TAGS, st.lists(inner, max_size=5)).map(
        lambda node: f"<{node[0]}>{''.join(node[1])}</{node[0]}>"
    ),
    max_leaves=30,
)


@settings(max_examples=300)
@given(trees=st.lists(ODF_TREES, max_size=4))
def test_any_tree_of_open_document_elements_is_read(trees: list[str]) -> None:
    """The same for OpenDocument."""
    read("draft.odt", odt("".join(trees)))


@settings(max_examples=100)
@given(
    name=st.sampled_from(["libreoffice.docx", "libreoffice.odt"]), at=st.integers(0, 20_000), junk=st.binary(max_size=8)
)
def test_a_damaged_file_is_read_or_refused(name: str, at: int, junk: bytes) -> None:
    """Bytes that went wrong are an error with a message or make no difference."""
    data = (SAMPLES / name).read_bytes()
    damaged = data[:at] + junk + data[at + len(junk) :]
    try:
        read(name, damaged)
    except ReadError as error:
        assert str(error)
