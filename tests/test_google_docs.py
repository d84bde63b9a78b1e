"""A draft in Google Docs is the same draft in every format that it can be downloaded in.

The samples are written by hand as the exports are: Markdown with its escapes, a page of spans and numbered classes, and
Word with the parts and wrappers that Google writes, and without the styles that other ways out of it lose.
"""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import pytest

from medlint.document import Document
from medlint.folding import fold
from medlint.linter import Linter
from medlint.readers import ReadError, format_for, read_document
from medlint.rule import Rulebook
from test_readers_office import SAMPLES, docx, story
from test_readers_properties import assert_leads_back

FOLDER = SAMPLES / "google-docs"


def run(text: str, properties: str = "") -> str:
    """A run of text as Google writes it."""
    return (
        f'<w:r w:rsidDel="00000000" w:rsidR="00000000" w:rsidRPr="00000000"><w:rPr>{properties}<w:rtl w:val="0"/></w:rPr>'
        f'<w:t xml:space="preserve">{text}</w:t></w:r>'
    )


def paragraph(*runs: str, properties: str = "") -> str:
    """A paragraph as Google writes it."""
    return (
        f'<w:p w:rsidR="00000000" w:rsidDel="00000000" w:rsidP="00000000" w:rsidRDefault="00000000"><w:pPr>{properties}'
        f"<w:rPr/></w:pPr>{''.join(runs)}</w:p>"
    )


def heading(style: str, anchor: str, text: str) -> str:
    bookmark = f'<w:bookmarkStart w:colFirst="0" w:colLast="0" w:name="{anchor}" w:id="0"/><w:bookmarkEnd w:id="0"/>'
    return paragraph(bookmark, run(text, "<w:b/>"), properties=f'<w:pStyle w:val="{style}"/>')


def item(number: int, level: int, text: str) -> str:
    numbering = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return paragraph(run(text), properties=numbering)


def entry(anchor: str, text: str, page: int) -> str:
    """A line of a table of contents."""
    return paragraph(
        f'<w:hyperlink w:anchor="{anchor}">{run(text)}</w:hyperlink><w:r><w:tab/></w:r>'
        f'<w:r><w:fldChar w:fldCharType="begin"/><w:instrText xml:space="preserve"> PAGEREF {anchor} \\h </w:instrText>'
        f'<w:fldChar w:fldCharType="separate"/></w:r>{run(str(page))}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def control(content: str, properties: str) -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def table(*rows: tuple[str, ...]) -> str:
    written = "".join(f"<w:tr>{''.join(f'<w:tc>{paragraph(run(cell))}</w:tc>' for cell in row)}</w:tr>" for row in rows)
    return f'<w:tbl><w:tblPr><w:tblStyle w:val="Table1"/></w:tblPr>{written}</w:tbl>'


CONTENTS = control(
    entry("_gx4f2l6s1", "What we offer", 1) + entry("_p0w7yb3dn", "2. Our prices - and results", 2),
    '<w:id w:val="-1"/><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique w:val="1"/></w:docPartObj>',
)
COMMENTED = control('<w:commentRangeStart w:id="0"/>', '<w:tag w:val="goog_rdk_0"/>')
COMMENT_END = '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
SUGGESTED = control(
    '<w:ins w:author="A" w:id="1" w:date="2026-01-01T00:00:00Z">' + run(" gentle!") + "</w:ins>"
    '<w:del w:author="A" w:id="1" w:date="2026-01-01T00:00:00Z"><w:r><w:delText> cures all</w:delText></w:r></w:del>',
    '<w:tag w:val="goog_rdk_1"/>',
)
PICTURE = '<w:r><w:drawing><wp:inline><wp:docPr descr="Botox cures depression" id="1" name="image1.png"/></wp:inline></w:drawing></w:r>'
NOTE = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:customMarkFollows="0" w:id="0"/></w:r>'
BODY = "".join(
    (
        heading("Title", "_8m2tq1v0c4ab", "Spring at the clinic"),
        CONTENTS,
        heading("Heading1", "_gx4f2l6s1", "What we offer"),
        paragraph(
            run("Our non-surgical in"), run("fusion "), COMMENTED, run("cures", "<w:b/>"), run(" "), run("migraine", "<w:i/>"),
            run(" in adults"), COMMENT_END, run(". It is 100% safe +"), SUGGESTED, "<w:r><w:br/></w:r>",
            run("We are the #1 clinic in London [since 2019]."),
        ),
        paragraph(),
        item(1, 0, "The laser hides eliminates rosacea."),
        item(1, 0, "Our peel is completely risk-free."),
        item(1, 1, "Ask for a &lt;patch test&gt;."),
        item(1, 0, "5 * 3 minutes, and no side effects."),
        item(2, 0, "Results are guaranteed."),
        item(2, 1, "You no longer need your insulin."),
        item(3, 0, "Bring your card."),
        heading("Heading2", "_p0w7yb3dn", "2. Our prices - and results"),
        table(("Treatment", "What it does"), ("Peel", "Skin heals twice as fast."), ("Drip", "It prevents cancer!")),
        paragraph(PICTURE),
        paragraph(
            run("1) Nine in ten patients were free of pain."), NOTE, run(" See "),
            f'<w:hyperlink r:id="trial">{run("the_trial")}</w:hyperlink>', run("."),
        ),
        paragraph(run("It reverses diabetes."), properties='<w:ind w:left="720" w:firstLine="0"/>'),
    )
)  # fmt: skip
LINK = (
    '<Relationship Id="trial" Type="http://x/hyperlink" Target="https://example.org/the_trial" TargetMode="External"/>'
)
PARTS = {
    "footnotes": story("footnotes", f'<w:footnote w:id="0">{paragraph(run(" Lind and Okafor, 2021."))}</w:footnote>'),
    "comments": story("comments", f'<w:comment w:id="0">{paragraph(run("Does it cure cancer, too?"))}</w:comment>'),
}
STYLES = story(
    "styles",
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="normal"/></w:style>'
    + "".join(
        f'<w:style w:type="paragraph" w:styleId="{name.title().replace(" ", "")}"><w:name w:val="{name}"/>'
        '<w:basedOn w:val="Normal"/></w:style>'
        for name in ("heading 1", "heading 2", "Title", "Subtitle")
    ),
)
EXPORTS = {
    "spring.md": (FOLDER / "spring.md").read_bytes(),
    "spring.html": (FOLDER / "spring.html").read_bytes(),
    "spring.docx": docx(BODY, LINK, styles=STYLES, **PARTS),
    "without-styles.docx": docx(re.sub(r"<w:pStyle [^>]*>", "", BODY), LINK, **PARTS),
}
WORDS = [
    "Spring at the clinic",
    "What we offer",
    "Our non-surgical infusion cures migraine in adults. It is 100% safe + gentle! We are the #1 clinic in London [since 2019].",
    "The laser hides eliminates rosacea.",
    "Our peel is completely risk-free.",
    "Ask for a <patch test>.",
    "5 * 3 minutes, and no side effects.",
    "Results are guaranteed.",
    "You no longer need your insulin.",
    "Bring your card.",
    "2. Our prices - and results",
    "Treatment",
    "What it does",
    "Peel",
    "Skin heals twice as fast.",
    "Drip",
    "It prevents cancer!",
    "Botox cures depression",
    "1) Nine in ten patients were free of pain. See the_trial.",
    "It reverses diabetes.",
    "Lind and Okafor, 2021.",
]


def read(name: str) -> Document:
    """The document in an export, its places checked."""
    format = format_for(name)
    assert format
    document = read_document(name, EXPORTS[name], format)
    assert_leads_back(document)
    return document


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_says_what_the_draft_says(name: str) -> None:
    """Escapes, spans and wrappers are gone; comments, deletions and the table of contents are no copy."""
    found = [re.sub(r"\[\d\]", " ", block.prose.text) for block in read(name).blocks]
    assert [" ".join(text.split()) for text in found] == WORDS


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_keeps_its_structure(name: str) -> None:
    """Headings, items and cells are told apart, but for headings where no style says so."""
    kinds = [block.kind for block in read(name).blocks]
    headings = 0 if name == "without-styles.docx" else 3
    assert {kind: kinds.count(kind) for kind in ("heading", "list-item", "table-cell", "alt")} == {
        "heading": headings,
        "list-item": 7,
        "table-cell": 6,
        "alt": 1,
    }
    note = next(block for block in read(name).blocks if "Nine in ten" in block.prose.text)
    assert any(mark.kind == "footnote" or mark.target == "#ftnt1" for mark in note.marks)
    assert any("example.org/the_trial" in mark.target for mark in note.marks)


@pytest.fixture(scope="module")
def linter(rulebook: Rulebook) -> Linter:
    """The bundled rules, ready to lint."""
    return Linter(rulebook.selected(jurisdictions=("us",)))


@pytest.mark.parametrize("name", EXPORTS)
def test_the_same_findings_in_every_export(name: str, linter: Linter) -> None:
    """The same words break the same rules, and the same source excuses the same number."""

    def found(name: str) -> list[tuple[str, str]]:
        return [(each.code, fold(each.text).text) for each in linter.lint(read(name), audit=False).findings]

    assert found(name) == found("spring.md")
    codes = [code for code, _ in found(name)]
    assert {"CUR001", "SAF001", "SAF003", "GUA001", "STA003", "CMP002"} <= set(codes)
    assert "STA002" not in codes  # nine in ten has a footnote


def test_a_zipped_page_has_a_way_out() -> None:
    """A web page comes as an archive, which under its own suffix is unknown and under another is told for what it is."""
    archive = BytesIO()
    with ZipFile(archive, "w") as zipped:
        zipped.writestr("spring.html", EXPORTS["spring.html"])
    assert format_for("spring.zip") is None
    format = format_for("spring.html")
    assert format
    with pytest.raises(ReadError, match="zip archive"):
        read_document("spring.html", archive.getvalue(), format)
