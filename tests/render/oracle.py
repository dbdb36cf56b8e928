"""What a Markdown reader sees: rendered by markdown-it, read back as tags and visible text."""

from __future__ import annotations

from html.parser import HTMLParser

from markdown_it import MarkdownIt

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


class Seen(HTMLParser):
    """The tags and the visible text of rendered Markdown."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.comments: list[str] = []
        self.cells: list[str] = []
        self.feed(READER.render(text))
        self.close()
        self.text = self.text.strip("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.extend(attrs)
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.cells:
            self.cells[-1] += data.rstrip("\n")

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)
