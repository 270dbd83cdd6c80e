"""What code imports, as it says itself."""

import ast


def imported(tree: ast.AST) -> set[str]:
    """The modules of every import below a node, but for those that only type checkers follow."""
    found: set[str] = set()
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)):
            found |= imported(node)
    return found
