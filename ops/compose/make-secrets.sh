#!/usr/bin/env bash
# Makes the secrets of compose.yaml in ./secrets, once: what is there stays. Keep a copy with the backups of the database.
set -euo pipefail
folder=${1:-$(dirname "$0")/secrets}
mkdir -p "$folder"
# Only the owner enters the folder; each file is readable by the other users that the containers have.
chmod 700 "$folder"

random() { openssl rand -hex "$1"; }
make() { # name, content
  [ -e "$folder/$1" ] && return
  printf '%s' "$2" >"$folder/$1"
  chmod 444 "$folder/$1"
}
content() { cat "$folder/$1"; }

make mysql_root_password "$(random 24)"
for user in api migrations; do
  make "mysql_${user}_password" "$(random 24)"
  # SslMode: MySQL makes a certificate of its own, which encrypts and proves nothing.
  make "mysql_$user" "Server=mysql;Port=3306;Database=ecommerce;User ID=$user;Password=$(content "mysql_${user}_password");SslMode=Required"
done

if [ ! -e "$folder/redis" ]; then
  password=$(random 24)
  hash=$(printf '%s' "$password" | openssl dgst -sha256 -r | cut -d' ' -f1)
  make redis_users "user default off
user api on #$hash ~* &* -@all +@read +@write +@connection +@pubsub +@scripting +time +info -flushall -flushdb -keys
"
  make redis "redis:6379,user=api,password=$password"
fi

make jwt_signing_key "k1:$(openssl rand -base64 48 | tr -d '\n')"
make data_protection_key "k1:$(openssl rand -base64 32)"
make cache_key_salt "$(openssl rand -base64 32)"
make cache_encryption_key "k1:$(openssl rand -base64 32)"
