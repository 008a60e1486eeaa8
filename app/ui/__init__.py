"""What all widgets share: theme, icons, translation, messages, small controls."""
