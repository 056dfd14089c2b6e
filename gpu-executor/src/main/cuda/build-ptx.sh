#!/bin/sh
# Compiles every kernel in this folder to PTX that drivers since CUDA 11.0 load, for devices since compute capability 7.5.
# Run by the Maven profile nvcc; the results are committed. NVCC names the compiler (default: nvcc from PATH).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out="$here/../resources/dev/auspex/executor/cuda"
mkdir -p "$out"
for source in "$here"/*.cu; do
    name=$(basename "$source" .cu)
    built=$(mktemp)
    trap 'rm -f "$built"' EXIT
    "${NVCC:-nvcc}" -arch=compute_75 -ptx "$source" -o "$built"
    {
        # Which source this was made from, its own headers (NAME-*.cuh) included: a unit test compares it with the files.
        echo "// source-sha256: $(cat "$source" $(ls "$here/$name"-*.cuh 2>/dev/null | LC_ALL=C sort) | sha256sum | cut -d' ' -f1)"
        # Newer compilers write their own PTX version, which older drivers refuse; nothing newer than 7.0 is used.
        sed 's/^\.version .*/.version 7.0/' "$built"
    } > "$out/$name.ptx"
    echo "$out/$name.ptx"
done
