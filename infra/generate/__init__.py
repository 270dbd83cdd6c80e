"""Files that follow from declarations: README tables, page types, dashboards, the picture. May use `infra.build`."""
