-- Replaced by login_attempts (0013); no released version reads it any more.
DROP TABLE IF EXISTS login_failures;
