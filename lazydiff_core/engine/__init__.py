"""The one door to generation: a request goes in, a result comes out."""
