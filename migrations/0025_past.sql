-- Every moment of the past: when a version came to be, what former customer ids led to at which commit, links between profiles as
-- documents with a history of their own, whom a change concerns, and how far back the past is kept.
ALTER TABLE documents NO FORCE ROW LEVEL SECURITY;
ALTER TABLE history NO FORCE ROW LEVEL SECURITY;
ALTER TABLE commits NO FORCE ROW LEVEL SECURITY;
ALTER TABLE changes NO FORCE ROW LEVEL SECURITY;
ALTER TABLE customers NO FORCE ROW LEVEL SECURITY;
ALTER TABLE links NO FORCE ROW LEVEL SECURITY;
ALTER TABLE memberships NO FORCE ROW LEVEL SECURITY;
ALTER TABLE feed_head NO FORCE ROW LEVEL SECURITY;

-- The oldest commit whose moment can still be read.
ALTER TABLE feed_head ADD COLUMN horizon bigint NOT NULL DEFAULT 0;

-- The time of the commit that made this version. No two versions of a document have the same one, also not after a restore.
ALTER TABLE documents ADD COLUMN changed_at timestamptz;
ALTER TABLE history ADD COLUMN changed_at timestamptz;
UPDATE documents d SET changed_at = coalesce(
    (SELECT c.at FROM commits c WHERE c.tenant_id = d.tenant_id AND c.commit_no = d.commit_no), created_at);
UPDATE history h SET changed_at = coalesce(
    (SELECT c.at FROM commits c WHERE c.tenant_id = h.tenant_id AND c.commit_no = h.valid_from), created_at);
ALTER TABLE documents ALTER COLUMN changed_at SET NOT NULL;
ALTER TABLE history ALTER COLUMN changed_at SET NOT NULL;

-- Customers whose documents or access a change bears on.
ALTER TABLE changes ADD COLUMN customers uuid[] NOT NULL DEFAULT '{}';
CREATE FUNCTION sound_document(body text) RETURNS json LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace(body, '(?<!\\)((?:\\\\)*)\\u0000', '\1', 'g')::json
$$;
UPDATE changes c SET customers = CASE c.kind WHEN 'customer' THEN ARRAY[c.document_id] ELSE ARRAY(
    SELECT DISTINCT (entry ->> 'customer_id')::uuid
    FROM json_array_elements(coalesce(sound_document(d.body) -> 'access', sound_document(d.body) -> 'users', '[]')) AS entries(entry)
    WHERE entry ->> 'customer_id' IS NOT NULL) END
FROM (SELECT tenant_id, document_id, commit_no, body FROM documents
      UNION ALL SELECT tenant_id, document_id, valid_from, body FROM history) d
WHERE d.tenant_id = c.tenant_id AND d.document_id = c.document_id AND d.commit_no = c.commit_no;
-- A field's place is a JSON pointer: names may hold points. All else of the text stays as it is, which as values of
-- PostgreSQL it would not: numbers have their own digits, members their order, and a text may hold \u0000.
UPDATE changes SET diff = (
    SELECT '[' || string_agg(coalesce(
        part[1] || '/' || replace(replace(replace(part[2], '~', '~0'), '/', '~1'), '.', '/') || part[3], entry::text),
        ',' ORDER BY place) || ']'
    FROM json_array_elements(diff::json) WITH ORDINALITY AS entries(entry, place)
    CROSS JOIN LATERAL regexp_match(entry::text, '^(\s*\{\s*"path"\s*:\s*")((?:[^"\\]|\\.)*)(".*)$') AS parts(part))
WHERE json_array_length(diff::json) > 0;
DROP FUNCTION sound_document(text);

-- What an id of a customer led to from a commit on; null: to itself.
CREATE TABLE redirects (
    tenant_id    uuid NOT NULL,
    customer_id  uuid NOT NULL,
    valid_from   bigint NOT NULL,
    redirect_to  uuid,
    CONSTRAINT redirects_pk PRIMARY KEY (tenant_id, customer_id, valid_from),
    CONSTRAINT redirects_ring_check CHECK (redirect_to <> customer_id)
);
INSERT INTO redirects (tenant_id, customer_id, valid_from, redirect_to)
SELECT c.tenant_id, c.customer_id, coalesce(d.commit_no, 0), c.redirect_to
FROM customers c
LEFT JOIN documents d ON d.tenant_id = c.tenant_id AND d.document_id = c.customer_id AND d.deleted_at IS NOT NULL
WHERE c.redirect_to IS NOT NULL;
ALTER TABLE redirects ENABLE ROW LEVEL SECURITY;
ALTER TABLE redirects FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON redirects
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

-- Links that stand already are documents from one more commit on.
CREATE FUNCTION time_text(at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT '"' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"'
$$;
WITH heads AS (
    UPDATE feed_head h SET commit_no = commit_no + 1, at = greatest(at + interval '1 microsecond', clock_timestamp())
    WHERE EXISTS (SELECT 1 FROM links l WHERE l.tenant_id = h.tenant_id)
    RETURNING tenant_id, commit_no, at
), made AS (
    SELECT l.*, h.commit_no, h.at FROM links l JOIN heads h ON h.tenant_id = l.tenant_id
), committed AS (
    INSERT INTO commits (tenant_id, commit_no, at, cause, run_id)
    SELECT tenant_id, commit_no, at, 'migration', '00000000-0000-0000-0000-000000000000' FROM heads
), stored AS (
    INSERT INTO documents (tenant_id, document_id, kind, version, commit_no, created_at, changed_at, body, sources, facets)
    SELECT tenant_id, link_id, 'identity_link', 1, commit_no, at, at,
           '{"id":"' || link_id || '","profile_ids":["' || low || '","' || high || '"],"state":"' || state || '","rule":"' || rule
               || '","evidence":' || evidence || ',"by":"' || CASE WHEN by_operator THEN 'operator' ELSE 'rule' END || '","version":1,"created_at":' || time_text(at)
               || ',"changed_at":' || time_text(at) || '}',
           '', ARRAY['status=' || state]
    FROM made
)
INSERT INTO changes (tenant_id, commit_no, ordinal, document_id, kind, operation, version, diff, customers)
SELECT tenant_id, commit_no, row_number() OVER (PARTITION BY tenant_id ORDER BY low, high), link_id, 'identity_link', 'created', 1,
       '[]', ARRAY(SELECT DISTINCT m.customer_id FROM memberships m
                   WHERE m.tenant_id = made.tenant_id AND m.profile_id IN (made.low, made.high))
FROM made;
DROP FUNCTION time_text(timestamptz);

ALTER TABLE documents FORCE ROW LEVEL SECURITY;
ALTER TABLE history FORCE ROW LEVEL SECURITY;
ALTER TABLE commits FORCE ROW LEVEL SECURITY;
ALTER TABLE changes FORCE ROW LEVEL SECURITY;
ALTER TABLE customers FORCE ROW LEVEL SECURITY;
ALTER TABLE links FORCE ROW LEVEL SECURITY;
ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
ALTER TABLE feed_head FORCE ROW LEVEL SECURITY;

