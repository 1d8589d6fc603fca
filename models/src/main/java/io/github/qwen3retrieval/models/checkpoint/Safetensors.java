package io.github.qwen3retrieval.models.checkpoint;

import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.tokenizer.JsonFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * One safetensors file: 8 bytes with the length of the header, the header, the tensors' bytes. The
 * file is checked whole before any of it is mapped, so that a truncated copy is found here and not
 * by a crash in native code.
 */
public final class Safetensors {

    /** The limit of the reference reader. */
    private static final long MAX_HEADER_BYTES = 100_000_000;

    /** Largest mapping: one Java buffer addresses 2^31 − 1 bytes. */
    private static final long MAX_WINDOW_BYTES = 1L << 30;

    private static final int LENGTH_BYTES = Long.BYTES;

    private final Path file;
    private final String header;
    private final long dataStart;
    private final Map<String, SafetensorsHeader.Entry> entries;

    private Safetensors(
            Path file,
            String header,
            long dataStart,
            Map<String, SafetensorsHeader.Entry> entries) {
        this.file = file;
        this.header = header;
        this.dataStart = dataStart;
        this.entries = entries;
    }

    /**
     * Reads and checks the header.
     *
     * @throws ModelException if the file is missing, truncated or damaged
     */
    public static Safetensors open(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            long headerBytes = headerLength(channel, size);
            String json = utf8(read(channel, LENGTH_BYTES, (int) headerBytes));
            Map<String, SafetensorsHeader.Entry> entries = SafetensorsHeader.parse(json);
            long dataStart = LENGTH_BYTES + headerBytes;
            long expected = dataStart + SafetensorsHeader.dataBytes(entries);
            if (expected != size) {
                throw new IOException(
                        "its header asks for ["
                                + expected
                                + "] bytes but it has ["
                                + size
                                + (size < expected ? "]: it was not copied whole" : "]"));
            }
            return new Safetensors(file, json, dataStart, entries);
        } catch (NoSuchFileException e) {
            throw new ModelException("[" + file + "] is missing: " + Checkpoint.REMEDY);
        } catch (IOException e) {
            throw damaged(file, e);
        }
    }

    Path file() {
        return file;
    }

    Collection<SafetensorsHeader.Entry> entries() {
        return entries.values();
    }

    /** What the file says of itself in words; empty if it says nothing. */
    public Map<String, String> metadata() {
        return SafetensorsHeader.metadata(header);
    }

    /**
     * Maps a tensor's bytes, read-only and in little-endian order.
     *
     * @param name as the file has it
     * @param type its safetensors name, such as {@code I8}
     * @param bytes how many it must have, at most 2^31 − 1
     * @throws ModelException if there is no such tensor of that type and size
     */
    public ByteBuffer bytes(String name, String type, long bytes) {
        SafetensorsHeader.Entry entry = entries.get(name);
        if (entry == null
                || entry.type().equals(type) == false
                || entry.end() - entry.begin() != bytes) {
            throw new ModelException(
                    "[" + file + "] has no tensor [" + name + "] of [" + bytes + "] bytes " + type);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(
                            FileChannel.MapMode.READ_ONLY,
                            dataStart + entry.begin(),
                            entry.end() - entry.begin())
                    .order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw damaged(file, e);
        }
    }

    /**
     * Maps the tensors of these names, read-only.
     *
     * @param names names as the file has them, each of a {@link DataType}
     * @param prefix what the file's names have in front of the tensors' own
     */
    List<StoredTensor> map(Collection<String> names, String prefix) {
        List<StoredTensor> tensors = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            for (String name : names) {
                SafetensorsHeader.Entry entry = entries.get(name);
                DataType type = DataType.named(entry.type()).orElseThrow();
                String shortName = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
                tensors.add(map(channel, shortName, type, entry));
            }
            return tensors;
        } catch (IOException e) {
            throw damaged(file, e);
        }
    }

    private StoredTensor map(
            FileChannel channel, String name, DataType type, SafetensorsHeader.Entry entry)
            throws IOException {
        long rowBytes = Math.max(1, StoredTensor.rowBytes(type, entry.shape()));
        long rowsPerWindow = Math.max(1, MAX_WINDOW_BYTES / rowBytes);
        long windowBytes = Math.multiplyExact(rowsPerWindow, rowBytes);
        List<ByteBuffer> windows = new ArrayList<>();
        for (long begin = entry.begin(); begin < entry.end(); begin += windowBytes) {
            long length = Math.min(windowBytes, entry.end() - begin);
            windows.add(
                    channel.map(FileChannel.MapMode.READ_ONLY, dataStart + begin, length)
                            .order(ByteOrder.LITTLE_ENDIAN));
        }
        return new StoredTensor(name, type, entry.shape(), windows, rowsPerWindow);
    }

    private static long headerLength(FileChannel channel, long size) throws IOException {
        if (size < LENGTH_BYTES) {
            throw new IOException("it has only [" + size + "] bytes: it was not copied whole");
        }
        long length = read(channel, 0, LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 2 || length > MAX_HEADER_BYTES) {
            throw new IOException(
                    "its header would have ["
                            + Long.toUnsignedString(length)
                            + "] bytes: it is no safetensors file");
        }
        if (LENGTH_BYTES + length > size) {
            throw new IOException(
                    "its header asks for ["
                            + (LENGTH_BYTES + length)
                            + "] bytes but it has ["
                            + size
                            + "]: it was not copied whole");
        }
        return length;
    }

    private static ByteBuffer read(FileChannel channel, long position, int length)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("it ended while it was read");
            }
        }
        return buffer.flip();
    }

    private static String utf8(ByteBuffer bytes) throws IOException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new IOException("its header is no UTF-8 text", e);
        }
    }

    private static ModelException damaged(Path file, IOException e) {
        return new ModelException(
                "[" + file + "] cannot be used: " + JsonFault.of(e) + "; copy it again", e);
    }
}
