#!/usr/bin/env bash
# Runs the official kits, unmodified, against a freshly built pod: every kit, over http with keys, and over https with keys and
# with certificates. The last line is "N passed, N failed". Wants Go, Python 3.11 or later, Java 17 and Maven.
#
# Everything that is built, installed and written goes to .e2e/ at the root of the repository; kits already there are not
# installed again. What a run found, and what the pod said, is in .e2e/results/.
set -euo pipefail

e2e=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$e2e")
work=$root/.e2e
results=$work/results
suites=()    # the folders in which suites leave their reports
pod_pid=     # of the running pod, if one runs
data=        # where it keeps its data

export PYTHONPYCACHEPREFIX=$work/pycache # compiled Python, too, stays out of the source tree
# The pod is on this machine: a proxy for the world outside must not get in between.
export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1

main() {
	trap stop_pod EXIT
	rm -rf "$results"
	mkdir -p "$results"

	say "build podium"
	(cd "$root" && go build -o "$work/podium" ./cmd/podium)

	local requirements
	for requirements in "$e2e"/python/requirements-*.txt; do
		install_python "$requirements"
	done
	say "compile the Java tests"
	maven test-compile

	all_kits http
	all_kits https --tls

	python3 "$e2e/tally.py" "${suites[@]}"
}

# all_kits NAME [FLAG]: starts a pod with the flag, and lets every kit at it.
all_kits() {
	local name=$1 requirements
	say "podium dev ${*:2}"
	if ! start_pod "$@"; then
		suites+=("$results/$name") # an empty folder counts as a failure
		stop_pod
		return
	fi
	for requirements in "$e2e"/python/requirements-*.txt; do
		python_suite "$name" "$(version_of "$requirements")"
	done
	java_suite "$name"
	stop_pod
}

# install_python REQUIREMENTS: a virtual environment per version of the kit, made anew when its requirements change.
install_python() {
	local requirements=$1 venv
	venv=$work/python-$(version_of "$requirements")
	cmp -s "$requirements" "$venv/installed.txt" && return
	say "install the Python kit $(version_of "$requirements")"
	rm -rf "$venv"
	python3 -m venv "$venv"
	"$venv/bin/pip" install --quiet --requirement "$requirements"
	cp "$requirements" "$venv/installed.txt"
}

# version_of REQUIREMENTS: requirements-3.0.0.txt names version 3.0.0.
version_of() {
	local name=${1##*/requirements-}
	echo "${name%.txt}"
}

# start_pod NAME [FLAG]: starts a pod with fresh data and waits until it answers, which it says by writing bootstrap.json.
start_pod() {
	local log=$results/podium-$1.log deadline=$((SECONDS + 60))
	data=$(mktemp -d)
	"$work/podium" dev --data "$data" --port "$(python3 "$e2e/free_ports.py")" "${@:2}" >"$log" 2>&1 &
	pod_pid=$!
	until [[ -s $data/bootstrap.json ]]; do
		if ! kill -0 "$pod_pid" 2>/dev/null || ((SECONDS > deadline)); then
			echo "the pod did not start:" >&2
			tail -n 50 "$log" >&2
			return 1
		fi
		sleep 0.1
	done
}

stop_pod() {
	if [[ -n $pod_pid ]]; then
		kill "$pod_pid" 2>/dev/null || true
		wait "$pod_pid" 2>/dev/null || true
		pod_pid=
	fi
	if [[ -n $data ]]; then
		rm -rf "$data"
		data=
	fi
}

# The suites do not stop the run when they fail, so that one run tells about all kits; the tally at the end does.

python_suite() {
	local report=$results/$1-python-$2
	say "Python kit $2 over $1"
	suites+=("$report")
	PODIUM_E2E_DATA=$data "$work/python-$2/bin/pytest" -q --tb=short --junitxml="$report/report.xml" \
		-c "$e2e/python/pytest.ini" --rootdir="$e2e/python" "$e2e/python" || true
}

java_suite() {
	local report=$results/$1-java certificates=()
	say "Java kit over $1"
	suites+=("$report")
	# Certificates can be shown only over TLS.
	[[ $1 == https ]] || certificates=(-DexcludedGroups=certificate)
	PODIUM_E2E_DATA=$data maven test -De2e.reports="$report" "${certificates[@]}" || true
}

# maven ARGUMENTS: some builds of Maven reset colours even where they use none, which would end up in our last line.
maven() {
	mvn -q -B -f "$e2e/java/pom.xml" "$@" 2>&1 | sed 's/\x1b\[[0-9;]*m//g'
}

say() {
	echo "== $*"
}

main
