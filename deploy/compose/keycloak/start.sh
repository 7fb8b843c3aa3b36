#!/bin/bash
# Starts Keycloak, which takes secrets and the placeholders of the realm from the environment only.
set -eu

KC_DB_PASSWORD=$(< /run/secrets/keycloak_database_password)
KC_BOOTSTRAP_ADMIN_PASSWORD=$(< /run/secrets/keycloak_admin_password)
XUKE_APPROVAL_CLIENT_SECRET=$(< /run/secrets/approval_client_secret)
XUKE_CUSTOMS_SYSTEM_CLIENT_SECRET=$(< /run/secrets/customs_system_client_secret)
XUKE_PORTAL_CLIENT_SECRET=$(< /run/secrets/portal_client_secret)
XUKE_NOTIFIER_CLIENT_SECRET=$(< /run/secrets/notifier_client_secret)
XUKE_DEMO_PEOPLE_PASSWORD=$(< /run/secrets/demo_people_password)
export KC_DB_PASSWORD KC_BOOTSTRAP_ADMIN_PASSWORD
export XUKE_APPROVAL_CLIENT_SECRET XUKE_CUSTOMS_SYSTEM_CLIENT_SECRET XUKE_PORTAL_CLIENT_SECRET XUKE_NOTIFIER_CLIENT_SECRET
export XUKE_DEMO_PEOPLE_PASSWORD
exec /opt/keycloak/bin/kc.sh start --import-realm
