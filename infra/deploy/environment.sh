#!/bin/sh
# Makes a virtual environment in the folder $1 with the machine's own Python, or says what is missing for it.
set -eu
folder=$1

newest_python() {
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
}

if [ -x "$folder/bin/python" ] && "$folder/bin/python" -c 'import pip' >/dev/null 2>&1; then
    exit 0
fi
python=$(newest_python)
if [ -z "$python" ]; then
    found=$(python3 --version 2>/dev/null || echo "none")
    echo "Mentorweave needs Python 3.11 or newer; found here: $found." >&2
    echo "Install one, or name it: make PYTHON=/path/to/python3.12" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    echo "This Python cannot make virtual environments. On Debian and Ubuntu: apt-get install $package" >&2
    exit 1
fi
echo "Making a Python environment in $folder ..."
"$python" -m venv "$folder"
