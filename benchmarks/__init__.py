"""Speed, start-up and size of kerasette beside its peers; ``python -m benchmarks`` runs it all."""
