#!/usr/bin/env bash
# Installs the Debian packages that Guiyan's tests need and this machine lacks: only as root, only with apt-get,
# only what is missing. It never fails a build: what it cannot install, it names with the reason.
set -u

PYTHON=${PYTHON:-python3}

# package | a command that succeeds where nothing is missing
WANTED=(
  "python3-venv | $PYTHON -c 'import ensurepip, venv'"
  "chromium | command -v chromium"
  "fonts-noto-cjk | ls /usr/share/fonts/opentype/noto/*CJK* || ls /usr/share/fonts/truetype/wqy/*"
  "postgresql | ls /usr/lib/postgresql/*/bin/initdb"
)

missing=()
for line in "${WANTED[@]}"; do
  bash -c "${line#* | }" >/dev/null 2>&1 || missing+=("${line%% | *}")
done
[ "${#missing[@]}" -gt 0 ] || exit 0

cannot() {
  echo "Debian packages not installed: ${missing[*]}: $1"
  exit 0
}

command -v apt-get >/dev/null || cannot "this machine has no apt-get; install their like by its own means."
[ "$(id -u)" -eq 0 ] || cannot "you are not root. As root: apt-get install ${missing[*]}"

export DEBIAN_FRONTEND=noninteractive
options=(-qq -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 -o DPkg::Lock::Timeout=60)
echo "Installing Debian packages: ${missing[*]}"
# Stale lists may still do, so a failed update alone stops nothing.
said=$(apt-get "${options[@]}" update 2>&1; apt-get "${options[@]}" install -y --no-install-recommends "${missing[@]}" 2>&1) \
  || cannot "apt-get failed: $(tail -n 3 <<<"$said")"
exit 0
