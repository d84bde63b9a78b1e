"""Is the claim made, or is it denied, asked, supposed, quoted or reported? Tables of lines with what becomes of it."""

from __future__ import annotations

from textwrap import fill

import pytest

from conftest import LintText

ASSERTED = "asserted"

# The claim is "cures migraine" or a form of it (CUR…); what a reader is told about it is on the right.
PLAIN = [
    ("Our laser cures migraine.", ASSERTED),
    ("Migraine, cured in a week.", ASSERTED),
    ("We can cure your migraine.", ASSERTED),
    ("Migraine is cured by our laser.", ASSERTED),
    ("Migraine can be cured, and this is how.", ASSERTED),
    ("The laser that cured my migraine.", ASSERTED),
    ("A laser, which cures migraine, stands in room two.", ASSERTED),
    ("Curing migraine is what we do.", ASSERTED),
    ("A cure for migraine at last", ASSERTED),
    ("The cure for migraine you have waited for", ASSERTED),
]
NEGATED = [
    ("Our laser does not cure migraine.", "negated"),
    ("Our laser doesn't cure migraine.", "negated"),
    ("Our laser won’t cure your migraine.", "negated"),
    ("Botox is not a cure for migraine.", "negated"),
    ("It isn't a cure for migraine.", "negated"),
    ("There is no cure for migraine.", "negated"),
    ("There is currently no known cure for migraine.", "negated"),
    ("No treatment can cure migraine.", "negated"),
    ("No medicine that we know of cures migraine.", "negated"),
    ("Nobody has yet found a cure for migraine.", "negated"),
    ("No one can cure migraine with a needle.", "negated"),
    ("None of our treatments cures migraine.", "negated"),
    ("Nothing cures migraine.", "negated"),
    ("We have never cured migraine.", "negated"),
    ("We cannot, in honesty, cure migraine.", "negated"),
    ("It does not cure, treat or prevent migraine.", "negated"),
    ("It does not treat, prevent or cure migraine.", "negated"),
    ("Neither drops nor tablets cure migraine.", "negated"),
    ("It is far from a cure for migraine.", "negated"),
    ("It is anything but a cure for migraine.", "negated"),
    ("It eases migraine without curing migraine.", "negated"),
    ("The aim is relief rather than curing migraine.", "negated"),
    ("Splints are unlikely to cure migraine.", "negated"),
    ("It has failed to cure migraine in every trial.", "negated"),
    ("We refuse to call it a cure for migraine.", "reported"),
    ("Doctors deny that it cures migraine.", "negated"),
    ("We do not believe that a splint cures migraine.", "reported"),
    ("Hardly a cure for migraine, but it helps.", "negated"),
    ("Little supports the view that splints cure migraine.", "negated"),
    ("Sadly, no such cure for migraine exists.", "negated"),
    ("There is no such thing as a cure for migraine.", "negated"),
    ("It offers no relief, remission or cure for migraine.", "negated"),
    # the cue stands behind the claim
    ("A cure for migraine has yet to be found.", "negated"),
    ("A cure for migraine does not exist.", "negated"),
    ("A cure for migraine is not possible.", "negated"),
    ("A cure for migraine cannot be promised.", "negated"),
    ("A cure for migraine is unlikely.", "negated"),
    ("A cure for migraine has never been shown.", "negated"),
    ("A cure for migraine remains a dream.", "negated"),
    # the cue leads into it
    ("What this course cannot do: cure migraine.", "negated"),
    ("Not on offer: a cure for migraine.", "negated"),
]
LOOK_ALIKES = [
    ("It does not only ease but cures migraine.", ASSERTED),
    ("Not only a rest for you: it cures migraine.", ASSERTED),
    ("Not just relief: our laser cures migraine.", ASSERTED),
    ("It doesn't merely ease, it cures migraine.", ASSERTED),
    ("No doubt about it, our laser cures migraine.", ASSERTED),
    ("There is no denying that our laser cures migraine.", ASSERTED),
    ("Nobody can deny that our laser cures migraine.", ASSERTED),
    ("No wonder our laser cures migraine.", ASSERTED),
    ("It is no secret that our laser cures migraine.", ASSERTED),
    ("Without question our laser cures migraine.", ASSERTED),
    ("Nothing works better, and it cures migraine.", ASSERTED),
    ("Nothing cures migraine like our laser.", ASSERTED),
    ("Nothing short of a cure for migraine", ASSERTED),
    ("It never fails: it cures migraine.", ASSERTED),
    ("Don't wait, cure your migraine today.", ASSERTED),
    ("You won't believe how fast it cures migraine.", ASSERTED),
    ("Our laser cannot fail to cure migraine.", ASSERTED),
    ("Our laser does not fail to cure migraine.", ASSERTED),
    ("Why not cure your migraine this month?", ASSERTED),
    ("It is not without reason that our laser cures migraine.", ASSERTED),
    ("It is not impossible to cure migraine here.", ASSERTED),
    ("You no longer need tablets: our laser cures migraine.", ASSERTED),
]
SCOPE = [
    ("It is not a pill; it cures migraine.", ASSERTED),
    ("It is not a pill, it cures migraine.", ASSERTED),
    ("It is not a pill – it cures migraine.", ASSERTED),
    ("It is not a pill (it cures migraine).", ASSERTED),
    ("It is not a pill but a laser that cures migraine.", ASSERTED),
    ("It does not hurt, however it cures migraine.", ASSERTED),
    ("No pills: our laser cures migraine.", ASSERTED),
    ("No pills, no needles, our laser cures migraine.", ASSERTED),
    ("No pills, cures migraine or your money back.", ASSERTED),
    ("Without pills, our laser cures migraine.", ASSERTED),
    ("Our laser cures migraine without a single pill.", ASSERTED),
    ("Our laser cures migraine, not just headaches.", ASSERTED),
    ("You do not need tablets because our laser cures migraine.", ASSERTED),
    ("It is not cheap. It cures migraine.", ASSERTED),
    ("It cures migraine. It does not hurt.", ASSERTED),
    ("Tablets do not cure migraine, while our laser cures it.", ASSERTED),
    ("Tablets never cured my migraine, so I came here.", "negated"),
]
QUESTIONS = [
    ("Can migraine be cured?", "question"),
    ("Does it cure migraine?", "question"),
    ("Is there a cure for migraine?", "question"),
    ("Will the laser cure my migraine?", "question"),
    ("Which treatment cures migraine?", "question"),
    ("Who says that it cures migraine?", "question"),
    ("So, does it really cure migraine?", "question"),
    ("## Is it a cure for migraine?", "question"),
    # these put the claim as a fact
    ("Why does our laser cure migraine?", ASSERTED),
    ("How does our laser cure migraine?", ASSERTED),
    ("Did you know that our laser cures migraine?", ASSERTED),
    ("Ready to cure your migraine?", ASSERTED),
    ("Tired of tablets that never cure your migraine?", "negated"),
    ("What if we could cure your migraine?", ASSERTED),
    ("Our laser cures migraine, so why wait?", ASSERTED),
    ("Our laser cures migraine, doesn't it?", ASSERTED),
    # questions with their answers
    ("Is there a cure for migraine? Yes, here.", ASSERTED),
    ("Is there a cure for migraine? No.", "reported"),
    ("Can it cure migraine? Absolutely!", ASSERTED),
    ("Can it cure migraine? Not quite.", "reported"),
    ("Can it cure migraine? We do not know.", "question"),
    ("## Can a laser cure migraine?\n\nYes, it can.", ASSERTED),
    ("## Can a laser cure migraine?\n\nYes. Book today.", ASSERTED),
    ("## Can a laser cure migraine?\n\nNo, it cannot.", "question"),
    ("## Can a laser cure migraine?\n\nYes, some studies point that way, but most do not.", "question"),
    ("## Can a laser cure migraine?\n\nThe trials are small.", "question"),
    ("## Is it safe?\n\nOur laser cures migraine.", ASSERTED),
    ("**Q:** Can a laser cure migraine?\n\n**A:** It depends.", "question"),
]
SUPPOSED = [
    ("If it cures migraine, we will say so.", "hypothetical"),
    ("Ask whether it cures migraine.", "hypothetical"),
    ("Unless it cures migraine we shall stop.", "hypothetical"),
    ("Should it cure your migraine, write to us.", "hypothetical"),
    ("We hope to find a cure for migraine.", "hypothetical"),
    ("We would tell you if it cured migraine.", "hypothetical"),
    ("Were it to cure migraine, you would have read of it.", "hypothetical"),
    ("If you want to cure your migraine, call us.", ASSERTED),
    ("If you live with migraine, our laser cures migraine.", ASSERTED),
    ("If tablets fail, our laser cures migraine.", ASSERTED),
    ("Even if tablets failed, our laser cures migraine.", ASSERTED),
    ("When nothing else helps, our laser cures migraine.", ASSERTED),
]
REPORTED = [
    ("Beware of clinics that promise to cure migraine.", "reported"),
    ("Be wary of anyone who says he cures migraine.", "reported"),
    ("Avoid any clinic that claims to cure migraine.", "reported"),
    ("Walk away from sellers who promise to cure migraine.", "reported"),
    ("Some websites claim that magnets cure migraine.", "reported"),
    ("Influencers say that magnets cure migraine.", "reported"),
    ("You may have read that magnets cure migraine.", "reported"),
    ("You will hear that magnets cure migraine.", "reported"),
    ("We are often asked whether it cures migraine.", "reported"),
    ("Myth: magnets cure migraine.", "reported"),
    ("It is a myth that magnets cure migraine.", "reported"),
    ("The myth that magnets cure migraine is an old one.", "reported"),
    ("A cure for migraine is a myth.", "reported"),
    ("Contrary to the advert, it cures migraine for nobody.", "reported"),
    ("The idea that magnets cure migraine is old.", "reported"),
    ("According to a flyer, turmeric cures migraine.", "reported"),
    ("A rival advertises that it cures migraine.", "reported"),
    ("The regulator fined a clinic for saying that it cures migraine.", "reported"),
    ("An advert that said “cures migraine” was banned.", "reported"),
    ("“Cures migraine!” ran the advert.", "reported"),
    ("'Cures migraine' is a claim we never make.", "reported"),
    ("Magnets cure migraine, or so the advert says.", "reported"),
    ("Researchers are looking for a cure for migraine.", "reported"),
    ("A trial is testing whether it cures migraine.", "reported"),
    ("It would be misleading to say that it cures migraine.", "reported"),
    ("We would love to say that it cures migraine.", "reported"),
    # instructions to staff
    ("We avoid phrases such as cures migraine.", "reported"),
    ("Never say that we cure migraine.", "reported"),
    ("Please do not write that the laser cures migraine.", "reported"),
    ("Delete “cures migraine” from the flyer.", "reported"),
    ("Replace “cures migraine” with “may ease migraine”.", "reported"),
    ("Style guide: “cures migraine” is out.", "reported"),
    # headings and lead-ins
    ("## Myths about migraine\n\nMagnets cure migraine.", "reported"),
    ("## What we do not promise\n\n- to cure migraine\n- to end pain", "reported"),
    ("Words to avoid:\n\n- cures migraine\n- melts fat", "reported"),
    ("| Myth | Fact |\n| --- | --- |\n| Magnets cure migraine | They do nothing |", "reported"),
    # the clinic's own voice after all
    ("Other clinics promise much, but our laser cures migraine.", ASSERTED),
    ("They say it cannot be done. Our laser cures migraine.", ASSERTED),
    ("Patients tell us that our laser cures migraine.", ASSERTED),
    ("We promise that our laser cures migraine.", ASSERTED),
    ("It is true that our laser cures migraine.", ASSERTED),
    ("Our doctors say that the laser cures migraine.", ASSERTED),
    ("Studies show that our laser cures migraine.", ASSERTED),
    ("## Myths\n\nMagnets help.\n\n## Our laser\n\nIt cures migraine.", ASSERTED),
]
HEDGED = [  # a hedge alone excuses no cure: a reader hears the word
    ("Our laser may cure migraine.", ASSERTED),
    ("It could be the cure for your migraine.", ASSERTED),
    ("It often cures migraine.", ASSERTED),
]
TABLE = [*PLAIN, *NEGATED, *LOOK_ALIKES, *SCOPE, *QUESTIONS, *SUPPOSED, *REPORTED, *HEDGED]


@pytest.mark.parametrize(("line", "assertion"), TABLE, ids=[line for line, _ in TABLE])
def test_assertion(lint_text: LintText, line: str, assertion: str) -> None:
    """A claim stands unless the clause it is in, or what stands over it, takes it back; the audit names the reason."""
    lint = lint_text(line, "x.md", ("CUR",))
    assert bool(lint.findings) == (assertion == ASSERTED)
    assert assertion == ASSERTED or assertion in {excused.reason for excused in lint.excused}


@pytest.mark.parametrize(
    ("line", "is_reported"),
    [
        ("Acupuncture relieves the back pain that pills could not touch.", True),
        ("Acupuncture relieves back pain, whatever your doctor may have told you.", True),
        ("Acupuncture relieves back pain, however long you may have had it.", True),
        ("Acupuncture may relieve the back pain that pills left behind.", False),
        ("Acupuncture relieves back pain, however it may not work for everyone.", False),
        ("Acupuncture relieves back pain, though it may take several visits.", False),
        ("Acupuncture relieves back pain in some people.", False),
    ],
)
def test_a_hedge_in_an_aside_is_none_of_the_claim(lint_text: LintText, line: str, is_reported: bool) -> None:
    """A relative clause hedges what it speaks of; a clause that comes after the claim and limits it hedges the claim."""
    assert bool(lint_text(line, "x.md", ("EFF",)).findings) == is_reported


BLOCK_KINDS = {
    "paragraph": ("x.md", "{}"),
    "heading": ("x.md", "## {}"),
    "item": ("x.md", "- {}\n- Parking is free."),
    "numbered item": ("x.md", "1. {}\n2. Parking is free."),
    "cell": ("x.md", "| Note |\n| --- |\n| {} |"),
    "quote": ("x.md", "> {}"),
    "footnote": ("x.md", "See below.[^1]\n\n[^1]: {}"),
    "link text": ("x.md", "[{}](/botox)"),
    "front matter": ("x.md", "---\ntitle: Botox\ndescription: '{}'\n---\n\nCall us."),
    "html paragraph": ("x.html", "<p>{}</p>"),
    "html heading": ("x.html", "<h1>{}</h1>"),
    "html cell": ("x.html", "<table><tr><td>{}</td></tr></table>"),
    "html link": ("x.html", '<p><a href="/botox">{}</a></p>'),
    "button": ("x.html", "<button>{}</button>"),
    "title": ("x.html", "<title>{}</title>"),
    "alt": ("x.html", '<img src="a.png" alt="{}">'),
    "label": ("x.html", '<div aria-label="{}"></div>'),
    "description": ("x.html", '<meta name="description" content="{}">'),
    "text": ("x.txt", "{}"),
}
HALF_DENIED = {
    "semicolon": "Botox is not a cure for gout; it cures migraine.",
    "comma": "Botox is not a cure for gout, it cures migraine.",
    "but": "Botox is not a cure for gout but cures migraine.",
    "stop": "Botox is not a cure for gout. It cures migraine.",
    "dash": "Botox is not a cure for gout – it cures migraine.",
}


@pytest.mark.parametrize("line", HALF_DENIED.values(), ids=HALF_DENIED)
@pytest.mark.parametrize(("name", "form"), BLOCK_KINDS.values(), ids=BLOCK_KINDS)
def test_only_the_claim_is_reported_in_every_block(lint_text: LintText, name: str, form: str, line: str) -> None:
    """Of "X is not a cure; it cures Y" the first half is excused and the second reported, wherever it stands."""
    lint = lint_text(form.format(line), name, ("CUR001",))
    assert [finding.text for finding in lint.findings] == ["cures migraine"]
    assert [(excused.text, excused.reason) for excused in lint.excused] == [("cure for gout", "negated")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.md", "Botox is **not** a cure for gout; it **cures** migraine."),
        ("x.md", "Botox is *n*ot a cure for gout; it *c*ures migraine."),
        ("x.md", "Botox is [not a cure](/a) for gout; it [cures](/b) migraine."),
        ("x.html", "<p>Botox is <b>not</b> a cure for gout; it <b>cures</b>&nbsp;migraine.</p>"),
        ("x.html", "<p>Botox is n<i>o</i>t a cure for gout;<br>it cures <span>mig&shy;raine</span>.</p>"),
    ],
)
def test_markup_inside_the_line_changes_nothing(lint_text: LintText, name: str, text: str) -> None:
    """Neither cue nor claim is lost to bold, links, entities and breaks."""
    assert len(lint_text(text, name, ("CUR001",)).findings) == 1
    assert [excused.reason for excused in lint_text(text, name, ("CUR001",)).excused] == ["negated"]


@pytest.mark.parametrize(("prefix", "name"), [("", "x.txt"), ("", "x.md"), ("> ", "x.md"), ("  ", "x.html")])
@pytest.mark.parametrize("width", [20, 40, 72])
def test_wrapping_changes_nothing(lint_text: LintText, prefix: str, name: str, width: int) -> None:
    """The same line wrapped gives the same finding."""
    line = (
        "As every leaflet says, Botox is not a cure for gout at all, so much is sure; in our hands it cures migraine."
    )
    wrapped = fill(line, width, initial_indent=prefix, subsequent_indent=prefix)
    lint = lint_text(wrapped, name, ("CUR001",))
    assert ["".join(finding.text.split()) for finding in lint.findings] == ["curesmigraine"]
    assert [excused.reason for excused in lint.excused] == ["negated"]


def test_an_endless_denial_reaches_no_further_than_its_piece(lint_text: LintText) -> None:
    """Every claim of an endless sentence is found."""
    lint = lint_text("no side effects, " * 300, "x.txt", ("SAF",))
    assert len(lint.findings) == 300
