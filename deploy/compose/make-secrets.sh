#!/bin/sh
# Makes the secrets of docker-compose.yml, random, each in a file of its own: deploy/compose/make-secrets.sh [FOLDER].
# A file that is there already is left as it is, so that running it again only adds what a new release needs.
#
# The folder is for its owner only (0700). The files in it are readable by all (0444), because every container
# sees only the files it is given, each under the user of its image, and compose keeps the mode of the host.
set -eu

folder=${1:-$(dirname "$0")/secrets}
umask 077
mkdir -p "$folder"
chmod 0700 "$folder"

keep() {
    [ -e "$folder/$1" ] && return
    printf '%s' "$2" > "$folder/$1.new"
    chmod 0444 "$folder/$1.new"
    mv "$folder/$1.new" "$folder/$1"
}

random() {
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n'
}

for name in \
    postgres_password temporal_database_password keycloak_database_password keycloak_admin_password \
    demo_people_password approval_client_secret customs_system_client_secret portal_client_secret \
    notifier_client_secret smtp_password s3_access_key s3_secret_key
do
    keep "$name" "$(random)"
done

for service in classification screening licensing consultation
do
    for role in owner app
    do
        keep "${service}_${role}_password" "$(random)"
        password=$(cat "$folder/${service}_${role}_password")
        keep "${service}_${role}_url" \
            "postgresql+psycopg://xuke_${service}_${role}:${password}@postgres:5432/xuke_${service}"
    done
done

keep s3_identities.json "$(printf '{"identities": [{"name": "xuke", "credentials": [{"accessKey": "%s", "secretKey": "%s"}], "actions": ["Admin", "Read", "Write", "List", "Tagging"]}]}' \
    "$(cat "$folder/s3_access_key")" "$(cat "$folder/s3_secret_key")")"
