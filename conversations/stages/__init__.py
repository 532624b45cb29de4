"""One module for each stage of the conversation: its table, and what its steps need."""
