"""Whether every statement we send stays on one shard of a cluster distributed by `trust_id`. `make shards` asks."""
