#!/usr/bin/env bash
# The shared libraries and the font that Qt needs to draw without a display: looks for them, installs what is missing
# as root or by a sudo that asks for no password, else says in one sentence what is missing. Nothing to do: silent.
set -euo pipefail
export PATH="$PATH:/usr/sbin:/sbin"

if [ "$(uname -s)" != Linux ]; then
  exit 0  # Qt's packages for macOS and Windows bring what they need
fi

libraries="libEGL.so.1:libegl1 libGL.so.1:libgl1 libxkbcommon.so.0:libxkbcommon0 libdbus-1.so.3:libdbus-1-3
           libfontconfig.so.1:libfontconfig1 libglib-2.0.so.0:libglib2.0-0"

missing_packages() {
  local known pair
  known="$(ldconfig -p)"
  for pair in $libraries; do
    case "$known" in
      *"${pair%%:*}"*) ;;
      *) printf '%s ' "${pair##*:}" ;;
    esac
  done
  if [ -z "$(find /usr/share/fonts /usr/local/share/fonts -name '*.ttf' -print -quit 2>/dev/null)" ]; then
    printf 'fonts-dejavu-core '
  fi
}

missing="$(missing_packages)"
if [ -z "$missing" ]; then
  exit 0
fi

if [ "$(id -u)" = 0 ]; then
  as_root=""
elif sudo -n true 2>/dev/null; then
  as_root="sudo -n"
else
  as_root="none"
fi
if [ "$as_root" = none ] || ! command -v apt-get >/dev/null; then
  echo "The panel tests draw with Qt and need these packages (Debian's names): $missing- install them and run this again." >&2
  exit 1
fi

echo "== Installing for Qt: $missing"
$as_root apt-get update -qq
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
still="$(missing_packages)"
if [ -n "$still" ]; then
  echo "These packages are installed, but the libraries are still not found: $still" >&2
  exit 1
fi
