#!/usr/bin/env bash
# The quick start: builds what is needed, runs the whole loop, leaves a report and an adapter.
#   examples/quickstart.sh [--examples N] [--output DIR] [--model DIR]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
classpath="$root/examples/target/classpath"

changed() {
  [ ! -s "$classpath" ] || find "$root" -name target -prune -o -type f \
    \( -name pom.xml -o -path '*/src/main/*' -o -path '*/src/test/java/io/flinkpeft/testing/*' \) \
    -newer "$classpath" -print -quit | grep -q .
}

if changed; then
  echo "Building; the first time takes minutes and downloads libtorch."
  mvn -B -q -f "$root/pom.xml" -Dquick -pl examples -am package
  touch "$classpath"
fi

case " $* " in
  *" --output"* | *" --help "* | *" -h "*) ;;
  *) set -- "$@" --output "$root/target/quickstart" ;;
esac
mkdir -p "$root/target"

# PASSIVE: threads of OpenMP that wait must not spin; DJL has all it needs on the class path.
# Most work is native: the second compiler would take more time than it saves in a short run.
export OMP_WAIT_POLICY=PASSIVE DJL_OFFLINE=true OPT_OUT_TRACKING=true
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" \
  -Xmx1g -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
  --add-opens=java.base/java.util=ALL-UNNAMED --add-opens=java.base/java.lang=ALL-UNNAMED \
  -Dlog4j2.configurationFile="$root/examples/quickstart/log4j2.properties" \
  -Dquickstart.log="$root/target/quickstart.log" \
  -cp "$root/examples/target/classes:$(cat "$classpath")" \
  io.flinkpeft.example.quickstart.Quickstart "$@"
