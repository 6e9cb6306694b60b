"""What would it cost me, and who pays? Reads only; it answers with the same code that pays in a round."""
