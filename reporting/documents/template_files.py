"""Where the templates of letters and documents lie: the plan's own take the place of those of the release."""

from pathlib import Path

from warehouse.reference.reference_data import plan_folder

TEMPLATES = Path(__file__).parents[1] / "templates"


def template_folders() -> list[Path]:
    """templates/ of the plan, which need not exist, then those of the release: a template is the first of its name."""
    return [plan_folder() / "templates", TEMPLATES]


def template_file(name: str) -> Path:
    """The path of a template. Raises StopIteration for an unknown name."""
    return next(folder / name for folder in template_folders() if (folder / name).exists())
