from services.foundation.migrations import run_environment
from services.licensing.store.metadata import metadata

run_environment(metadata)
