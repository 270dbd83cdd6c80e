"""What has happened: predictions, files, drift, and how good the model turned out to be. It reads and computes only."""
