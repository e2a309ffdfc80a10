-- Parts of the cache that were switched off or on at run time: they beat the environment of every node.
CREATE TABLE IF NOT EXISTS cache_flags (
    name VARCHAR(64) NOT NULL PRIMARY KEY,
    is_on TINYINT(1) NOT NULL,
    changed_at DATETIME(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
