-- The key that took this one's place. One that was rotated is not rotated again: whoever repeats the request because its
-- answer was lost is told the successor.
ALTER TABLE api_keys ADD COLUMN replaced_by uuid;
