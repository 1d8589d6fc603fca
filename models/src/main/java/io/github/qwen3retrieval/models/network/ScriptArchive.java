package io.github.qwen3retrieval.models.network;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript program in the archive form that libtorch loads: a zip of stored entries with the
 * code and a pickled module object that has no weights of its own.
 *
 * <p>Source of the layout: PyTorch's {@code torch/csrc/jit/docs/serialization.md}.
 */
final class ScriptArchive {

    /** The module class of the program. */
    private static final String CLASS = "Qwen3";

    private ScriptArchive() {}

    /**
     * The bytes of the archive for a program in resources of this package: the first begins the
     * class, the others go on with it.
     */
    static byte[] of(String... resources) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
                store(zip, "data.pkl", moduleObject());
                store(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
                store(zip, "code/__torch__.py", text(resources));
                store(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
                store(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] text(String... resources) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (String resource : resources) {
            try (InputStream part = ScriptArchive.class.getResourceAsStream(resource)) {
                part.transferTo(text);
                text.write('\n');
            }
        }
        return text.toByteArray();
    }

    /** Pickle protocol 2 of an object of the class whose state is {@code {"training": False}}. */
    private static byte[] moduleObject() throws IOException {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.write(new byte[] {(byte) 0x80, 2});
        pickle.write(("c__torch__\n" + CLASS + "\n)").getBytes(StandardCharsets.US_ASCII));
        pickle.write(new byte[] {(byte) 0x81, '}', '(', 'X', 8, 0, 0, 0});
        pickle.write("training".getBytes(StandardCharsets.US_ASCII));
        pickle.write(new byte[] {(byte) 0x89, 'u', 'b', '.'});
        return pickle.toByteArray();
    }

    /** libtorch maps entries and therefore wants them uncompressed. */
    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry("qwen3/" + name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
