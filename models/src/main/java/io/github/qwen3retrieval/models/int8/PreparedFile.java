package io.github.qwen3retrieval.models.int8;

import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.CheckpointDigest;
import io.github.qwen3retrieval.models.checkpoint.FilesStamp;
import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import io.github.qwen3retrieval.models.checkpoint.Safetensors;
import io.github.qwen3retrieval.models.checkpoint.SafetensorsWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The file beside a checkpoint that keeps its matrices as 8-bit integers: safetensors, with the
 * sha256 of the checkpoint it was made from, the version of the making, and a checksum of its own
 * bytes. Its name begins with a dot, so that it is none of the checkpoint's files.
 *
 * <p>Whether the checkpoint is still the same is told by sizes and times of its files; only where
 * these differ, as after copying a folder, is its sha256 computed.
 */
public final class PreparedFile {

    /** Name of the file within the checkpoint's folder. */
    public static final String NAME = ".qwen3-int8.safetensors";

    /** Changes whenever other numbers would come out of the same checkpoint. */
    private static final String VERSION = "1";

    private static final String CHECKSUM = "crc32c";

    private final Checkpoint checkpoint;
    private final Path file;

    /** The file of an open checkpoint; it need not be there. */
    public PreparedFile(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
        this.file = checkpoint.folder().resolve(NAME);
    }

    /** Where it is or would be. */
    public Path path() {
        return file;
    }

    /** Whether there is such a file, whatever is in it. */
    public boolean exists() {
        return Files.exists(file);
    }

    /**
     * The matrices that the file keeps. All its bytes have been checked.
     *
     * @throws ModelException if it is missing, damaged, or not of this checkpoint and version
     */
    public Int8Matrices read() {
        Safetensors tensors = Safetensors.open(file);
        requireFresh(tensors.metadata());
        Map<String, ByteBuffer> bytes = new HashMap<>();
        CRC32C checksum = new CRC32C();
        for (Named matrix : matrices()) {
            ByteBuffer numbers = tensors.bytes(matrix.numbers(), "I8", matrix.elements());
            ByteBuffer scales = tensors.bytes(matrix.scales(), "F32", 4L * matrix.rows);
            checksum.update(numbers.duplicate());
            checksum.update(scales.duplicate());
            bytes.put(matrix.numbers(), numbers);
            bytes.put(matrix.scales(), scales);
        }
        if (tensors.bytes(CHECKSUM, "U32", 4).getInt() != (int) checksum.getValue()) {
            throw new ModelException("[" + file + "] is damaged: its checksum does not fit");
        }
        return (layer, projection) -> {
            Named matrix = new Named(layer, projection, checkpoint.config());
            return new Int8Matrix(
                    matrix.rows,
                    matrix.columns,
                    bytes.get(matrix.numbers()),
                    bytes.get(matrix.scales()).asFloatBuffer());
        };
    }

    private void requireFresh(Map<String, String> said) {
        Map<String, String> expected = new TreeMap<>(about(said.get("sha256")));
        if (said.equals(expected)) {
            return;
        }
        // copied, touched or another one: only its bytes can tell
        expected.put("files", said.get("files"));
        expected.put("sha256", CheckpointDigest.of(checkpoint.folder(), () -> true));
        if (said.equals(expected) == false) {
            throw new ModelException(
                    "["
                            + file
                            + "] was made from another checkpoint or by another version, "
                            + said
                            + " where "
                            + expected
                            + " is needed");
        }
    }

    /** What the file must say of itself. */
    private Map<String, String> about(String sha256) {
        Map<String, String> about = new HashMap<>();
        about.put("format", "qwen3-int8");
        about.put("version", VERSION);
        about.put("files", text(checkpoint.stamp()));
        about.put("sha256", String.valueOf(sha256));
        return about;
    }

    private static String text(FilesStamp stamp) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(stamp.files())
                .forEach(
                        (name, one) ->
                                text.append(name)
                                        .append(' ')
                                        .append(one.size())
                                        .append(' ')
                                        .append(one.modified().toInstant())
                                        .append(';'));
        return text.toString();
    }

    /**
     * Writes the file anew; it appears whole or not at all.
     *
     * @throws IOException if the folder cannot be written to, or the disk is too small
     * @throws ModelException if the checkpoint has been changed since it was opened
     */
    public void write(Int8Matrices source) throws IOException {
        Path part = file.resolveSibling(NAME + "." + UUID.randomUUID() + ".part");
        try {
            requireSpace();
            // tells at once where nothing can be written, before every byte is read for the sha256
            Files.delete(Files.createFile(part));
            String sha256 = CheckpointDigest.of(checkpoint.folder(), () -> true);
            new SafetensorsWriter(about(sha256)).write(part, tensors(source));
            if (checkpoint.stamp().again(checkpoint.folder()).equals(checkpoint.stamp()) == false) {
                throw new ModelException(
                        "checkpoint [" + checkpoint.folder() + "] has changed since it was opened");
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private void requireSpace() throws IOException {
        long bytes =
                matrices().stream().mapToLong(matrix -> matrix.elements() + 4L * matrix.rows).sum();
        long usable = Files.getFileStore(checkpoint.folder()).getUsableSpace();
        if (usable < bytes) {
            throw new ModelException(
                    "int8 weights cannot be written to ["
                            + file
                            + "]: they take ["
                            + bytes
                            + "] bytes but the disk has ["
                            + usable
                            + "] left");
        }
    }

    private List<SafetensorsWriter.Tensor> tensors(Int8Matrices source) {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        CRC32C checksum = new CRC32C();
        for (Named matrix : matrices()) {
            tensors.add(
                    new SafetensorsWriter.Tensor(
                            matrix.numbers(),
                            "I8",
                            new long[] {matrix.rows, matrix.columns},
                            matrix.elements(),
                            sink -> {
                                ByteBuffer numbers = matrix.of(source).numbers().duplicate();
                                checksum.update(numbers.duplicate());
                                sink.write(numbers);
                            }));
            tensors.add(
                    new SafetensorsWriter.Tensor(
                            matrix.scales(),
                            "F32",
                            new long[] {matrix.rows},
                            4L * matrix.rows,
                            sink -> {
                                ByteBuffer scales = littleEndian(4 * matrix.rows);
                                scales.asFloatBuffer().put(matrix.of(source).scales().duplicate());
                                checksum.update(scales.duplicate());
                                sink.write(scales);
                            }));
        }
        SafetensorsWriter.Content sum =
                sink -> sink.write(littleEndian(4).putInt((int) checksum.getValue()).flip());
        tensors.add(new SafetensorsWriter.Tensor(CHECKSUM, "U32", new long[] {1}, 4, sum));
        return tensors;
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private List<Named> matrices() {
        List<Named> matrices = new ArrayList<>();
        for (int layer = 0; layer < checkpoint.config().layers(); layer++) {
            for (Projection projection : Projection.values()) {
                matrices.add(new Named(layer, projection, checkpoint.config()));
            }
        }
        return matrices;
    }

    /** A matrix of the file. */
    private record Named(int layer, Projection projection, int rows, int columns) {

        Named(int layer, Projection projection, Qwen3Config config) {
            this(layer, projection, projection.rows(config), projection.columns(config));
        }

        String numbers() {
            return projection.name(layer) + ".weight";
        }

        String scales() {
            return projection.name(layer) + ".scales";
        }

        long elements() {
            return (long) rows * columns;
        }

        Int8Matrix of(Int8Matrices source) {
            return source.get(layer, projection);
        }
    }
}
