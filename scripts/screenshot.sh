#!/usr/bin/env bash
# Takes the picture of a report that the README shows: the top of the page, in the light colours. With a folder as third
# argument also the whole page as it prints on A4 and on Letter, a PDF of each and a PNG of each page, to be looked at.
#
#   scripts/screenshot.sh [REPORT] [PNG] [PRINT_FOLDER]
#
# REPORT is ivig-audit-out/latest/report.html and PNG docs/report.png unless given. Needs Chromium or Chrome, which
# may be named in the environment as CHROMIUM, and for pages pdftoppm (poppler). The page asks for nothing from anywhere,
# so none of this needs a network.
set -euo pipefail

readonly LIMIT=300000   # bytes: a picture in a repository stays there for ever
report=$(realpath -- "${1:-ivig-audit-out/latest/report.html}")
picture=${2:-docs/report.png}
printed=${3:-}

browser=${CHROMIUM:-}
for name in chromium chromium-browser google-chrome; do
    [[ -n $browser ]] || browser=$(command -v "$name" || true)
done
[[ -n $browser ]] || { echo "screenshot: no Chromium or Chrome found; name one in CHROMIUM" >&2; exit 1; }
[[ -r $report ]] || { echo "screenshot: $report cannot be read; run the audit first" >&2; exit 1; }

profile=$(mktemp -d)
trap 'rm -rf -- "$profile"' EXIT

# browse PAGE OPTION...
browse() {
    timeout 120 "$browser" --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --user-data-dir="$profile" "${@:2}" "file://$1" \
        >"$profile/log" 2>&1 || { cat -- "$profile/log" >&2; exit 1; }
}

mkdir -p -- "$(dirname -- "$picture")"
rm -f -- "$picture"
browse "$report" --hide-scrollbars --disable-lcd-text --window-size=1080,1560 --screenshot="$picture"
size=$(stat -c %s -- "$picture")
(( size < LIMIT )) || { echo "screenshot: $picture has $size bytes, more than $LIMIT" >&2; exit 1; }
echo "$picture: $size bytes"

[[ -n $printed ]] || exit 0
mkdir -p -- "$printed"
for paper in A4 letter; do
    # The paper is asked for in the style, since the command line knows none.
    sed "s/@page { margin/@page { size: $paper; margin/" -- "$report" >"$profile/$paper.html"
    browse "$profile/$paper.html" --no-pdf-header-footer --print-to-pdf="$printed/$paper.pdf"
    rm -f -- "$printed/$paper"-*.png
    pdftoppm -r 60 -png "$printed/$paper.pdf" "$printed/$paper"
    echo "$printed/$paper.pdf: $(find "$printed" -name "$paper-*.png" | wc -l) pages"
done
