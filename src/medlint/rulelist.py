"""Lists of rules: a line each for people, or JSON (version 1) for programs.

version   1
rules     in order of their codes; each holds what `explain` shows but its phrases:
    code, name, category, tier         tier is "default" or "pedantic" (off unless asked for)
    severity                           by jurisdiction; "default" for the rest
    jurisdictions                      where the rule holds; empty: everywhere
    message, why, instead              {match} in the message stands for the claim's words
    excused_by, softened_by            in words
    sources, precedent                 cite, url and jurisdiction ("" when not known),
                                       checked (false: not read at its source)
    bad, good, todo_bad, todo_good     its examples; "todo" are its known weaknesses
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from medlint.explanation import grounds
from medlint.finding import Citation
from medlint.rule import Rule


def rule_lines(rules: Iterable[Rule], jurisdictions: Sequence[str] = ()) -> str:
    """A line per rule: code, category, severity, name, and where it is limited to; severity as in the jurisdictions."""
    return "".join(_line(rule, jurisdictions) for rule in rules)


def _line(rule: Rule, jurisdictions: Sequence[str]) -> str:
    if jurisdictions:
        severities = rule.severity_in(jurisdictions)[0].value
    else:
        severities = "/".join(dict.fromkeys(severity.value for severity in rule.severity.values()))
    limits = ["pedantic"] * (rule.tier == "pedantic")
    if rule.jurisdictions:
        limits.append(f"only in {', '.join(rule.jurisdictions)}")
    limited = f"  ({'; '.join(limits)})" if limits else ""
    return f"{rule.code}  {rule.category:<14} {severities:<14} {rule.name}{limited}\n"


def rules_as_json(rules: Iterable[Rule]) -> str:
    """One JSON object with all rules."""
    content = {"version": 1, "rules": [_rule(rule) for rule in rules]}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "name": rule.name,
        "category": rule.category,
        "tier": rule.tier,
        "severity": {place: severity.value for place, severity in rule.severity.items()},
        "jurisdictions": list(rule.jurisdictions),
        "message": rule.message,
        "why": rule.why,
        "instead": rule.instead,
        "excused_by": list(grounds(rule.excused_by)),
        "softened_by": list(grounds(rule.softened_by)),
        "sources": [_citation(each) for each in rule.sources],
        "precedent": [_citation(each) for each in rule.precedent],
        **{key: list(getattr(rule, key)) for key in ("bad", "good", "todo_bad", "todo_good")},
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "cite": citation.cite,
        "url": citation.url,
        "jurisdiction": citation.jurisdiction,
        "checked": citation.checked,
    }
