-- What lists choose and order documents by. A facet is `name=value`: provider, status, type, connection; a document has several
-- of one name where it stands for several things.
ALTER TABLE documents ADD COLUMN facets text[] COLLATE "C" NOT NULL DEFAULT '{}';
ALTER TABLE history
    ADD COLUMN facets text[] COLLATE "C" NOT NULL DEFAULT '{}',
    ADD COLUMN created_at timestamptz;

-- No value that is taken out of a document may hold \u0000, which text cannot; an escaped backslash before it makes it none.
CREATE FUNCTION sound_document(body text) RETURNS json LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace(body, '(?<!\\)((?:\\\\)*)\\u0000', '\1', 'g')::json
$$;

CREATE FUNCTION facets_of_document(kind text, body json, sources text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_agg(DISTINCT name || '=' || value), '{}')
    FROM (
        SELECT 'provider', body ->> 'provider' WHERE kind <> 'customer'
        UNION ALL SELECT 'status', body ->> 'status' WHERE kind <> 'customer'
        UNION ALL SELECT 'type', body ->> CASE kind WHEN 'customer' THEN 'kind' ELSE 'type' END
        UNION ALL
        SELECT unnest(ARRAY['provider', 'status']), unnest(ARRAY[profile ->> 'provider', profile ->> 'status'])
        FROM json_array_elements(coalesce(body -> 'profiles', '[]')) AS profiles(profile)
        UNION ALL
        SELECT 'connection', split_part(line, ' ', 1) FROM unnest(string_to_array(sources, E'\n')) AS lines(line)
    ) AS facets(name, value)
    WHERE value <> ''
$$;

-- The owner of the tables sees every tenant's rows only while row security is not forced.
ALTER TABLE documents NO FORCE ROW LEVEL SECURITY;
ALTER TABLE history NO FORCE ROW LEVEL SECURITY;
-- What is removed has no sources, and is found by those that it had.
UPDATE documents d SET facets = facets_of_document(kind, sound_document(body), coalesce(nullif(sources, ''), (
    SELECT h.sources FROM history h
    WHERE h.tenant_id = d.tenant_id AND h.kind = d.kind AND h.document_id = d.document_id AND h.sources <> ''
    ORDER BY h.valid_from DESC LIMIT 1), ''));
UPDATE history d SET
    facets = facets_of_document(kind, sound_document(body), coalesce(nullif(sources, ''), (
        SELECT h.sources FROM history h
        WHERE h.tenant_id = d.tenant_id AND h.kind = d.kind AND h.document_id = d.document_id AND h.sources <> ''
          AND h.valid_from < d.valid_from
        ORDER BY h.valid_from DESC LIMIT 1), '')),
    created_at = (sound_document(body) ->> 'created_at')::timestamptz;
ALTER TABLE documents FORCE ROW LEVEL SECURITY;
ALTER TABLE history FORCE ROW LEVEL SECURITY;
ALTER TABLE history ALTER COLUMN created_at SET NOT NULL;
DROP FUNCTION facets_of_document(text, json, text);
DROP FUNCTION sound_document(text);

-- Lists in the order of changes, and what changed since a time: a later commit is a later change.
CREATE INDEX documents_by_change ON documents (tenant_id, kind, commit_no, document_id);
-- Lists in the order in which documents were made.
CREATE INDEX documents_by_creation ON documents (tenant_id, kind, created_at, document_id);
-- Which commit was the last before a time.
CREATE INDEX commits_by_time ON commits (tenant_id, at);
