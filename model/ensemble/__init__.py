"""Many runs: their plan, the workers that make them, the store that keeps them, the files made of it."""
