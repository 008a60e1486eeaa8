"""The window of a pairwise study: two pictures, one question, the keys Left, Right and Down."""
