from services.foundation.migrations import run_environment
from services.screening.store.tables import metadata

run_environment(metadata)
