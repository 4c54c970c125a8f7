"""Text in the order of its bytes, whichever order a PostgreSQL server prefers.

Ids, times and names are compared and sorted as SQLite does it. Columns are set
after each migration, so that migrations need not know.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

_OTHERS = text("""
SELECT a.attrelid::regclass::text AS "table",
       string_agg(format('ALTER COLUMN %I TYPE text COLLATE "C"', a.attname), ', ') AS changes
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_collation o ON o.oid = a.attcollation
WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
  AND a.atttypid = 'text'::regtype AND a.attgenerated = '' AND NOT a.attisdropped
  AND o.collname <> 'C'
GROUP BY 1
""")


def collate(conn: Connection) -> None:
    """Give every text column the collation ``C``; SQLite has it already."""
    if conn.dialect.name != "postgresql":
        return
    for table, changes in conn.execute(_OTHERS).all():
        conn.exec_driver_sql(f"ALTER TABLE {table} {changes}".replace("%", "%%"))
