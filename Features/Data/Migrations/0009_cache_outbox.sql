-- What a committed write makes the caches forget: one row a commit, its tags a JSON array. A row that is not applied at due_at is taken over
-- by the relay of any node, which moves due_at while it works on it.
CREATE TABLE IF NOT EXISTS cache_outbox (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tags MEDIUMTEXT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    due_at DATETIME(6) NOT NULL,
    applied_at DATETIME(6) NULL,
    KEY ix_cache_outbox_due (applied_at, due_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
