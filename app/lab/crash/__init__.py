"""The crash harness behind `lazydiff bench crash`: a program that is killed again and again."""
