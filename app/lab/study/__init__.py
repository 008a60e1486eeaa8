"""The window of a pairwise study: two pictures, one question, the keys left, right and down."""
