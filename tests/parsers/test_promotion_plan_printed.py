"""Text of a plan is data: signs that mean something to Markdown or HTML mean nothing in a document."""

import shutil
from datetime import datetime
from pathlib import Path

from markdown_it import MarkdownIt

from bbws_readiness.pipeline import assess_project
from bbws_readiness.render.documents import render_documents

SHIPMENTS = Path(__file__).parents[1] / "rules/projects/shipments"
HOSTILE = "<img src=x> | `code` [press](https://acme.invalid) <!-- **bold**"


def test_text_of_a_plan_is_data_in_every_document(tmp_path: Path) -> None:
    root = tmp_path / "3_1_acme_shipments_schemas"
    shutil.copytree(SHIPMENTS, root)
    plan = root / "promotions/11_shipments_schemas_promotion.md"
    text = plan.read_text()
    for old in ("shipping-data@acme.test", "READY FOR REVIEW", "invoice_lambda (Wave 2)"):
        assert old in text
        text = text.replace(old, HOSTILE.replace("|", "\\|") if "@" in old else HOSTILE)
    plan.write_text(text)
    documents = render_documents(assess_project(root, "sit", as_of=datetime(2026, 3, 4, 9)))
    parser = MarkdownIt("commonmark").enable("table")
    shown = 0
    for document in documents:
        for token in (one for block in parser.parse(document.text) for one in [block, *(block.children or ())]):
            shown += "img src" in token.content and not token.children
            assert "acme.invalid" not in str(token.attrGet("href")), token
            assert not (token.type.startswith("html") and "img" in token.content), token
    assert shown
