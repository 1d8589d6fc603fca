# shellcheck shell=bash
# Sourced by ./demo after node.sh: the server of the search page, which runs beside the node.

: "${demo_home:?}" "${es:?}" "${java_home=}" "${here:?}" "${embedding=}" "${reranker=}"

page_started=$demo_home/page.started # address and process; "failed" where it could not start
page_config=$demo_home/page.json
classes=$demo_home/classes

# Compiles the demo's Java with the JSON library of the plugin, where it is not compiled as it is now.
compile_demo() {
  local sources=("$here"/integTest/demo/java/io/github/qwen3retrieval/demo/*.java) sum
  sum="$java_home $(cat "${sources[@]}" | cksum)"
  [ "$(cat "$classes/.sources" 2>/dev/null)" != "$sum" ] || return 0
  rm -rf "$classes"
  "$java_home/bin/javac" -nowarn -d "$classes" -cp "$es/plugins/qwen3-retrieval/*" "${sources[@]}" \
    >"$demo_home/compile.log" 2>&1 || die "could not compile the demo: see [$demo_home/compile.log]"
  echo "$sum" >"$classes/.sources"
}

# Runs part $1 of the demo on the node.
demo_java() {
  local progress=plain
  [ ! -t 1 ] || progress=live
  "$java_home/bin/java" -Dstdout.encoding=UTF-8 -cp "$classes:$es/plugins/qwen3-retrieval/*" \
    io.github.qwen3retrieval.demo.Demo "$1" "$(node_url)" "$embedding" "$reranker" "$here/integTest/demo" "$page_config" $progress
}

page_address() {
  sed -n 1p "$page_started" 2>/dev/null || true
}

page_running() {
  runs "$(sed -n 2p "$page_started" 2>/dev/null)" "$page_config"
}

# Starts the server anew, so that it shows what is there now; waits until it answers, at most a minute.
start_page() {
  local first=${QWEN3_DEMO_PAGE_PORT:-8200} last=${QWEN3_DEMO_PAGE_PORT:-8299} site=$demo_home/site waited=0
  stop_page >/dev/null
  # nobody may not be allowed to enter the checkout
  rm -rf "$site"
  mkdir -p "$site/search-ui"
  cp -R "$here/integTest/demo/page" "$site/page"
  [ ! -d "$here/integTest/demo/search-ui/dist" ] || cp -R "$here/integTest/demo/search-ui/dist/." "$site/search-ui"
  chmod -R a+rX "$site" "$classes" "$page_config"
  : >"$page_started"
  [ "$(id -u)" != 0 ] || chown nobody "$page_started"
  as_node setsid --fork "$java_home/bin/java" -Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -cp "$classes:$es/plugins/qwen3-retrieval/*" io.github.qwen3retrieval.demo.PageServer \
    "$site/page" "$site/search-ui" "$page_config" "$first" "$last" "$page_started" >"$demo_home/page.log" 2>&1 </dev/null 9>&-
  while ! page_running; do
    if [ "$(page_address)" = failed ] || [ $((waited += 1)) -gt 300 ]; then
      die "the search page did not start: see [$demo_home/page.log]"
    fi
    sleep 0.2
  done
}

# Stops the server, at most ten seconds later.
stop_page() {
  local pid waited=0
  if page_running; then
    pid=$(sed -n 2p "$page_started")
    kill "$pid" 2>/dev/null || true
    while page_running; do
      [ $((waited += 1)) -le 50 ] || kill -9 "$pid" 2>/dev/null || true
      sleep 0.2
    done
    echo "the search page is stopped"
  fi
  rm -f "$page_started"
}

# Shows the page where a person sits before a desktop.
open_page() {
  if [ -t 1 ] && [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && command -v xdg-open >/dev/null; then
    xdg-open "$(page_address)" >/dev/null 2>&1 </dev/null 9>&- &
  fi
}
