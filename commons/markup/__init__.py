"""Markdown to safe HTML: the only package that marks anything safe."""
