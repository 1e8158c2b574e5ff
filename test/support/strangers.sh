#!/usr/bin/env bash
# The programs of test/strangers, each of which uses a client library that others have written.
#
#   strangers.sh list                 their names
#   strangers.sh install CACHE NAME   downloads the libraries that the program needs into CACHE (nothing to do where
#                                     they are already); Go keeps modules in a cache of its own
#   strangers.sh run CACHE NAME       compiles the program and runs it, without downloads
#
# A program's folder says in which language it is written: requirements.txt (Python 3.11 or later, with pip), pom.xml
# (a JDK of Java 17 or later; Maven for the install alone) or go.mod (Go). CACHE is a folder; it is made where it is
# missing.
set -euo pipefail
unset CDPATH

folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/../strangers" && pwd)

fail() {
  printf 'strangers.sh: %s\n' "$*" >&2
  exit 1
}

usage() {
  sed -n 's/^#   strangers\.sh /strangers.sh /p' "${BASH_SOURCE[0]}" >&2
  exit 2
}

list() {
  local program
  for program in "$folder"/*/; do
    basename "$program"
  done
}

# The file that pins the versions of a program's libraries.
pins() {
  local file
  for file in requirements.txt pom.xml go.mod; do
    if [ -f "$folder/$1/$file" ]; then
      printf '%s\n' "$file"
      return
    fi
  done
  fail "there is no program $1"
}

python_version() {
  command -v python3 >/dev/null || fail 'python3 is needed'
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail 'Python 3.11 or later is needed'
  python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])'
}

# Where a program's libraries are. Other pins, or another Python, whose libraries are partly machine code: another folder.
libraries() {
  local cache=$1 name=$2 file version=
  file=$(pins "$name")
  if [ "$file" = requirements.txt ]; then
    version=$(python_version)
  fi
  mkdir -p "$cache"
  printf '%s/%s%s-%s' "$(cd "$cache" && pwd)" "$name" "$version" "$(sha256sum <"$folder/$name/$file" | cut -c 1-16)"
}

# Python's: all versions are pinned, so there is nothing to resolve.
download_requirements() {
  python3 -m pip install --quiet --no-input --no-deps --disable-pip-version-check --root-user-action=ignore \
    --requirement "$folder/$1/requirements.txt" --target "$2"
}

# Java's.
download_pom() {
  local modules
  command -v java >/dev/null || fail 'java is needed'
  modules=$(java --list-modules)
  [[ $modules == *jdk.compiler@* ]] || fail 'a JDK is needed: this Java has no compiler'
  command -v mvn >/dev/null || fail 'mvn is needed to install the libraries'
  mvn --quiet --batch-mode --no-transfer-progress --strict-checksums --file "$folder/$1/pom.xml" \
    org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$2"
}

# Compiles the libraries, too, which Go keeps.
install_go() {
  command -v go >/dev/null || fail 'go is needed'
  (cd "$folder/$1" && go mod download && go list -f '{{join .Imports "\n"}}' . | xargs go build)
}

# The folder appears whole or not at all, so a broken download is tried again.
install() {
  local cache=$1 name=$2 file target scratch
  file=$(pins "$name")
  if [ "$file" = go.mod ]; then
    install_go "$name"
    return
  fi
  target=$(libraries "$cache" "$name")
  if [ -d "$target" ]; then
    return
  fi
  scratch=$(mktemp -d "$target.XXXXXX")
  # In a subshell, so that what is missing ends the download alone.
  if ! ("download_${file%.*}" "$name" "$scratch/libraries"); then
    rm -rf "$scratch"
    fail "the libraries of $name could not be had"
  fi
  # Somebody else may have been faster.
  mv -T "$scratch/libraries" "$target" 2>/dev/null || [ -d "$target" ] || fail "nothing was installed for $name"
  rm -rf "$scratch"
}

run() {
  local name=$2 file target
  file=$(pins "$name")
  target=$(libraries "$1" "$name")
  cd "$folder/$name"
  case $file in
    go.mod) GOPROXY=off GOFLAGS="${GOFLAGS:-} -mod=readonly" exec go run . ;;
    pom.xml) exec java -Dstdout.encoding=UTF-8 -cp "$target/*" Program.java ;;
    requirements.txt) PYTHONPATH=$target exec python3 -X utf8 -B program.py ;;
  esac
}

case ${1:-} in
  list) [ $# -eq 1 ] || usage ;;
  install | run) [ $# -eq 3 ] || usage ;;
  *) usage ;;
esac
"$@"
