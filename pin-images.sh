#!/bin/sh
# Pins the images of docker-compose.yml by digest (postgres:18.6 becomes postgres:18.6@sha256:...), so that what was
# tested is what runs, whatever its tag names later. Needs docker and a registry that it can reach. Run it when images
# are chosen, read the difference, keep it. For a newer image, change the tag and run it again.
set -eu
file=${1:-"$(dirname "$0")/docker-compose.yml"}
named='(image:|FROM) +'
tag='[a-z0-9][a-z0-9./-]*:[A-Za-z0-9._-]+'
for image in $(sed -nE "s/^ *$named($tag)(@.*)?\$/\\2/p" "$file" | sort -u); do
    digest=$(docker buildx imagetools inspect "$image" --format '{{.Manifest.Digest}}')
    case $digest in
        sha256:*) ;;
        *) echo "$image: the registry gives no digest, but: $digest" >&2; exit 1 ;;
    esac
    sed -E "s~^( *$named$image)(@.*)?\$~\\1@$digest~" "$file" > "$file.new"
    mv "$file.new" "$file"
    echo "$image@$digest"
done
