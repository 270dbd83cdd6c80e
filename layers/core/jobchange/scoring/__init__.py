"""From candidates to probabilities and their explanations, with ONNX Runtime and a registered model."""
