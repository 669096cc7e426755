"""One transaction script per thing that can happen: load, lock, decide, store, audit, queue notice."""
