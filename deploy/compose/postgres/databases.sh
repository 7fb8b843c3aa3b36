#!/bin/sh
# Makes every database with its roles when the cluster is new. SECRETS is the folder with one password a file.
#
# The owner makes and changes tables (migrations) and the sealer reads as it; a service connects as the role
# _app, which owns nothing, so that row-level security binds it.
set -eu

SECRETS=${SECRETS:-/run/secrets}

make() {
    psql --no-psqlrc --quiet --username "${POSTGRES_USER:-postgres}" --set ON_ERROR_STOP=1 "$@" postgres
}

for service in classification screening licensing consultation
do
    make --set name="xuke_$service" --set owner="xuke_${service}_owner" --set app="xuke_${service}_app" \
        --set owner_file="$SECRETS/${service}_owner_password" --set app_file="$SECRETS/${service}_app_password" <<'SQL'
\set owner_password `cat :owner_file`
\set app_password `cat :app_file`
CREATE ROLE :"owner" LOGIN PASSWORD :'owner_password';
CREATE ROLE :"app" LOGIN PASSWORD :'app_password';
CREATE DATABASE :"name" OWNER :"owner";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"name" TO :"app";
SQL
done

for program in temporal keycloak
do
    make --set owner="$program" --set owner_file="$SECRETS/${program}_database_password" <<'SQL'
\set owner_password `cat :owner_file`
CREATE ROLE :"owner" LOGIN PASSWORD :'owner_password';
CREATE DATABASE :"owner" OWNER :"owner";
REVOKE ALL ON DATABASE :"owner" FROM PUBLIC;
SQL
done

make <<'SQL'
CREATE DATABASE temporal_visibility OWNER temporal;
REVOKE ALL ON DATABASE temporal_visibility FROM PUBLIC;
SQL
