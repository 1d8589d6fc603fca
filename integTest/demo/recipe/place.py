"""Folders and the machine's share that all steps use; set by `run` through the environment."""

import os
from pathlib import Path

RECIPE = Path(__file__).parent
WORK = Path(os.environ.get("RECIPE_WORK", RECIPE / "work"))
DATA = Path(os.environ.get("RECIPE_DATA", RECIPE / "data"))
MODELS = Path(os.environ.get("RECIPE_MODELS", RECIPE.parent / "models"))
THREADS = int(os.environ.get("RECIPE_THREADS", os.cpu_count() or 1))
TEACHER_PROCESSES = int(os.environ.get("RECIPE_TEACHERS", THREADS))

TEACHERS = WORK / "teachers"
PACKAGES = WORK / "debs"
