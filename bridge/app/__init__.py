"""The joiner: settings become a worker. Every room meets the others here and nowhere else."""
