"""The terminal: the whole coach without a token, for a first minute, for transcripts, for trying."""
