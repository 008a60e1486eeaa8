"""The picture on the screen: how it is shown, painted on and pointed at."""
