"""XML that every parser takes: what XML cannot hold is spelled out, as on a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree

from medlint.reports.terminal import visible

Element = ElementTree.Element


def child(parent: Element, tag: str, attributes: Mapping[str, str | int]) -> Element:
    """A new element at the end of another."""
    return ElementTree.SubElement(parent, tag, {name: visible(str(value)) for name, value in attributes.items()})


def document(root: Element) -> str:
    """The element as a document, indented."""
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'
