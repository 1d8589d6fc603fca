/**
 * The Qwen3 decoder on DJL's PyTorch engine.
 *
 * <p>In come the weights of a {@link io.github.qwen3retrieval.models.checkpoint.Checkpoint}, mapped
 * from its files, and batches of token ids; out go the hidden states of each sequence's last token,
 * or the logits of a few words at that place. The arithmetic is one TorchScript program, {@code
 * qwen3.torchscript} beside this package's classes, which {@link
 * io.github.qwen3retrieval.models.network.Network} runs layer by layer, so that a pass can be
 * stopped or give way between two layers.
 *
 * <p>There are three kinds of layers. In {@link
 * io.github.qwen3retrieval.models.network.ScriptLayers} a layer is one method of the program, in
 * float32 or bfloat16, whose products go to MKL or to oneDNN, see {@link
 * io.github.qwen3retrieval.models.network.FloatProduct}, or two with attention between them ({@link
 * io.github.qwen3retrieval.models.network.JavaAttention}). In {@link
 * io.github.qwen3retrieval.models.network.SplitLayers} it is the same in steps, for CPUs, with
 * matrices in pieces ({@link io.github.qwen3retrieval.models.network.Splitting}). In {@link
 * io.github.qwen3retrieval.models.network.RowLayers} the program has attention at most, what stands
 * between products is computed in Java where it lies, see {@link
 * io.github.qwen3retrieval.models.rows}, and the products are in 8-bit integers ({@link
 * io.github.qwen3retrieval.models.network.Int8Products}) or, on CPUs with AMX, in bfloat16 parts of
 * float32 or bfloat16 numbers ({@link io.github.qwen3retrieval.models.network.PartProducts}).
 *
 * <p>Threads: a network may be used by many threads at once; each pass runs on its caller's thread,
 * which has the pieces of its steps done by {@link
 * io.github.qwen3retrieval.models.network.Interruption#share}, perhaps by others too. A thread
 * calls {@link io.github.qwen3retrieval.models.network.PyTorch#enter()} before its first.
 *
 * <p>Memory: nothing here is freed by a garbage collector in time. A {@code Network} owns its
 * weights, a {@code Prefix} its keys and values, and each pass closes what it made before it
 * returns. Only this package sees a native array.
 */
package io.github.qwen3retrieval.models.network;
