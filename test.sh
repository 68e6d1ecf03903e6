#!/usr/bin/env bash
# Everything that must hold before a change is pushed: it builds without a warning, is formatted, passes every test project, and leaves
# the tree as it was (generated files such as openapi/v1.json are committed). Needs the .NET 10 SDK and PostgreSQL's server programs; it
# installs the latter where it can.
#
#   ./test.sh            all of it
#   ./test.sh Tidy       only the test projects whose name holds "Tidy"; no format and no tree check
#
# The last line is always "N passed, N failed" (and ", N skipped" when there are any), summed over all projects. A failed step counts as
# one failed. Exit code: 0 when nothing failed, 1 when something did, 130 or 143 when interrupted.
set -uo pipefail
# Each step is a job with its own process group, so that an interrupt reaches all that it started.
set -m
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

readonly only="${1:-}"
readonly configuration=Release
# A project that hangs is ended rather than waited for, where the system has a way to do so.
bounded=()
command -v timeout >/dev/null && bounded=(timeout --kill-after=10 15m)
reports="$(mktemp -d)" || exit 1

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
# Build nodes that stay behind would keep the caller's pipe open.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
[ -n "${HOME:-}" ] || export HOME="$reports"

passed=0 failed=0 skipped=0 job=

finish() {
  rm -rf "$reports"
  if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
  else
    echo "$passed passed, $failed failed"
  fi
}

interrupted() {
  trap - INT TERM
  [ -n "$job" ] && kill -TERM -- "-$job" 2>/dev/null && wait "$job" 2>/dev/null
  failed=$((failed + 1))
  echo "interrupted" >&2
  finish
  exit "$1"
}
trap 'interrupted 130' INT
trap 'interrupted 143' TERM

run() {
  "$@" </dev/null &
  job=$!
  wait "$job"
  local code=$?
  job=
  return "$code"
}

step() {
  local name="$1"
  shift
  echo "== $name"
  local started=$SECONDS
  if run "$@"; then
    echo "   done in $((SECONDS - started)) s"
    return 0
  fi

  echo "   FAILED: $name" >&2
  failed=$((failed + 1))
  return 1
}

# What git sees: names and contents of everything that is not committed. Nothing outside a checkout.
tree() {
  git rev-parse --is-inside-work-tree >/dev/null 2>&1 || return 0
  git status --porcelain=v1 --untracked-files=all
  git diff HEAD
}

install_what_is_missing() {
  command -v dotnet >/dev/null || { echo "The .NET 10 SDK is missing: install it and put 'dotnet' on the PATH." >&2; return 1; }
  has_postgres || install_postgres
}

# The tests start servers of their own; they need the programs only.
has_postgres() {
  command -v initdb >/dev/null && command -v postgres >/dev/null && return 0
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

install_postgres() {
  local as_root=() missing="PostgreSQL's server programs are missing: install them (15 or later), for example 'apt-get install postgresql'."
  [ "$(id -u)" = 0 ] || as_root=(sudo -n)
  if ! command -v apt-get >/dev/null || ! ${as_root[@]+"${as_root[@]}"} true 2>/dev/null; then
    echo "$missing" >&2
    return 1
  fi

  # Debian would make and start a cluster nobody asked for: its own switch against that must lie there before the server comes.
  export DEBIAN_FRONTEND=noninteractive
  ${as_root[@]+"${as_root[@]}"} sh -c '
    mkdir -p /etc/postgresql-common/createcluster.d &&
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.d/no-main-cluster.conf &&
    { apt-get install -y -qq --no-install-recommends postgresql >/dev/null 2>&1 ||
      { apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql >/dev/null; }; }'
  has_postgres || { echo "$missing" >&2; return 1; }
}

# xUnit writes <assembly … total= passed= failed= skipped= errors= not-run=>, one to a project.
count() { # report attribute
  sed -n 's/.*<assembly [^>]*[[:space:]]'"$2"'="\([0-9]\{1,\}\)".*/\1/p' "$1" | head -n 1
}

test_project() {
  local name="$1" report="$reports/$1.xml" code=0
  local assembly="tests/$name/bin/$configuration/net10.0/$name.dll"
  echo "== $name"
  local started=$SECONDS
  run ${bounded[@]+"${bounded[@]}"} dotnet "$assembly" -noColor -result-xml "$report" || code=$?
  local p f s e
  p="$(count "$report" passed 2>/dev/null)" f="$(count "$report" failed 2>/dev/null)"
  s="$(count "$report" skipped 2>/dev/null)" e="$(count "$report" errors 2>/dev/null)"
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0} + ${e:-0})) skipped=$((skipped + ${s:-0}))
  echo "   ${p:-0} passed, $((${f:-0} + ${e:-0})) failed, ${s:-0} skipped in $((SECONDS - started)) s"

  # A project that crashed, hung or ran nothing has failed too, though no test of it says so.
  if [ -z "$p" ] || [ "$p" = 0 ] || { [ "$code" -ne 0 ] && [ "$((${f:-0} + ${e:-0}))" -eq 0 ]; }; then
    echo "   FAILED: $name ended with code $code and ${p:-no} passed tests" >&2
    failed=$((failed + 1))
  fi
}

before="$(tree)"
if step "tools" install_what_is_missing \
  && step "restore" dotnet restore --verbosity quiet \
  && step "build" dotnet build --no-restore --configuration "$configuration" --verbosity quiet; then
  [ -n "$only" ] || step "format" dotnet format --no-restore --verify-no-changes --verbosity quiet
  for project in tests/*.Tests/*.Tests.csproj; do
    name="$(basename "$project" .csproj)"
    case "$name" in *"$only"*) test_project "$name" ;; esac
  done

  if [ -z "$only" ]; then
    echo "== tree"
    if [ "$(tree)" != "$before" ]; then
      echo "   FAILED: the build or the tests changed files of the tree; commit what is generated:" >&2
      git status --porcelain=v1 --untracked-files=all >&2
      git --no-pager diff --stat HEAD >&2
      failed=$((failed + 1))
    fi
  fi
fi

finish
[ "$failed" -eq 0 ]
