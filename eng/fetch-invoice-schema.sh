#!/usr/bin/env bash
# Fetches the schema of electronic invoices into artifacts/fatturapa/, for the tests that check invoices with xmllint. It is the version of
# 2017: the tests add the details of the natures.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -s artifacts/fatturapa/Schema_1.2.1.xsd ] && exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm pack --silent --pack-destination "$work" @digitalia/fatturapa@1.3.1 >/dev/null
tar -xzf "$work"/digitalia-fatturapa-1.3.1.tgz -C "$work" package/src/schemas/Schema_1.2.1.xsd
mkdir -p artifacts/fatturapa
mv "$work"/package/src/schemas/Schema_1.2.1.xsd artifacts/fatturapa/
