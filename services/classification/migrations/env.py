from services.classification.store.tables import metadata
from services.foundation.migrations import run_environment

run_environment(metadata)
