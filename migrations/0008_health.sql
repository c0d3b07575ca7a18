-- What the operator does about a connection's health, and how often in a row its runs ended in trouble.
ALTER TABLE connections
    ADD COLUMN next_step text NOT NULL DEFAULT '',
    ADD COLUMN failures integer NOT NULL DEFAULT 0;
