# What a person types. Each target is one script in tools/; `make up PYTHON=/path/to/python3.12` chooses the interpreter.
.DEFAULT_GOAL := help
.PHONY: help up cloud down test lint lock eval bench
export PYTHON DATA OUT CONFIG COMPARE HALF MODEL ANSWERS RUNS ONLY PEER STACKS SCALE STRATEGY

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-6s %s\n", $$1, $$2}' Makefile

up:  ## the whole system on this machine: local cloud, deployment, sample documents, one question
	@tools/up

cloud:  ## only the local cloud, with the network a company would already have
	@tools/up --cloud-only

down:  ## take the deployment away again and stop the local cloud
	@tools/down

test:  ## every test: unit, integration, molecule, browser
	@tools/test

eval:  ## how good retrieval and answers are: DATA=file.jsonl OUT=folder, COMPARE='{"ES_SECOND_STAGE": "false"}' for a paired test
	@tools/eval

lint:  ## every static check; reports all failures at the end
	@tools/lint

lock:  ## write requirements/*.lock anew (`tools/lock --upgrade` for newer versions)
	@tools/lock

bench:  ## what runs cost, beside Terraform where there is one (RUNS=5 ONLY=phases PEER=folder)
	@tools/measure
