-- A claim and a renewal touch no index and find room in the row's own page, so they write next to nothing: what is under way
-- keeps its place among the due ones, and claiming steps over it.
DROP INDEX due_queue_leased;
ALTER TABLE due_queue SET (fillfactor = 70);
