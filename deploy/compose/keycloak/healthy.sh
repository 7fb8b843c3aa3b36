#!/bin/bash
# Whether Keycloak says on its management port that it is ready; the image has no program that speaks HTTP.
set -eu

exec 3<> /dev/tcp/127.0.0.1/9000
printf 'GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
IFS=' ' read -r _ status _ <&3
[ "$status" = 200 ]
