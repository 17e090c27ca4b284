"""Constants for programs: a source file with one constant a code, a module for each language."""
