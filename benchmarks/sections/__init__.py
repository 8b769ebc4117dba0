"""What is measured: one module a section, each with a function ``run`` from a setting to an outcome."""
