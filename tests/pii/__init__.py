"""A made-up corpus with marked PII: values, ways to disguise them, texts to put them in, and texts that only look like it."""
