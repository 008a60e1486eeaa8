"""Measures the quality of models: judge, scores, reports, studies with people."""
