#!/usr/bin/env bash
# Every method on the same real stream, on one thread.
#   examples/methods.sh [--examples N] [--method NAME] [--write docs/methods/on-a-stream.md]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
mvn -B -q -f "$root/pom.xml" -Dquick -pl examples -am package
export OMP_WAIT_POLICY=PASSIVE DJL_OFFLINE=true OPT_OUT_TRACKING=true
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx2g \
  -cp "$root/examples/target/classes:$(cat "$root/examples/target/classpath")" \
  io.flinkpeft.example.methods.MethodsOnAStream "$@"
