"""Benchmarks against peers: the tutorial's Keras model on TensorFlow, a bare PyTorch loop, Kneser-Ney, KenLM, PPMd."""
