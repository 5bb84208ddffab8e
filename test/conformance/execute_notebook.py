"""Executes a notebook with nbclient and writes it with its outputs: python execute_notebook.py IN OUT"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

source, target = map(Path, sys.argv[1:])
notebook = nbformat.read(source, as_version=4)
NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(source.parent)}}).execute()
nbformat.validate(notebook)
nbformat.write(notebook, target)
