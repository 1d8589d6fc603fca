/**
 * How another plugin of the same node reaches the models: it extends the plugin {@code
 * qwen3-retrieval} and provides a {@link io.github.qwen3retrieval.spi.ModelsExtension}, which is
 * handed a {@link io.github.qwen3retrieval.spi.ModelAccess}.
 *
 * <p>This package is a jar of its own, in the folder {@code spi} of the plugin's zip. Elasticsearch
 * shows an extending plugin that folder alone, and checks its jars against no other of ours. So
 * what an extending plugin brings, or what the other plugins that it extends bring, never meets our
 * libraries: x-pack-inference has its own gson, x-pack-core its own slf4j. For the same reason
 * nothing here names a class outside the JDK.
 */
package io.github.qwen3retrieval.spi;
