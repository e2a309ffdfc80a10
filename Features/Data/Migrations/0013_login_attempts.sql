-- Attempts by user name and address; with address '' of the user name from any address, with username '' of the address.
-- reserved: attempts whose password is being checked; they count until reserved_until.
CREATE TABLE IF NOT EXISTS login_attempts (
    username VARCHAR(64) NOT NULL,
    address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    failures INT NOT NULL DEFAULT 0,
    first_failed_at DATETIME(6) NULL,
    reserved INT NOT NULL DEFAULT 0,
    reserved_until DATETIME(6) NULL,
    changed_at DATETIME(6) NOT NULL,
    PRIMARY KEY (username, address),
    KEY ix_login_attempts_age (changed_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- Addresses from which a user has logged in.
CREATE TABLE IF NOT EXISTS login_addresses (
    user_id INT NOT NULL,
    address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    last_at DATETIME(6) NOT NULL,
    PRIMARY KEY (user_id, address),
    CONSTRAINT fk_login_addresses_user FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
