#!/bin/sh
# Registers the namespace of Xuke with its retention and search attributes. Safe to run at every start; the
# approval worker makes sure of the same, so that a forgotten job costs nothing but a warning.
set -eu

attempts=60
until temporal operator cluster health
do
    attempts=$((attempts - 1))
    [ "$attempts" -gt 0 ] || exit 1
    sleep 2
done

temporal operator namespace describe --namespace "$XUKE_TEMPORAL_NAMESPACE" > /dev/null 2>&1 \
    || temporal operator namespace create --namespace "$XUKE_TEMPORAL_NAMESPACE" --retention 3650d

# The server takes some seconds to notice a new namespace.
attempts=30
for attribute in XukeState:Keyword XukeSequence:Int XukeDueAt:Datetime
do
    until temporal operator search-attribute list --namespace "$XUKE_TEMPORAL_NAMESPACE" | grep -q "${attribute%%:*}" \
        || temporal operator search-attribute create --namespace "$XUKE_TEMPORAL_NAMESPACE" \
            --name "${attribute%%:*}" --type "${attribute##*:}"
    do
        attempts=$((attempts - 1))
        [ "$attempts" -gt 0 ] || exit 1
        sleep 2
    done
done
