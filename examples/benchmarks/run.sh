#!/usr/bin/env bash
# Our training step against Hugging Face PEFT's, side by side in one run; the tables go to docs/benchmarks.md.
# Usage: examples/benchmarks/run.sh [PYTHON [TABLE...]]
#   PYTHON  one with requirements.txt installed; python3 by default
#   TABLE   lora: LoRA on batches of many shapes; methods: a row a method; both by default
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="$(cd "$here/../.." && pwd)"
python="${1:-python3}"
tables=("${@:2}")
[ "${#tables[@]}" -gt 0 ] || tables=(lora methods)
"$python" -c 'import peft' 2>/dev/null || {
  echo "$python cannot import peft, must have the packages of $here/requirements.txt." >&2
  exit 1
}
cd "$root"
mvn -B -q -Dquick package -pl examples -am
classpath="examples/target/classes:$(cat examples/target/classpath)"
texts="examples/target/glosses.txt"
export OMP_WAIT_POLICY=PASSIVE OMP_NUM_THREADS=1 DJL_OFFLINE=true OPT_OUT_TRACKING=true
java -cp "$classpath" io.flinkpeft.example.benchmark.GlossFile "$texts"
exec java -Xmx1g -cp "$classpath" io.flinkpeft.example.benchmark.StepBenchmark \
  "$python" "$here/peft_peer.py" "$texts" docs/benchmarks.md "${tables[@]}"
