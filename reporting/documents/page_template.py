"""A report as one HTML page that works without a network: styles and charts are inline."""

from pathlib import Path

from jinja2 import FileSystemLoader, TemplateError
from markupsafe import Markup

from reporting.content.recipients import Recipient
from reporting.content.tables import PHASE_REVIEW, Content
from reporting.documents.about import About, TemplateBroken
from reporting.documents.charts import svg
from reporting.documents.template_context import environment, template_context
from reporting.papers.pictures import pictures

PICTURES = {PHASE_REVIEW: ("achievement", "path")}
TEMPLATES = Path(__file__).parents[1] / "templates"


def write_page(content: Content, recipient: Recipient, about: About, templates: Path = TEMPLATES) -> bytes:
    """The page, for one recipient, as UTF-8; the same bytes for the same arguments. Raises TemplateBroken."""
    name = f"{content.kind}.html"
    drawn = [
        {"title": picture.caption_vi, "svg": Markup(svg(picture.name, content))}
        for name in PICTURES[content.kind]
        for picture in pictures(name, content)
    ]
    words = template_context(content, recipient, about)
    jinja = environment(loader=FileSystemLoader(templates), trim_blocks=True, lstrip_blocks=True)
    try:
        return jinja.get_template(name).render(words, charts=drawn).encode()
    except (TemplateError, KeyError) as error:
        raise TemplateBroken(f"{name}: {error}") from error
