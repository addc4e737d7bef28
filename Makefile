# `make` alone lists the commands.

# The published OpenAPI files, if they are beside this checkout. Answers are then checked against
# them.
export PODIUM_PUBLISHED_SPEC ?= $(wildcard $(abspath ../shared/spec))

FUZZTIME = 30s

# The race detector leaves out packages that only compute, on memory of their own: SQLite, pictures,
# compression, cryptography, patterns and forms of text, YAML. SQLite's C code was translated into Go
# and is most of the work of most tests. The detector can find nothing in it, and takes ten times as
# long. Matching patterns was a fifth of the time of the tests of the whole pod.
COMPUTES = modernc.org/sqlite/lib modernc.org/libc modernc.org/memory image/... golang.org/x/image/... compress/... hash/... \
	crypto/internal/fips140/... golang.org/x/crypto/argon2 golang.org/x/crypto/blake2b regexp/... golang.org/x/text/... go.yaml.in/yaml/...
RACE = -race $(foreach packages,$(COMPUTES),-gcflags='$(packages)=-race=false -d=checkptr=0')

# By default a program with the race detector sleeps for a second before it exits. There are more
# than a hundred of them, one for each package and for each picture that is drawn.
RACE_ENDS = GORACE='$(GORACE) atexit_sleep_ms=50'

# Tests need no debugging information (the linker takes half of the time), and make lint runs vet.
LEAN = -ldflags='-s -w' -vet=off

# Many tests wait for something. So there are more packages at work than processors.
ATONCE = -p 4

WITH_POSTGRES = go run ./internal/db/dbtest/withpostgres

# The older podium that make older runs beside this one.
OLDER = 0ecd730

.PHONY: older console console-packages check-console help build quick test race lint update e2e bench fuzz
help: ## list the commands
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

build: ## build bin/podium
	go build -trimpath -o bin/podium ./cmd/podium

quick: ## run the tests that take little time, on SQLite and without the race detector
	PODIUM_TEST_POSTGRES= go test -short $(LEAN) $(ATONCE) ./...

test: ## run every test, with the race detector, on SQLite and (where it is installed) PostgreSQL
	$(RACE_ENDS) $(WITH_POSTGRES) -memory go test $(RACE) $(LEAN) $(ATONCE) -timeout 30m ./...

lint: ## gofmt, go vet, staticcheck, tidy modules
	@test -z "$$(gofmt -l .)" || { echo "gofmt these:"; gofmt -l .; exit 1; }
	go vet ./...
	go vet -tags older ./cmd/podium
	go tool staticcheck ./...
	go mod tidy -diff

update: ## rewrite generated files: docs/openapi.json, operations.txt, compatibility.md, answers of transcripts
	PODIUM_UPDATE=1 go test -count=1 . ./internal/...

# npm ci, unless the packages are there as the lock file has them.
console-packages:
	@cd console && { cmp -s package-lock.json node_modules/.installed || { npm ci --silent --no-audit --no-fund && cp package-lock.json node_modules/.installed; }; }

console: console-packages ## check, test and build the web console into console/dist
	cd console && npm run --silent lint && npm test --silent && npm run --silent build

check-console: console-packages ## check and test the web console, and that console/dist is what its sources give
	cd console && npm run --silent lint && npm test --silent && npm run --silent build -- --outDir ../.e2e/console-dist --emptyOutDir --logLevel warn
	diff -r console/dist .e2e/console-dist

e2e: ## run the official SDKs, unmodified, and Schemathesis against a freshly built podium dev
	bash e2e/run.sh

bench: ## measure figures as ratios to ceilings of the same run
	go run ./bench

older: ## run the podium of revision OLDER beside this one, on one PostgreSQL database
	PODIUM_OLDER=$(OLDER) $(WITH_POSTGRES) go test -count=1 -v -tags older -run TestAnOlderBinaryBesideThisOne ./cmd/podium

fuzz: ## fuzz each target for FUZZTIME
	@for package in $$(grep -rl '^func Fuzz' --include='*_test.go' . | xargs -n1 dirname | sort -u); do \
		for target in $$(grep -ho '^func Fuzz[A-Za-z0-9]*' $$package/*_test.go | cut -d' ' -f2); do \
			go test $$package -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) || exit 1; \
		done; \
	done
