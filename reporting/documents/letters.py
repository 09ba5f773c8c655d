"""Letters by e-mail, from templates that an officer can edit: the first line is the subject, the rest the text."""

import re

import jinja2

from reporting.documents.template_files import template_folders


def write_letter(template: str, **words: object) -> tuple[str, str]:
    """Subject and text of a letter, from templates/<template>.txt; several blank lines become one.

    Raises jinja2.TemplateError where the template is wrong or uses an unknown name."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(template_folders()), undefined=jinja2.StrictUndefined
    )
    written = environment.get_template(f"{template}.txt").render(**words)
    subject, _, text = written.partition("\n")
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return subject.strip(), re.sub("\n{3,}", "\n\n", lines) + "\n"
