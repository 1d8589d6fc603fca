/**
 * The command line {@code qwen3}: one class per subcommand, each reading its options and writing
 * its results to standard output. Exit 0 when done, 2 for wrong usage, 1 for failure, with one line
 * on standard error that says why and what to do.
 */
package io.github.qwen3retrieval.models.cli;
