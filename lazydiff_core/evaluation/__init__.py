"""Quality: judge, scores, reports, studies."""
