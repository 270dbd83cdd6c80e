"""Self-contained pages for people, made from templates beside the code that fills them."""

from collections.abc import Callable
from pathlib import Path

import jinja2


def template(path: Path, **filters: Callable[..., str]) -> jinja2.Template:
    """A template whose values are all escaped, and where a missing one is an error.

    Every template can write a `number` with its thousands apart and a figure `short`, and has its own `filters`.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(path.parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": "{:,}".format, "short": "{:.3g}".format, **filters}
    return environment.get_template(path.name)
