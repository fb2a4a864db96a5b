#!/usr/bin/env bash
# Run once by the postgres image, on an empty volume: a database for each service. Chinese is ordered by ICU.
set -euo pipefail
for service in directory taskregistry personnel consultation techtransfer; do
  psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --command "CREATE DATABASE $service TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'zh'"
done
