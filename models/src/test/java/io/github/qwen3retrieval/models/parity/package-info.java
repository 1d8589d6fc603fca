/**
 * Parity with the official code: what {@code transformers} computes in float32 for the same
 * checkpoints and texts, and what the models compute here.
 *
 * <p>{@code cases.json} names the checkpoints, {@link
 * io.github.qwen3retrieval.models.parity.ParityCase} writes them, random but the same everywhere,
 * {@code src/test/python/golden.py} has transformers compute on them and writes the golden files,
 * and the tests compare. A missing golden file is a failure.
 */
package io.github.qwen3retrieval.models.parity;
