-- Nodes that serve from memory though they do not hear the others: a write that is committed until then answers that its invalidation is deferred.
CREATE TABLE IF NOT EXISTS cache_cut_off_nodes (
    node VARCHAR(64) NOT NULL PRIMARY KEY,
    until DATETIME(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
