"""The licence as a document: its canonical facts, its signed PDF, and their verification."""
