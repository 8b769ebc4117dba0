"""Trained networks on disk and in memory: one ONNX file that carries its own card."""
