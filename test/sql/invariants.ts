/** What the rows of a store say about each other, for every test that leaves one behind. */

/** What must be 0 whatever happened: one query for each promise that columns make about each other. */
export const INVARIANTS = {
  'an inbox counts its messages': `SELECT count(*) FROM inbox i
    WHERE message_count <> (SELECT count(*) FROM message m WHERE m.inbox_id = i.id)`,
  'an inbox counts its threads': `SELECT count(*) FROM inbox i
    WHERE thread_count <> (SELECT count(*) FROM thread t WHERE t.inbox_id = i.id)`,
  'no message is newer than the cursor': `SELECT count(*) FROM message m JOIN inbox i ON i.id = m.inbox_id WHERE m.seq > i.last_seq`,
  'a thread counts its messages': `SELECT count(*) FROM thread t JOIN inbox i ON i.id = t.inbox_id
    WHERE t.message_count <> (SELECT count(*) FROM message m WHERE m.inbox_id = t.inbox_id AND m.thread_id = t.id)`,
  'a thread knows its last message': `SELECT count(*) FROM thread t JOIN inbox i ON i.id = t.inbox_id
    WHERE last_message_at <> (SELECT created_at FROM message m
      WHERE m.inbox_id = t.inbox_id AND m.thread_id = t.id ORDER BY seq DESC LIMIT 1)`,
  'a message has a thread': `SELECT count(*) FROM message m JOIN inbox i ON i.id = m.inbox_id
    LEFT JOIN thread t ON t.inbox_id = m.inbox_id AND t.id = m.thread_id WHERE t.id IS NULL`,
  'a reference leads to a thread': `SELECT count(*) FROM thread_ref r JOIN inbox i ON i.id = r.inbox_id
    LEFT JOIN thread t ON t.inbox_id = r.inbox_id AND t.id = r.thread_id WHERE t.id IS NULL`,
  'a message has a body, and a body a message': `SELECT (SELECT count(*) FROM message) + (SELECT count(*) FROM message_body) - 2 * count(*) FROM message_body b
    JOIN message m ON m.inbox_id = b.inbox_id AND m.id = b.message_id`,
  'raw bytes are there for whoever shows them': `SELECT count(*) FROM (SELECT content_hash FROM message UNION SELECT content_hash FROM spool)
    WHERE content_hash NOT IN (SELECT content_hash FROM raw)`,
  'raw bytes count who shows them': `SELECT count(*) FROM raw LEFT JOIN raw_share s ON s.content_hash = raw.content_hash
    WHERE raw.content_hash NOT LIKE '%.%' AND 1 + coalesce(s.more_readers, 0) <> (SELECT count(*) FROM message m WHERE m.content_hash = raw.content_hash)
      + (SELECT count(*) FROM spool p WHERE p.content_hash = raw.content_hash)`,
  'pieces of raw bytes are as many as it says': `SELECT count(*) FROM raw first WHERE first.content_hash NOT LIKE '%.%'
    AND coalesce(first.more_pieces, 0) <> (SELECT count(*) FROM raw piece
      WHERE piece.content_hash >= first.content_hash || '.' AND piece.content_hash < first.content_hash || '/')`,
  'no piece of raw bytes is left alone': `SELECT count(*) FROM raw piece WHERE piece.content_hash LIKE '%.%'
    AND substr(piece.content_hash, 1, instr(piece.content_hash, '.') - 1) NOT IN (SELECT content_hash FROM raw)`,
  'nobody shares what is not there': 'SELECT count(*) FROM raw_share WHERE content_hash NOT IN (SELECT content_hash FROM raw)',
  'what is indexed is there, and nothing else is': `SELECT count(*) FROM message_search s
    WHERE NOT EXISTS (SELECT 1 FROM inbox i JOIN message m ON m.inbox_id = i.id AND m.seq = s.rowid & 2147483647
        WHERE i.search_number = s.rowid >> 31 AND m.seq <= i.indexed_seq)
      AND NOT EXISTS (SELECT 1 FROM deleted_inbox d WHERE d.search_number = s.rowid >> 31)`,
  'what is there is indexed as far as it says': `SELECT count(*) FROM message m JOIN inbox i ON i.id = m.inbox_id
    WHERE m.seq <= i.indexed_seq AND NOT EXISTS (SELECT 1 FROM message_search s WHERE s.rowid = (i.search_number << 31) + m.seq)`,
  'no two inboxes have one number': `SELECT count(*) - count(DISTINCT search_number) FROM (
    SELECT search_number FROM inbox UNION ALL SELECT search_number FROM deleted_inbox) WHERE search_number > 0`,
  'what is nobody’s is going to be removed': `SELECT count(*) FROM message
    WHERE inbox_id NOT IN (SELECT id FROM inbox) AND inbox_id NOT IN (SELECT inbox_id FROM deleted_inbox)`,
}
