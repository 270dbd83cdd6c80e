"""Files that follow from declarations: the docs' tables, page types, dashboards, the picture. May use `infra.build`."""
