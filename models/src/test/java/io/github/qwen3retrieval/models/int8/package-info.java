/** Tests of the weights as 8-bit integers, and what measures them by hand. */
package io.github.qwen3retrieval.models.int8;
