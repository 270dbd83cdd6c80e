"""Formulas without state: drift between histograms, intervals, measures of a model.

May use contract.
"""
