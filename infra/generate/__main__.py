"""Write every generated file: `make generate`."""

from infra.build import requirements
from infra.generate import architecture, boards, dashboards, page_types, scored_tables, tables

if __name__ == "__main__":
    # Dashboards and tables are in the template, which the picture is drawn from.
    for module in (dashboards, boards, scored_tables, architecture, page_types, tables, requirements):
        for path, text in module.generated():
            path.write_text(text, encoding="utf-8")
