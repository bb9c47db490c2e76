#!/usr/bin/env bash
# How many adapters one TaskManager trains, and what its checkpoints cost; the table goes to docs/scale.md.
#   examples/scale.sh [--adapters 1,100] [--touched 1,10,100] [--rank N] [--cache-mib N] [--write docs/scale.md]
# All rows take about half an hour and 30 GB of disk; --adapters 20 --rank 1 takes a minute.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
mvn -B -q -f "$root/pom.xml" -Dquick -pl examples -am package
export OMP_WAIT_POLICY=PASSIVE DJL_OFFLINE=true OPT_OUT_TRACKING=true
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx3g \
  --add-opens=java.base/java.util=ALL-UNNAMED --add-opens=java.base/java.lang=ALL-UNNAMED \
  -Dlog4j2.configurationFile="$root/examples/quickstart/log4j2.properties" -Dquickstart.log="$root/target/scale.log" \
  -cp "$root/examples/target/classes:$(cat "$root/examples/target/classpath")" \
  io.flinkpeft.example.scale.ScaleTable "$@"
