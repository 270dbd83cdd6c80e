"""Job Change: everything the functions share. Functions call use cases; use cases know the contract and the store."""
