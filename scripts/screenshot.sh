#!/usr/bin/env bash
# Takes the picture of a report that the README shows: the top of the page, in the light colours.
#
#   scripts/screenshot.sh [REPORT] [PNG]
#
# REPORT is ivig-audit-out/latest/report.html and PNG docs/report.png unless given. Needs Chromium or Chrome, which
# may be named in the environment as CHROMIUM. The page asks for nothing from anywhere, so none of this needs a network.
set -euo pipefail

readonly LIMIT=300000   # bytes: a picture in a repository stays there for ever
report=$(realpath -- "${1:-ivig-audit-out/latest/report.html}")
picture=${2:-docs/report.png}

browser=${CHROMIUM:-}
for name in chromium chromium-browser google-chrome; do
    [[ -n $browser ]] || browser=$(command -v "$name" || true)
done
[[ -n $browser ]] || { echo "screenshot: no Chromium or Chrome found; name one in CHROMIUM" >&2; exit 1; }
[[ -r $report ]] || { echo "screenshot: $report cannot be read; run the audit first" >&2; exit 1; }

profile=$(mktemp -d)
trap 'rm -rf -- "$profile"' EXIT
mkdir -p -- "$(dirname -- "$picture")"
rm -f -- "$picture"
timeout 60 "$browser" --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --user-data-dir="$profile" --hide-scrollbars --disable-lcd-text \
    --window-size=1080,1560 --screenshot="$picture" "file://$report" >"$profile/log" 2>&1 \
    || { cat -- "$profile/log" >&2; exit 1; }

size=$(stat -c %s -- "$picture")
(( size < LIMIT )) || { echo "screenshot: $picture has $size bytes, more than $LIMIT" >&2; exit 1; }
echo "$picture: $size bytes"
