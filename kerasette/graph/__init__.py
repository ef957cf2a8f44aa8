"""Graphs of calls on symbolic tensors: how functional models are written down."""
