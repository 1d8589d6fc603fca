package io.github.qwen3retrieval.models.natives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.ModelException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativesTest {

    @Test
    void namesTheLibraryThatIsMissing(@TempDir Path empty) {
        ModelException e = assertThrows(ModelException.class, () -> Natives.in(empty).prepare());
        Path torch = empty.resolve("pytorch").resolve(System.mapLibraryName("torch"));
        assertTrue(e.getMessage().startsWith("native library [" + torch + "] is missing"));
        assertTrue(e.getMessage().contains(System.getProperty("os.arch")));
    }

    @Test
    void tellsDjlWhereTheLibrariesLie() {
        Natives natives = Natives.fromSystemProperty().prepare();
        assertEquals(
                natives.pytorch().toAbsolutePath().toString(),
                System.getProperty("PYTORCH_LIBRARY_PATH"));
        assertEquals("true", System.getProperty("ai.djl.offline"));
        for (String name : Natives.PROPERTIES) {
            if (name.equals("jna.tmpdir") == false) {
                assertNotNull(System.getProperty(name), name);
            }
        }
    }

    @Test
    void loadsWithItsOwnClassLoaderAndPutsTheOldOneBack() {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(null);
        try {
            ClassLoader during =
                    Natives.whileLoading(() -> Thread.currentThread().getContextClassLoader());
            assertEquals(Natives.class.getClassLoader(), during);
            assertEquals(null, Thread.currentThread().getContextClassLoader());
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }
}
