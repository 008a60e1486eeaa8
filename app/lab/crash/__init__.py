"""The crash harness behind `lazydiff bench crash`: kills the program again and again."""
