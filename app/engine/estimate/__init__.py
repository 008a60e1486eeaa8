"""What a fill will cost, before it is asked for."""
