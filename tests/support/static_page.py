"""What can be told of a page without a browser: structure, labels, headings, languages, and nothing that runs."""

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Any

from services.portal.language import catalogue

HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_QUOTED = re.compile("\u201c[^\u201d]*\u201d")
_NAMED_BY_THEMSELVES = ("hidden", "submit", "button", "image", "reset")
ERROR_PREFIX = {key: catalogue("texts")["page.error_prefix"][place] for place, key in enumerate(("zh", "en"))}
_TAGS = {"zh": "zh-CN", "en": "en"}


def faults_of(tree: Any, language: str, *, data: Iterable[str] = (), error: bool = False) -> list[str]:
    """What is wrong with a page, a sentence each.

    `data` are texts that people or the law have written: only they may be Chinese on an English page, beside
    what is marked as Chinese. `error` says that the page tells of something wrong.
    """
    return [
        *_of_the_head(tree, language, error),
        *_of_headings(tree),
        *_of_identifiers(tree),
        *_of_controls(tree),
        *_of_what_would_run(tree),
        *(_of_chinese(tree, "".join(data)) if language == "en" else ()),
    ]


def _of_the_head(tree: Any, language: str, error: bool) -> Iterator[str]:
    if tree.get("lang") != _TAGS[language]:
        yield f"lang is {tree.get('lang')}"
    title = " ".join((tree.findtext("head/title") or "").split())
    if not title or title.startswith("-"):
        yield "no title"
    if title.startswith(ERROR_PREFIX[language].strip()) != error:
        yield f"the title of {'an error' if error else 'no error'} is {title!r}"
    summaries = tree.xpath("//main//*[contains(@class, 'govuk-error-summary')][@data-module]")
    if error and not summaries:
        yield "no summary of what is wrong"
    for summary in summaries:
        if summary.xpath("preceding::h1"):
            yield "the summary of what is wrong stands after the heading"


def _of_headings(tree: Any) -> Iterator[str]:
    main = tree.xpath("//main//h1|//main//h2|//main//h3|//main//h4|//main//h5|//main//h6")
    headings = [one for one in main if "govuk-error-summary__title" not in (one.get("class") or "")]
    levels = [int(one.tag[1]) for one in headings]
    if levels.count(1) != 1 or len(tree.xpath("//h1")) != 1:
        yield f"{levels.count(1)} main headings"
    for before, after in itertools.pairwise(levels):
        if after > before + 1:
            yield f"a heading of level {after} follows one of level {before}"
    for heading in headings:
        if not heading.text_content().strip():
            yield "an empty heading"


def _of_identifiers(tree: Any) -> Iterator[str]:
    identifiers = tree.xpath("//@id")
    for one in sorted({one for one in identifiers if identifiers.count(one) > 1}):
        yield f"the id {one} stands twice"
    for name in ("aria-labelledby", "aria-describedby", "aria-controls"):
        for reference in tree.xpath(f"//@{name}"):
            for one in set(reference.split()) - set(identifiers):
                yield f"{name} names {one}, which is not there"
    for target in tree.xpath("//a/@href[starts-with(., '#')]"):
        if target != "#" and target[1:] not in identifiers:
            yield f"a link leads to {target}, which is not there"


def _named(element: Any, tree: Any) -> bool:
    if (element.get("aria-label") or "").strip() or element.get("aria-labelledby"):
        return True
    if element.text_content().strip() and element.tag in ("a", "button", "summary"):
        return True
    return any((one.get("alt") or "").strip() for one in element.iter("img"))


def _of_controls(tree: Any) -> Iterator[str]:
    labelled = {one.get("for") for one in tree.iter("label") if one.text_content().strip()}
    for field in tree.xpath("//input|//select|//textarea"):
        if field.get("type") in _NAMED_BY_THEMSELVES or field.get("hidden") is not None:
            continue
        if field.get("id") not in labelled and not _named(field, tree):
            yield f"the field {field.get('name')} has no label"
    for one in tree.xpath("//a|//button|//summary"):
        if not _named(one, tree):
            yield f"nothing to read in {one.tag} {one.get('href') or one.get('name') or ''}"
    for label in tree.xpath("//label"):
        if not label.text_content().strip():
            yield f"the label of {label.get('for')} is empty"
    for image in tree.iter("img"):
        if image.get("alt") is None:
            yield f"the image {image.get('src')} has no alternative text"
    for drawing in tree.iter("svg"):
        if drawing.get("aria-hidden") != "true" and not (
            drawing.get("aria-label") or drawing.get("aria-labelledby")
        ):
            yield "a drawing without words"
    for table in tree.iter("table"):
        if not table.xpath(".//th"):
            yield "a table without headings"
    for frame in tree.xpath("//iframe|//object"):
        if not (frame.get("title") or frame.get("aria-label")):
            yield "a frame without a title"
    for form in tree.xpath("//form[translate(@method, 'POST', 'post')='post']"):
        if not form.xpath(".//input[@name='csrf_token'][string(@value)]"):
            yield f"the form {form.get('action')} has no token"


def _of_what_would_run(tree: Any) -> Iterator[str]:
    for attribute in tree.xpath("//@*"):
        name = attribute.attrname.lower()
        if name == "style" or name.startswith("on"):
            yield f"the attribute {name} of {attribute.getparent().tag}"
        if name in ("href", "src", "action", "formaction", "data") and re.match(
            r"\s*(javascript|data|vbscript):", attribute, re.IGNORECASE
        ):
            yield f"{name} leads to {attribute[:40]}"
    if tree.xpath("//style"):
        yield "styles in the page"
    for script in tree.iter("script"):
        if not script.get("src") and not script.get("nonce"):
            yield f"a script in the page: {(script.text or '')[:40]}"


def _of_chinese(tree: Any, data: str) -> Iterator[str]:
    """Chinese that is neither marked as such nor anybody's data."""
    # What stands in quotation marks is quoted, such as the terms of the control list.
    for node in tree.xpath("//body//text()|//head/title/text()|//@title|//@aria-label|//@alt|//@placeholder"):
        parent = node.getparent()
        if parent is None or parent.xpath("ancestor-or-self::*[@lang='zh-CN'][not(self::html)]"):
            continue
        for found in HAN.findall(_QUOTED.sub("", node)):
            if found not in data:
                yield f"Chinese on an English page: {found} in {' '.join(node.split())[:60]}"
