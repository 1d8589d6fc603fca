/**
 * Wrong inputs in numbers, for the tests of every module that reads what users write: they take
 * this module's test jar.
 */
package io.github.qwen3retrieval.models.fuzz;
