"""Files that survive a crash, and the files shipped with the program."""
