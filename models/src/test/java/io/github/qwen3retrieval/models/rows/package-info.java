/** Tests of the rows between products of matrices, against the same in double, number by number. */
package io.github.qwen3retrieval.models.rows;
