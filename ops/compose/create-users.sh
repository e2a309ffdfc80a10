#!/bin/bash
# Run by the image of MySQL at its first start. The API reads and writes rows; only migrations change tables.
set -euo pipefail
mysql --protocol=socket --user=root --password="$(cat /run/secrets/mysql_root_password)" <<SQL
CREATE USER 'api'@'%' IDENTIFIED BY '$(cat /run/secrets/mysql_api_password)';
GRANT SELECT, INSERT, UPDATE, DELETE ON ecommerce.* TO 'api'@'%';
CREATE USER 'migrations'@'%' IDENTIFIED BY '$(cat /run/secrets/mysql_migrations_password)';
GRANT ALL PRIVILEGES ON ecommerce.* TO 'migrations'@'%';
SQL
