#!/usr/bin/env bash
# Kills the processes of a training cluster at seeded moments; what it publishes must not change.
#   examples/chaos.sh [--schedules N] [--seed N] [--work DIR] [--model DIR]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
mvn -B -q -f "$root/pom.xml" -Dquick -pl examples -am package

case " $* " in
  *" --work"* | *" --help "* | *" -h "*) ;;
  *) set -- "$@" --work "$root/target/chaos" ;;
esac

export OMP_WAIT_POLICY=PASSIVE DJL_OFFLINE=true OPT_OUT_TRACKING=true
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" \
  -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
  --add-opens=java.base/java.util=ALL-UNNAMED --add-opens=java.base/java.lang=ALL-UNNAMED \
  -Dorg.apache.logging.log4j.level=ERROR \
  -cp "$root/examples/target/classes:$(cat "$root/examples/target/classpath")" \
  io.flinkpeft.example.chaos.Chaos --logging "$root/examples/chaos/log4j2.properties" "$@"
