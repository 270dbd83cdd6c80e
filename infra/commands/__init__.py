"""One module for each make target that acts on a stack. They may use `infra.stacks` and `infra.build`."""
