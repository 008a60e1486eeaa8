"""The picture on the screen: showing it, painting on it, and the pointer over it."""
