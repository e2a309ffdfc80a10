#!/usr/bin/env python3
"""Reads Kubernetes manifests, YAML, from standard input into the types of Kubernetes' OpenAPI document.

Ends with 1 and a line for a document that lacks a required field or has a value of a wrong type; fields that are not
in the document are not its concern. Needs python3-kubernetes and python3-yaml.
"""
import json
import sys
import types

import yaml
from kubernetes.client import ApiClient
from kubernetes.client.configuration import Configuration

# Types that Debian's version lacks, by ones with the same required fields.
LIKE = {"V2HorizontalPodAutoscaler": "V2beta2HorizontalPodAutoscaler"}

client = ApiClient(Configuration())
failed = False
for document in filter(None, yaml.safe_load_all(sys.stdin)):
    version = document["apiVersion"].split("/")[-1]
    name = f"{document['kind']} {document['metadata'].get('name')}"
    try:
        kind = version.capitalize() + document["kind"]
        client.deserialize(types.SimpleNamespace(data=json.dumps(document)), LIKE.get(kind, kind))
        print(f"{name}: valid")
    except Exception as fault:  # Of several kinds: every one names the field.
        failed = True
        print(f"{name}: {fault}")
sys.exit(failed)
