#!/usr/bin/env bash
# What it costs that batch mates change nothing of what an adapter learns; the table goes to docs/benchmarks.md.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="$(cd "$here/../.." && pwd)"
cd "$root"
mvn -B -q -Dquick package -pl examples -am
classpath="examples/target/classes:$(cat examples/target/classpath)"
texts="examples/target/glosses.txt"
export OMP_WAIT_POLICY=PASSIVE OMP_NUM_THREADS=1 DJL_OFFLINE=true OPT_OUT_TRACKING=true
java -cp "$classpath" io.flinkpeft.example.benchmark.GlossFile "$texts"
exec java -Xmx256m -cp "$classpath" io.flinkpeft.example.benchmark.MatesBenchmark \
  "$here/careless" "$texts" docs/benchmarks.md
