#!/bin/sh
# Starts the Temporal server, which takes its password from the environment only.
set -eu

POSTGRES_PWD=$(cat /run/secrets/temporal_database_password)
export POSTGRES_PWD
exec /etc/temporal/entrypoint.sh
