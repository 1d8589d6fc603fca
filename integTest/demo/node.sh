# shellcheck shell=bash
# Sourced by ./demo, which sets elasticsearch_version, java_home and die: one node in a folder of its own, from
# unpacking to removal.

: "${elasticsearch_version:?}" "${java_home=}"

# Elasticsearch does not run as root: then nobody runs it, who must be able to enter the folder.
if [ "$(id -u)" = 0 ]; then
  demo_home=${QWEN3_DEMO_HOME:-/var/lib/qwen3-demo}
else
  demo_home=${QWEN3_DEMO_HOME:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/qwen3-demo}
fi
case $demo_home in /*) ;; *) demo_home=$PWD/$demo_home ;; esac
es=$demo_home/elasticsearch-$elasticsearch_version
models=$demo_home/models
# in a folder of the node's own user, who removes it at the end
pid_file=$es/tmp/node.pid
start_seconds=180

# Runs a command as the user whom the node belongs to.
as_node() {
  if [ "$(id -u)" != 0 ]; then
    "$@"
  elif command -v setpriv >/dev/null; then
    setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups "$@"
  elif command -v runuser >/dev/null; then
    runuser -u nobody -- "$@"
  else
    su -s /bin/bash nobody -c "$(printf '%q ' "$@")"
  fi
}

qwen3() {
  ES_JAVA_HOME=$java_home "$es/bin/qwen3-retrieval/qwen3" "$@"
}

# Makes the demo's folder; a folder that the demo did not make is left alone.
enter_home() {
  if [ ! -f "$demo_home/.qwen3-demo" ] && [ -n "$(ls -A "$demo_home" 2>/dev/null)" ]; then
    die "[$demo_home] holds other files: set QWEN3_DEMO_HOME to an empty or new folder"
  fi
  if ! { mkdir -p "$models" && touch "$demo_home/.qwen3-demo"; } 2>/dev/null; then
    die "cannot write to [$demo_home]: set QWEN3_DEMO_HOME to a folder of yours"
  fi
  exec 9>"$demo_home/.lock"
  ! command -v flock >/dev/null || flock -n 9 || die "another ./demo is at work in [$demo_home]"
  as_node test -x "$demo_home" ||
    die "[$demo_home] cannot be entered by user nobody, who runs the node: set QWEN3_DEMO_HOME to another folder"
  as_node test -x "$java_home/bin/java" ||
    die "the JDK in [$java_home] cannot be run by user nobody, who runs the node: install one for all users"
  echo "working in [$demo_home], JDK in [$java_home]"
}

# Whether the node of this folder runs.
running() {
  runs "$(cat "$pid_file" 2>/dev/null)" "$es"
}

# Whether process $1 is there and has $2 in its command line: the number may be another program's by now.
runs() {
  [ -n "$1" ] && tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | grep -qF "$2"
}

node_url() {
  echo "http://$(head -n 1 "$es/logs/http.ports")"
}

# Refuses the port that variable $1 wants where it is none, or where another program has it than ours, of which $2 says
# whether it runs and $3 where.
check_port() {
  local port=${!1:-} address
  [ -n "$port" ] || return 0
  check_number "$1" "$port"
  if "$2"; then
    address=$("$3")
    [ "${address%/}" != "http://127.0.0.1:$port" ] || return 0
  fi
  check_free "$1" "$port"
}

# Refuses value $2 of variable $1 where it is no port.
check_number() {
  if ! [[ $2 =~ ^[1-9][0-9]{0,4}$ ]] || [ "$2" -gt 65535 ]; then
    die "$1 must be a port between [1] and [65535], got [$2]"
  fi
}

# Refuses port $2 of variable $1 where something listens.
check_free() {
  ! (exec 3<>"/dev/tcp/127.0.0.1/$2") 2>/dev/null ||
    die "port [$2] is taken: stop what listens there or set $1 to another"
}

# Unpacks Elasticsearch from zip $1.
install_node() {
  [ ! -d "$es" ] || return 0
  local part=$demo_home/.unpacking
  rm -rf "$part"
  mkdir "$part"
  (cd "$part" && "$java_home/bin/jar" xf "$1") >"$demo_home/unpack.log" 2>&1 ||
    die "could not unpack [$1]: a damaged zip or a full disk, see [$demo_home/unpack.log]"
  mkdir -p "$part/elasticsearch-$elasticsearch_version"/{data,logs,tmp}
  chmod -R a+rX "$part"
  find "$part" -path '*/bin/*' -type f -exec chmod a+x {} +
  mv "$part/elasticsearch-$elasticsearch_version" "$es"
  rm -rf "$part" "$demo_home/elasticsearch-$elasticsearch_version.zip"
}

# Installs zip $1 as an administrator does, in place of an older build of it.
install_plugin() {
  local sum log=$demo_home/install.log
  sum=$(cksum <"$1")
  [ "$(cat "$es/.plugin" 2>/dev/null)" != "$sum" ] || return 0
  echo "installing the plugin"
  stop_node >/dev/null
  rm -f "$es/.plugin"
  if [ -d "$es/plugins/qwen3-retrieval" ]; then
    es_tool elasticsearch-plugin remove qwen3-retrieval >"$log" 2>&1 || die "could not remove the old plugin: see [$log]"
  fi
  es_tool elasticsearch-plugin install --batch "file://${1// /%20}" >"$log" 2>&1 || die "could not install the plugin: see [$log]"
  echo "$sum" >"$es/.plugin"
}

es_tool() {
  local tool=$1
  shift
  env -u ES_PATH_CONF -u ES_HOME ES_JAVA_HOME="$java_home" "$es/bin/$tool" "$@"
}

write_config() {
  cat <<END
cluster.name: qwen3-demo
discovery.type: single-node
network.host: 127.0.0.1
http.port: ${QWEN3_DEMO_PORT:-9200-9300}
transport.port: 0
node.portsfile: true
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
qwen3.models.path: "$models"
END
}

# Starts the node, or leaves it where it runs with this configuration; waits until it answers.
start_node() {
  local config=$es/config/elasticsearch.yml
  if running && [ "$(cat "$config")" = "$(write_config)" ]; then
    echo "the node is already running"
    return
  fi
  stop_node >/dev/null
  write_config >"$config"
  rm -f "$es/logs/http.ports"
  [ "$(id -u)" != 0 ] || chown -R nobody "$es"/{config,data,logs,tmp}
  touch "$pid_file" && { [ "$(id -u)" != 0 ] || chown nobody "$pid_file"; }
  echo "starting the node"
  (
    cd "$es"
    unset ES_PATH_CONF ES_HOME
    export ES_JAVA_HOME=$java_home ES_TMPDIR=$es/tmp ES_JAVA_OPTS="-Xms512m -Xmx512m"
    as_node timeout "$start_seconds" bin/elasticsearch -d -p "$pid_file"
  ) >"$demo_home/start.log" 2>&1 </dev/null 9>&- || not_started
  curl -sS --retry 30 --retry-connrefused --max-time 60 -o /dev/null \
    "$(node_url)/_cluster/health?wait_for_status=yellow&timeout=50s" 2>>"$demo_home/start.log" || not_started
}

not_started() {
  stop_node >/dev/null
  die "the node did not start within $start_seconds s: see [$demo_home/start.log] and [$es/logs/qwen3-demo.log]"
}

# Stops the node and waits for its end, at most a minute.
stop_node() {
  if ! running; then
    echo "no node is running in [$demo_home]"
    return
  fi
  local pid waited=0
  pid=$(cat "$pid_file")
  kill "$pid"
  while running; do
    [ $((waited += 1)) -le 300 ] || kill -9 "$pid" 2>/dev/null || true
    sleep 0.2
  done
  rm -f "$pid_file"
  echo "the node is stopped"
}

# Removes what the demo made; checkpoints that the user put into the models folder stay.
reset_home() {
  local source
  if [ ! -f "$demo_home/.qwen3-demo" ]; then
    echo "nothing to remove in [$demo_home]"
    return
  fi
  stop_page >/dev/null
  stop_node >/dev/null
  for source in "$models"/.*.source; do
    [ ! -f "$source" ] || rm -rf "${models:?}/$(basename "${source%.source}" | cut -c 2-)" "$source"
  done
  rm -rf "$demo_home"/elasticsearch-* "$demo_home/.unpacking" "$models"/random-* "$models/.part" \
    "$demo_home"/{classes,site} "$demo_home"/*.log "$demo_home"/page.{json,started}
  if rmdir "$models" 2>/dev/null; then
    rm -f "$demo_home"/{.lock,.qwen3-demo}
    rmdir "$demo_home"
    echo "removed [$demo_home]"
  else
    echo "removed what was in [$demo_home] but your checkpoints in [$models]"
  fi
}
