"""Full text: the words of documents, found by FTS5 on SQLite and by a tsvector on PostgreSQL."""
