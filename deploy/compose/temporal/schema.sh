#!/bin/sh
# Makes or updates the tables of the Temporal server. Safe to run at every start. Upgrade one minor version at a
# time, this job before the server.
set -eu

SQL_PASSWORD=$(cat /run/secrets/temporal_database_password)
export SQL_PASSWORD

for pair in temporal:temporal temporal_visibility:visibility
do
    tool="temporal-sql-tool --plugin postgres12 --ep postgres --port 5432 --user temporal --db ${pair%%:*}"
    $tool setup-schema -v 0.0
    $tool update-schema -d "/etc/temporal/schema/postgresql/v12/${pair##*:}/versioned"
done
