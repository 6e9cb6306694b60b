"""The contract as a document: what is signed, and its PDF and DOCX; and the form for registration."""
