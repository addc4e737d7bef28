#!/usr/bin/env bash
# Runs the official kits, unmodified, against a freshly built pod. Each kit runs whole over http or
# over https, and its logins run over both, with keys and with certificates. Schemathesis compares the pod with its own
# description. The Java library of MessageML judges our conversion. Chromium uses the console.
# Bots, a bridge and an agent's channel that others have published run against a pod of their own.
# The last line is "N passed, N failed". Needs Go, Python 3.11 or later, Java 17, Maven, Node 20 and
# Chromium.
#
# Each suite has its own pod, so that suites can run side by side. The pod's log shows which
# operations the kit called. calls.txt lists them; a kit that no longer calls one is a failure.
# Each suite also reports which methods of the kit's services its tests called. A method that no
# test calls is a failure, unless left_out.txt gives a reason; methods.txt lists the methods.
# PODIUM_UPDATE=1 writes the lists again.
#
# All that is built, installed and written goes to .e2e/ at the root of the repository. What is
# installed there is not installed again. The results and the pods' output are in .e2e/results/.
set -euo pipefail

e2e=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$e2e")
work=$root/.e2e
results=$work/results
kits=()      # those of the suites that are an SDK's
suites=()    # in the order in which they were begun: each has a folder of reports, SUITE.out and SUITE.log (of its pod)
preparing=() # the processes that prepare the suites
pod_pid=     # of the running pod, if one runs (a suite has its own)
data=        # where it keeps its data

export PYTHONPYCACHEPREFIX=$work/pycache # compiled Python, too, stays out of the source tree
# The pod is on this machine: a proxy for the world outside must not get in between.
export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1

# main [prepare]: runs everything; with prepare it only builds and installs, which mostly waits for
# the network and can run beside other work.
main() {
	trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
	rm -rf "$results"
	mkdir -p "$results"

	# Most of them wait for the network.
	local requirements versions=()
	beside build_podium
	beside compile_java
	for requirements in "$e2e"/python/requirements-*.txt; do
		versions+=("$(version_of "$requirements")")
		beside install_python "python-${versions[-1]}" "$requirements"
	done
	beside install_python schemathesis "$e2e/schemathesis/requirements.txt"
	beside install_console
	beside install_python programs "$e2e/programs/requirements.txt"
	beside install_python room-bot "$e2e/programs/requirements-room-bot.txt"
	beside install_node older-node
	ready
	[[ ${1:-} != prepare ]] || return 0

	# The demo bot's calls are not those of a kit.
	all_kits http --no-bot
	begin described
	begin messageml
	begin console
	finish
	all_kits https --tls --no-bot
	begin programs --tls --no-bot
	finish

	local ok=true
	python3 "$e2e/calls.py" "$e2e/calls.txt" "$results"/http*.log || ok=false
	python3 "$e2e/methods.py" "$e2e/left_out.txt" "$e2e/methods.txt" "${kits[@]}" || ok=false
	python3 "$e2e/tally.py" "${suites[@]}" && $ok
}

# beside COMMAND [ARGUMENT...]: runs a command beside all else, until ready.
beside() {
	"$@" &
	preparing+=($!)
}

# ready waits for the commands of beside. One that fails ends the run.
ready() {
	local pid
	for pid in "${preparing[@]}"; do
		wait "$pid"
	done
}

build_podium() {
	say "build podium"
	cd "$root" && go build -o "$work/podium" ./cmd/podium
}

compile_java() {
	say "compile the Java tests and the workflow bot"
	maven java test-compile
	maven programs/workflow compile dependency:build-classpath -Dmdep.outputFile="$work/workflow/classpath"
}

# all_kits NAME FLAG...: begins every kit, each against a pod that is started with the flags.
all_kits() {
	local version begun=${#suites[@]}
	for version in "${versions[@]}"; do
		begin "$1-python-$version" "${@:2}"
	done
	begin "$1-java-$(sed -n 's:.*<bdk.version>\(.*\)</bdk.version>.*:\1:p' "$e2e/java/pom.xml")" "${@:2}"
	kits+=("${suites[@]:begun}")
}

# begin SUITE FLAG...: runs a suite against a pod that is started with the flags, beside all else.
begin() {
	say "begin $1"
	suites+=("$results/$1")
	mkdir -p "$results/$1" # one that stays empty counts as a failure
	run_suite "$@" >"$results/$1.out" 2>&1 &
}

# finish waits for all suites that were begun, and says what they said.
finish() {
	local suite
	wait
	for suite in "${suites[@]}"; do
		[[ -e $suite.out ]] || continue
		say "${suite##*/}"
		cat "$suite.out"
		rm "$suite.out"
	done
}

# run_suite SUITE FLAG...: a failure does not stop the run, so that one run tells about all kits; the
# tally at the end does.
run_suite() {
	local name=$1 report=$results/$1
	if [[ $name == messageml ]]; then # needs no pod
		SECONDS=0
		python3 "$e2e/messageml/run.py" "$work/messageml" "$report" 2>&1 | sed 's/\x1b\[[0-9;]*m//g' || true
		echo "took $SECONDS s"
		return
	fi
	trap stop_pod EXIT
	start_pod "$@" || return
	# What a kit does is the same over http and https, but for its logins.
	local logins=false tests=()
	case $name in
	http-python-2* | https-python-3* | https-java-*) logins=true ;;
	esac
	case $name in
	*-python-*)
		# The kit reads the machine's certificate authorities for each client that it makes, which
		# would be most of the time of the run. The kit's configuration has the pod's certificate,
		# and no other must count.
		tests=("$e2e/python")
		if $logins; then
			tests=("$e2e"/python/test_{bot,refused}_login.py)
			[[ $name != https-* ]] || tests+=("$e2e/python/test_certificate_login.py")
		fi
		PODIUM_E2E_DATA=$data SSL_CERT_FILE=/dev/null SSL_CERT_DIR=$report "$work/python-${name##*-}/bin/pytest" -q --tb=short --junitxml="$report/report.xml" \
			-c "$e2e/python/pytest.ini" --rootdir="$e2e/python" "${tests[@]}" || true
		;;
	*-java-*)
		local certificates=()
		# Certificates can be shown only over TLS.
		[[ $name == https-* ]] || certificates=(-DexcludedGroups=certificate)
		! $logins || tests=(-Dtest='BotLoginTest,RefusedLoginTest,CertificateLoginTest')
		PODIUM_E2E_DATA=$data maven java test -De2e.reports="$report" "${certificates[@]}" "${tests[@]}" || true
		;;
	programs) # the older kits speak https only
		PODIUM_E2E_DATA=$data PODIUM_E2E_WORK=$work "$work/programs/bin/pytest" -q --tb=short --junitxml="$report/report.xml" \
			--basetemp="$report/files" -c "$e2e/programs/pytest.ini" --rootdir="$e2e/programs" "$e2e/programs" || true
		;;
	console)
		PODIUM_E2E_DATA=$data PODIUM_E2E_REPORT=$report PODIUM_BINARY=$work/podium node --test --test-concurrency=2 \
			--test-reporter=spec --test-reporter-destination=stdout --test-reporter=junit --test-reporter-destination="$report/report.xml" \
			"$e2e"/console/ || true
		sed -i 's/\x1b\[[0-9;]*m//g' "$report/report.xml" # colours of errors, which XML must not have
		;;
	described)
		"$work/schemathesis/bin/python" "$e2e/schemathesis/run.py" "$data" "$report" || true
		;;
	esac
	echo "took $SECONDS s"
}

# install_console: the packages of the browser tests are those of the console.
install_console() {
	say "install the console's packages"
	make -s -C "$root" console-packages
}

# install_python NAME REQUIREMENTS: a virtual environment, made again when its requirements change.
install_python() {
	local venv=$work/$1 requirements=$2
	cmp -s "$requirements" "$venv/installed.txt" && return
	say "install $1"
	rm -rf "$venv"
	python3 -m venv "$venv"
	"$venv/bin/pip" install --quiet --requirement "$requirements"
	cp "$requirements" "$venv/installed.txt"
}

# install_node NAME: the packages of a program in programs, made again when its list changes.
install_node() {
	local folder=$work/$1 list=$e2e/programs/$1/package-lock.json
	cmp -s "$list" "$folder/installed.json" && return
	say "install $1"
	rm -rf "$folder"
	mkdir -p "$folder"
	cp "$e2e/programs/$1/package.json" "$list" "$folder"
	npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error
	cp "$list" "$folder/installed.json"
}

# version_of REQUIREMENTS: requirements-3.0.0.txt names version 3.0.0.
version_of() {
	local name=${1##*/requirements-}
	echo "${name%.txt}"
}

# start_pod SUITE FLAG...: starts a pod with fresh data and waits until it answers. One at a time:
# between the look for a free port and its use, another could take it. Where a program did, another
# is looked for.
start_pod() {
	local log=$results/$1.log tries
	for tries in 1 2 3; do
		data=$(mktemp -d)
		if begin_pod "$log" "${@:2}"; then
			SECONDS=0
			return
		fi
		stop_pod
	done
	echo "the pod did not start:"
	tail -n 50 "$log"
	return 1
}

# begin_pod LOG [FLAG]: what is up has written bootstrap.json.
begin_pod() {
	local deadline=$((SECONDS + 60)) lock
	exec {lock}>"$work/start.lock"
	flock "$lock"
	"$work/podium" dev --data "$data" --port "$(python3 "$e2e/free_ports.py")" "${@:2}" >"$1" 2>&1 {lock}>&- &
	pod_pid=$!
	until [[ -s $data/bootstrap.json ]]; do
		if ! kill -0 "$pod_pid" 2>/dev/null || ((SECONDS > deadline)); then
			exec {lock}>&-
			return 1
		fi
		sleep 0.1
	done
	exec {lock}>&-
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

# maven PROJECT ARGUMENTS: some builds of Maven reset colours even where they use none, which would
# end up in our last line.
maven() {
	mvn -q -B -f "$e2e/$1/pom.xml" "${@:2}" 2>&1 | sed 's/\x1b\[[0-9;]*m//g'
}

say() {
	echo "== $*"
}

main "$@"
