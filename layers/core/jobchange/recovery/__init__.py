"""Putting things right afterwards: replaying files, erasing candidates. Stands above quality, scoring and training."""
