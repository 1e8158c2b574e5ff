#!/usr/bin/env bash
# Apache Cassandra for development and tests, on loopback addresses alone: from Maven Central, without Docker.
#
#   cassandra.sh install CACHE               the server's jars into CACHE (nothing to do where they are already)
#   cassandra.sh start CACHE DATA [NODES]    starts nodes 127.0.0.1, 127.0.0.2, … with their data in DATA; returns
#                                            when each of them takes requests and knows all others
#   cassandra.sh restart CACHE DATA NODE     starts one of them again that was stopped or killed; returns when it takes
#                                            requests, and it and those that run know each other
#   cassandra.sh nodetool CACHE DATA NODE …  the server's own tool: status, flush, repair, disablebinary, …
#   cassandra.sh pause DATA NODE             SIGSTOP, as a machine that hangs; `resume` ends it
#   cassandra.sh kill DATA [NODE]            SIGKILL, as a machine that is lost; without NODE all of them
#   cassandra.sh stop DATA                   ends all of them and leaves the data; `start` begins anew, on empty data
#
# CACHE and DATA are folders; they are made where they are missing. A start that is interrupted ends what it has begun.
# Needs Linux, Java 17, and Maven for the install alone. Settings from the environment:
#   CASSANDRA_VERSION 5.0.9
#   HEAP              512M, of each node, which takes 400 MB more
#   CQL_PORT          9042; STORAGE_PORT 7000 and JMX_PORT 7199 (that of the first node) are for the cluster itself
#   PAXOS_VARIANT     v2; v1 is the server's own default
#   COMMITLOG_SYNC    periodic (the server's own default), group or batch
#   EXTRA_YAML        a file with more lines for cassandra.yaml: authenticator, client_encryption_options, …
#   START_SECONDS     180, then a start has failed
set -euo pipefail
unset CDPATH

version=${CASSANDRA_VERSION:-5.0.9}
heap=${HEAP:-512M}
cql_port=${CQL_PORT:-9042}
storage_port=${STORAGE_PORT:-7000}
first_jmx_port=${JMX_PORT:-7199}
paxos_variant=${PAXOS_VARIANT:-v2}
commitlog_sync=${COMMITLOG_SYNC:-periodic}
start_seconds=${START_SECONDS:-180}

fail() {
  printf 'cassandra.sh: %s\n' "$*" >&2
  exit 1
}

usage() {
  sed -n 's/^#   cassandra\.sh /cassandra.sh /p' "${BASH_SOURCE[0]}" >&2
  exit 2
}

# The folder of a cache that has the jars, by its full path.
jars() {
  mkdir -p "$1"
  printf '%s/cassandra-%s' "$(cd "$1" && pwd)" "$version"
}

# The folder appears whole or not at all, so a broken download is tried again.
install() {
  local target scratch
  target=$(jars "$1")
  if [ -d "$target" ]; then
    return
  fi
  command -v mvn >/dev/null || fail 'mvn is needed to install the server'
  scratch=$(mktemp -d "$target.XXXXXX")
  cat >"$scratch/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>cassandra</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.cassandra</groupId><artifactId>cassandra-all</artifactId><version>$version</version>
    </dependency>
  </dependencies>
</project>
POM
  if ! mvn --batch-mode --no-transfer-progress --strict-checksums --file "$scratch/pom.xml" \
    org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$scratch/jars" >"$scratch/mvn.log" 2>&1; then
    tail -n 20 "$scratch/mvn.log" >&2
    rm -rf "$scratch"
    fail "the jars of cassandra-all $version could not be had"
  fi
  # Somebody else may have been faster.
  mv -T "$scratch/jars" "$target" 2>/dev/null || [ -d "$target" ] || fail "nothing was installed in $scratch/jars"
  rm -rf "$scratch"
}

# What the server reaches into on a Java with modules.
opened=(
  java.base/java.io java.base/java.lang java.base/java.lang.module java.base/java.lang.reflect java.base/java.util
  java.base/java.util.concurrent java.base/java.util.concurrent.atomic java.base/java.nio
  java.base/jdk.internal.loader java.base/jdk.internal.math java.base/jdk.internal.misc java.base/jdk.internal.module
  java.base/jdk.internal.ref java.base/jdk.internal.reflect java.base/jdk.internal.util.jar java.base/sun.nio.ch
  java.rmi/sun.rmi.registry java.rmi/sun.rmi.server java.rmi/sun.rmi.transport.tcp
  java.management.rmi/com.sun.jmx.remote.internal.rmi jdk.management/com.sun.management.internal
  jdk.attach/sun.tools.attach jdk.compiler/com.sun.tools.javac.file jdk.compiler/com.sun.tools.javac
)

module_options() {
  local package
  for package in "${opened[@]}"; do
    printf -- '--add-opens=%s=ALL-UNNAMED\n--add-exports=%s=ALL-UNNAMED\n' "$package" "$package"
  done
}

jmx_port() { printf '%s' $((first_jmx_port + $1 - 1)); }

# The id of a node that runs. One that was written down may since have become another program's.
pid_of() {
  local home pid
  home=$(cd "$1/node$2" 2>/dev/null && pwd) && [ -f "$home/pid" ] || return 1
  pid=$(cat "$home/pid")
  grep -qzxF -- "-Dcassandra.storagedir=$home" "/proc/$pid/cmdline" 2>/dev/null && printf '%s\n' "$pid"
}

commitlog_window() {
  case $commitlog_sync in
    periodic) echo 'commitlog_sync_period: 10000ms' ;;
    group) echo 'commitlog_sync_group_window: 5ms' ;;
  esac
}

# Each node owns one token, evenly spaced (the arithmetic wraps round as the ring does): none has to look for a place,
# so all may start at once.
write_configuration() {
  local data=$1 node=$2 nodes=$3 home=$1/node$2 seeds='' other
  for other in $(seq "$nodes"); do
    seeds+=${seeds:+,}127.0.0.$other:$storage_port
  done
  mkdir -p "$home"
  cat >"$home/cassandra.yaml" <<YAML
cluster_name: symbolon
num_tokens: 1
initial_token: '$(((node - 1) * (9223372036854775807 / nodes) * 2 - 9223372036854775807 - 1))'
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
endpoint_snitch: SimpleSnitch
dynamic_snitch: false
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters: [{ seeds: '$seeds' }]
auto_bootstrap: false
listen_address: 127.0.0.$node
rpc_address: 127.0.0.$node
storage_port: $storage_port
native_transport_port: $cql_port
data_file_directories: ['$home/data']
commitlog_directory: $home/commitlog
hints_directory: $home/hints
saved_caches_directory: $home/saved_caches
cdc_raw_directory: $home/cdc_raw
commitlog_sync: $commitlog_sync
$(commitlog_window)
commitlog_segment_size: 8MiB
commitlog_total_space: 256MiB
memtable_heap_space: 64MiB
memtable_offheap_space: 64MiB
memtable_allocation_type: heap_buffers
file_cache_size: 32MiB
networking_cache_size: 16MiB
key_cache_size: 8MiB
counter_cache_size: 0MiB
concurrent_reads: 16
concurrent_writes: 16
concurrent_compactors: 1
native_transport_max_threads: 16
paxos_variant: $paxos_variant
hinted_handoff_enabled: true
max_hints_delivery_threads: 1
hints_flush_period: 1000ms
auto_snapshot: false
YAML
  if [ -n "${EXTRA_YAML:-}" ]; then
    cat "$EXTRA_YAML" >>"$home/cassandra.yaml"
  fi
  cat >"$home/logback.xml" <<XML
<configuration>
  <appender name="log" class="ch.qos.logback.core.FileAppender">
    <file>$home/system.log</file>
    <encoder><pattern>%d{HH:mm:ss.SSS} %-5level %logger{0} %msg%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="log" /></root>
</configuration>
XML
  echo '<configuration><root level="OFF" /></configuration>' >"$home/logback-tools.xml"
}

launch() {
  local cache=$1 data=$2 node=$3 home=$2/node$3 lib
  lib=$(jars "$cache")
  [ -d "$lib" ] || fail 'install it first'
  mapfile -t modules < <(module_options)
  # In the foreground of a session of its own: who starts it may end without ending it.
  setsid java "${modules[@]}" \
    -javaagent:"$(find "$lib" -name 'jamm-*.jar')" \
    -Xms"$heap" -Xmx"$heap" -Xss512k -XX:MaxDirectMemorySize=256M -XX:+UseSerialGC \
    -XX:+ExitOnOutOfMemoryError -XX:-UsePerfData \
    -Djdk.attach.allowAttachSelf=true -Djava.net.preferIPv4Stack=true \
    -Dio.netty.tryReflectionSetAccessible=true -Dio.netty.allocator.useCacheForAllThreads=true \
    -Dcassandra.config="file://$home/cassandra.yaml" -Dcassandra.storagedir="$home" -Dcassandra-foreground=yes \
    -Dlogback.configurationFile="$home/logback.xml" -Djava.io.tmpdir="$home" -Djna.tmpdir="$home" \
    -Dcassandra.jmx.local.port="$(jmx_port "$node")" -Dcassandra.ring_delay_ms=5000 \
    -Dcassandra.skip_wait_for_gossip_to_settle=0 -Dcassandra.consistent.rangemovement=false \
    -Dcassandra.superuser_setup_delay_ms=0 \
    -cp "$lib/*" org.apache.cassandra.service.CassandraDaemon >"$home/console.log" 2>&1 </dev/null &
  echo $! >"$home/pid"
  disown # No message when it is killed.
  # For a moment the new process still looks like this script.
  until pid_of "$data" "$node" >/dev/null || ! kill -0 $! 2>/dev/null; do
    sleep 0.01
  done
}

# The log says so a moment before the port is open.
takes_requests() {
  grep -qs 'Starting listening for CQL clients' "$2/node$3/system.log" &&
    (: <"/dev/tcp/127.0.0.$3/$cql_port") 2>/dev/null
}

# Whether a node sees so many nodes up, itself included.
sees() {
  [ "$4" -eq 1 ] || [ "$(tool "$1" "$2" "$3" status 2>/dev/null | grep -c '^UN')" -ge "$4" ]
}

# Whether a node sees that another one is up.
sees_node() {
  tool "$1" "$2" "$3" status 2>/dev/null | grep -q "^UN  127\.0\.0\.$4 "
}

# A start that is interrupted goes on until everything that it has launched is written down, and can be ended.
interrupted=
heed_interruption() {
  trap 'interrupted=yes' INT TERM
}

# Waits until something is true of a node: await CONDITION CACHE DATA NODE …
await() {
  local data=$3 node=$4 deadline=$((SECONDS + start_seconds))
  until "$@"; do
    [ -z "$interrupted" ] || return 1
    if ! pid_of "$data" "$node" >/dev/null || [ $SECONDS -ge $deadline ]; then
      tail -n 20 "$data/node$node/console.log" "$data/node$node/system.log" >&2 || true
      return 1
    fi
    sleep 0.2
  done
}

start() {
  local cache=$1 data=$2 nodes=${3:-1} node
  heed_interruption
  mkdir -p "$data"
  data=$(cd "$data" && pwd)
  [ -z "$(running "$data")" ] || fail 'it runs already'
  find "$data" -mindepth 1 -maxdepth 1 -name 'node[0-9]' -exec rm -rf {} +
  for node in $(seq "$nodes"); do
    write_configuration "$data" "$node" "$nodes"
    launch "$cache" "$data" "$node"
  done
  for node in $(seq "$nodes"); do
    if ! await takes_requests "$cache" "$data" "$node" || ! await sees "$cache" "$data" "$node" "$nodes"; then
      stop "$data" KILL
      fail "node $node did not start${interrupted:+, interrupted}"
    fi
  done
}

restart() {
  local cache=$1 data node=$3 other
  heed_interruption
  data=$(cd "$2" && pwd)
  ! pid_of "$data" "$node" >/dev/null || fail 'it runs already'
  [ -d "$data/node$node" ] || fail "there is no node $node"
  mv "$data/node$node/system.log" "$data/node$node/system.before.log"
  launch "$cache" "$data" "$node"
  if ! await takes_requests "$cache" "$data" "$node"; then
    (signal KILL "$data" "$node") || true
    fail "node $node did not start${interrupted:+, interrupted}"
  fi
  for other in $(running "$data"); do
    if ! is_paused "$data" "$other"; then
      await sees_node "$cache" "$data" "$other" "$node" || fail "node $other does not see node $node"
      await sees_node "$cache" "$data" "$node" "$other" || fail "node $node does not see node $other"
    fi
  done
}

signal() {
  local pid
  pid=$(pid_of "$2" "$3") || fail "node $3 does not run"
  kill -"$1" "$pid"
}

# The numbers of the nodes that run.
running() {
  local node
  for node in $(seq 9); do
    if pid_of "$1" "$node" >/dev/null; then
      printf '%s\n' "$node"
    fi
  done
}

is_paused() {
  grep -qs '^State:\s*T' "/proc/$(pid_of "$1" "$2")/status"
}

# Ends all nodes. What has not ended after ten seconds is killed.
stop() {
  local data=$1 signal=${2:-TERM} node deadline=$((SECONDS + 10))
  for node in $(running "$data"); do
    (signal "$signal" "$data" "$node" && signal CONT "$data" "$node") 2>/dev/null || true
  done
  while [ -n "$(running "$data")" ]; do
    if [ $SECONDS -ge $deadline ]; then
      for node in $(running "$data"); do
        (signal KILL "$data" "$node") 2>/dev/null || true
      done
    fi
    sleep 0.1
  done
}

tool() {
  local cache=$1 home node=$3 modules
  [ -d "$2/node$3" ] || fail "there is no node $3"
  home=$(cd "$2/node$3" && pwd)
  shift 3
  mapfile -t modules < <(module_options)
  java "${modules[@]}" -Xmx128M -XX:TieredStopAtLevel=1 \
    -Dlogback.configurationFile="$home/logback-tools.xml" -cp "$(jars "$cache")/*" \
    org.apache.cassandra.tools.NodeTool -h 127.0.0.1 -p "$(jmx_port "$node")" "$@"
}

case "${1:-}:$#" in
  install:2) install "$2" ;;
  start:3 | start:4) start "${@:2}" ;;
  restart:4) restart "${@:2}" ;;
  nodetool:*) [ $# -ge 5 ] || usage; tool "${@:2}" ;;
  pause:3) signal STOP "$2" "$3" ;;
  resume:3) signal CONT "$2" "$3" ;;
  kill:2) stop "$2" KILL ;;
  kill:3) signal KILL "$2" "$3" ;;
  stop:2) stop "$2" ;;
  *) usage ;;
esac
