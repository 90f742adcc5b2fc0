"""Answers, notes and summaries -> JSON, terminal text, HTML: the only way out for text of notes and models."""
