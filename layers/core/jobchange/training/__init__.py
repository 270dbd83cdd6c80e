"""From labelled candidates to a model that can be registered: read, fit, evaluate, export, describe.

Uses scikit-learn, numpy and onnx only, so that it fits a Lambda function; whoever loads a model checks what it wrote.
"""
