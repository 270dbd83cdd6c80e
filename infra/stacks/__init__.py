"""What a stack is and where it runs: embedded, LocalStack, AWS. May use `infra.build`."""
