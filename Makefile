.DEFAULT_GOAL := help
.PHONY: help run check test lint format types lock translations migration demo vendor

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

run: ## Install, make the demo city and serve it
	./run.sh

check: ## Everything CI checks: lint, types, both databases, browser
	./check.sh

test: ## The fast suite on SQLite, without browser
	./check.sh -m "not browser and not slow"

lint: ## Find style mistakes
	.venv/bin/ruff check . && .venv/bin/ruff format --check .

format: ## Rewrite the code in the house's format
	.venv/bin/ruff check --fix . && .venv/bin/ruff format .

types: ## Check the types
	.venv/bin/mypy

lock: ## Lock the packages of requirements*.in with hashes
	.venv/bin/python -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links requirements-dev.in -o requirements-dev.lock
	.venv/bin/python -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links -c requirements-dev.lock requirements.in -o requirements.lock

translations: ## Add sentences that lack a Chinese translation to the catalogues
	.venv/bin/python tools/translations.py update

migration: ## Write a migration from the models (make migration m="what it does")
	.venv/bin/python -m flask --app wsgi db migrate -m "$(m)"

vendor: ## Fetch the front-end files again and check them against static/vendor/VERSIONS.json
	.venv/bin/python tools/vendor.py
