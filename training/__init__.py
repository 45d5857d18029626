"""Makes the embedded corrector: text, lines, pictures of them, readings, pairs, a model, a GGUF file. See README.md."""
