-- Scopes got finer; a key may still do what it could. Personal data have a scope of their own, and what was `connections` is
-- `operations` (decide about what runs found) and `admin` (connections, their credentials, keys).
UPDATE api_keys SET scopes = trim(
    CASE WHEN ' ' || scopes || ' ' LIKE '% read %' THEN 'read personal ' ELSE '' END ||
    CASE WHEN ' ' || scopes || ' ' LIKE '% raw %' THEN 'raw ' ELSE '' END ||
    CASE WHEN ' ' || scopes || ' ' LIKE '% sync %' THEN 'sync ' ELSE '' END ||
    CASE WHEN ' ' || scopes || ' ' LIKE '% connections %' THEN 'operations admin' ELSE '' END);
ALTER TABLE api_keys ADD CONSTRAINT api_keys_scopes_check CHECK (scopes ~ '^([a-z]+( [a-z]+)*)?$');
