"""The picture of the architecture is the template's."""

import xml.etree.ElementTree as ET

from infra.build.template import read_template
from infra.generate.architecture import PICTURE, picture, rows


def test_the_picture_is_what_the_template_draws_today() -> None:
    assert PICTURE.read_text(encoding="utf-8") == picture(read_template()), "run: make generate"


def test_the_picture_is_well_formed_and_shows_every_function() -> None:
    template = read_template()
    document = picture(template)

    ET.fromstring(document)
    for row in rows(template):
        assert f">{row.name}</text>" in document
        assert row.started_by
