"""What every room shares and nothing else needs: pure standard library, no input or output."""
