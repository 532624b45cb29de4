"""The long tests: each holds one number of the catalogue, and says what it found."""
