"""The PostgreSQL record, and the only room that knows PostgreSQL."""
