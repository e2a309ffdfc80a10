#!/usr/bin/env bash
# Builds the images of the container test, localhost/ecommerce-test/{redis,mysql,dotnet}, from the programs and the .NET runtime of this machine.
# They stand in for images that a machine without a registry cannot pull, and never have a name of a registry.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The libraries that programs are linked with, without those in the image itself.
libraries() { { ldd "$@" 2>/dev/null || true; } | grep -oE '/[^ :)]+' | grep -v "^$work" | grep -F '.so' | sort -u; }

# Copies files into a root file system, and their libraries with them.
add() {
  local root=$1 file
  shift
  for file in "$@"; do
    [ -e "$root$file" ] && continue
    mkdir -p "$root$(dirname "$file")"
    cp -aL "$file" "$root$file"
  done
}

add_program() {
  local root=$1
  shift
  add "$root" "$@" $(libraries "$@")
}

# A root file system with a shell and the user that the images of .NET have.
base() {
  mkdir -p "$1"/{tmp,etc,root,proc,sys,dev,run,var,usr/bin,usr/sbin,usr/lib,usr/lib64}
  chmod 1777 "$1/tmp"
  ln -s usr/bin usr/sbin usr/lib usr/lib64 "$1/"
  printf 'root:x:0:0:root:/root:/bin/sh\napp:x:1654:1654::/tmp:/bin/sh\n' >"$1/etc/passwd"
  printf 'root:x:0:\napp:x:1654:\n' >"$1/etc/group"
  add_program "$1" /usr/bin/dash /usr/bin/cp /usr/bin/ln
  ln -s dash "$1/usr/bin/sh"
}

import() {
  local root=$1 image=localhost/ecommerce-test/$2:latest
  shift 2
  tar -C "$root" -cf - . | podman import --quiet "$@" - "$image" >/dev/null
  echo "$image"
}

redis=$work/redis
base "$redis"
add_program "$redis" "$(command -v redis-server)"
import "$redis" redis

mysql=$work/mysql
base "$mysql"
add_program "$mysql" "$(command -v mariadbd)"
add "$mysql" /usr/share/mysql
mkdir -p "$mysql/var/lib/mysql"
mariadb-install-db --no-defaults --user=root --auth-root-authentication-method=normal --skip-test-db --innodb-log-file-size=16M \
  --datadir="$mysql/usr/lib/mysql-tables" >/dev/null
cat >"$mysql/usr/bin/start-mysql" <<'SCRIPT'
#!/bin/sh
# As in the image of MySQL: tables at the first start, the password of root from the environment.
[ -e /var/lib/mysql/mysql ] || cp -a /usr/lib/mysql-tables/. /var/lib/mysql/
printf "CREATE OR REPLACE USER 'root'@'%%' IDENTIFIED BY '%s';\nGRANT ALL PRIVILEGES ON *.* TO 'root'@'%%' WITH GRANT OPTION;\n" \
  "$MYSQL_ROOT_PASSWORD" >/tmp/init.sql
exec mariadbd --no-defaults --user=root --datadir=/var/lib/mysql --socket=/tmp/mysqld.sock --init-file=/tmp/init.sql --skip-name-resolve --skip-ssl \
  --character-set-server=utf8mb4 --innodb-log-file-size=16M --innodb-buffer-pool-size=64M "$@"
SCRIPT
chmod +x "$mysql/usr/bin/start-mysql"
import "$mysql" mysql --change 'ENTRYPOINT ["/usr/bin/start-mysql"]'

dotnet=$work/dotnet
base "$dotnet"
runtime=$(dotnet --list-runtimes | sed -n 's/^Microsoft.AspNetCore.App 10\.[^ ]* \[\(.*\)\/shared\/Microsoft.AspNetCore.App\]$/\1/p' | tail -n 1)
target=$dotnet/usr/share/dotnet
mkdir -p "$target/shared"
cp -aL "$runtime/dotnet" "$runtime/host" "$target/"
for framework in Microsoft.NETCore.App Microsoft.AspNetCore.App; do
  mkdir "$target/shared/$framework"
  cp -aL "$(find "$runtime/shared/$framework" -mindepth 1 -maxdepth 1 -name '10.*' | sort -V | tail -n 1)" "$target/shared/$framework/"
done
ln -s /usr/share/dotnet/dotnet "$dotnet/usr/bin/dotnet"
# TLS is loaded by name at run time.
add_program "$dotnet" $(find "$runtime" -name '*.so' -exec ldd {} + 2>/dev/null | grep -oE '=> /[^ ]+' | cut -c4- | sort -u) \
  $(ldconfig -p | grep -oE '/[^ ]*/lib(ssl|crypto)\.so\.3$')
add "$dotnet" /usr/share/zoneinfo
import "$dotnet" dotnet --change 'ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1'
