# Shortcuts. "make help" lists them.
.DEFAULT_GOAL := help
.PHONY: help build run run-file clean build-docker run-docker build-package

# The folder that is watched, and what is older than this is cleaned there.
WATCH_DIR ?= watch_dir
OLDER_THAN ?= 7d
DOCKER ?= docker
IMAGE ?= fileproc-tui
PORT ?= 8000

# The project brings its own Node.
FILEPROC = npm exec --offline -- node dist/cli.js

help: ## List what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

node_modules: package-lock.json
	npm ci
	@touch node_modules

build: node_modules ## Build the command
	npm run --silent build

dist/cli.js: | node_modules
	npm run --silent build

run: dist/cli.js ## Watch a folder: make run WATCH_DIR=watch_dir
	$(FILEPROC) watch "$(WATCH_DIR)"

run-file: dist/cli.js ## Process one file or folder: make run-file FILE=sales.csv
	@test -n "$(FILE)" || { echo "Which one? make run-file FILE=sales.csv" >&2; exit 2; }
	$(FILEPROC) "$(FILE)"

clean: dist/cli.js ## Remove what was finished long ago in the watched folder: make clean OLDER_THAN=7d
	$(FILEPROC) clean "$(WATCH_DIR)" --older-than "$(OLDER_THAN)"

build-package: node_modules ## Make the package fileproc-tui-<version>.tgz, which npm install takes
	rm -f fileproc-tui-*.tgz
	npm pack --silent

build-docker: build-package ## Build the container
	$(DOCKER) build --tag "$(IMAGE)" .

run-docker: ## Watch a folder in the container, with the page at http://127.0.0.1:8000 (Linux)
	mkdir -p "$(WATCH_DIR)"
	$(DOCKER) run --rm --init --interactive --tty --network host --user "$$(id -u):$$(id -g)" \
		--volume "$(abspath $(WATCH_DIR)):/app/watch_dir" \
		"$(IMAGE)" serve --open --listen 127.0.0.1:$(PORT) --data /app/watch_dir/.server --watch /app/watch_dir
