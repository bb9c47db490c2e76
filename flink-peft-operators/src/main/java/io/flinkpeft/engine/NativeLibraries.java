package io.flinkpeft.engine;

import ai.djl.engine.Engine;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.util.Utils;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * Loads DJL's native libraries, from a directory that nobody else can put others into: the one that
 * the environment variable (or system property) {@value #DIRECTORY} names, else {@code .djl.ai} in
 * {@link PrivateDirectory#home}. DJL unpacks there what is missing. Offline, and no telemetry.
 */
public final class NativeLibraries {

    /** An environment variable, or a system property: where the libraries are unpacked. */
    public static final String DIRECTORY = "DJL_CACHE_DIR";

    /** DJL's, and it goes before the other. */
    private static final String ENGINE_DIRECTORY = "ENGINE_CACHE_DIR";

    private static final String JNA_DIRECTORY = "jna.tmpdir";

    private static boolean prepared;

    private NativeLibraries() {}

    /** DJL tries once in a process. */
    private static final class Torch {
        static Engine engine;
        static IllegalArgumentException failure;

        static {
            try {
                engine = Engine.getEngine("PyTorch");
            } catch (RuntimeException | LinkageError e) {
                failure = unusable("libtorch", e);
            }
        }
    }

    /**
     * Loads libtorch.
     *
     * @throws IllegalArgumentException if that is not possible, with the reason
     */
    static Engine torch() {
        prepare();
        if (Torch.failure != null) {
            throw Torch.failure;
        }
        return Torch.engine;
    }

    /**
     * Loads the tokenizers' library.
     *
     * @throws IllegalArgumentException if that is not possible, with the reason
     */
    public static void tokenizers() {
        prepare();
        try {
            LibUtils.checkStatus();
        } catch (RuntimeException | LinkageError e) {
            throw unusable("tokenizers", e);
        }
    }

    /** Before the first class of DJL that loads something. */
    private static synchronized void prepare() {
        if (prepared) {
            return;
        }
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        try {
            if (isUnset(DIRECTORY) && isUnset(ENGINE_DIRECTORY)) {
                System.setProperty(
                        DIRECTORY, PrivateDirectory.home().resolve(".djl.ai").toString());
            }
            for (String name : new String[] {"pytorch", "tokenizers", "jna"}) {
                PrivateDirectory.open(Utils.getEngineCacheDir(name));
            }
        } catch (IOException e) {
            throw unusable("DJL's", e);
        }
        if (System.getProperty(JNA_DIRECTORY) == null) {
            Path jna = Utils.getEngineCacheDir("jna");
            System.setProperty(JNA_DIRECTORY, jna.toAbsolutePath().toString());
        }
        prepared = true;
    }

    private static boolean isUnset(String name) {
        String value = Utils.getEnvOrSystemProperty(name);
        return value == null || value.isEmpty();
    }

    private static IllegalArgumentException unusable(String library, Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String reason =
                cause instanceof FileSystemException ? cause.toString() : cause.getMessage();
        return new IllegalArgumentException(
                "Native library ("
                        + library
                        + ") must be unpacked into "
                        + Utils.getEngineCacheDir().toAbsolutePath()
                        + " and loaded from there: "
                        + (reason == null ? cause.toString() : reason.strip())
                        + ". Maybe empty that directory, give it room, or set "
                        + DIRECTORY
                        + " to another, on a disk that may hold programs.",
                e);
    }
}
