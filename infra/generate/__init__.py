"""Files that follow from declarations: tables of the docs, page types, dashboards, the picture. May use `infra.build`."""
