package io.flinkpeft.flink;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.local.LocalFileSystem;
import org.apache.flink.core.fs.local.LocalRecoverableWriter;

/** Local files under {@code faulty:}, whose disk is full, hangs or cannot be read when told. */
public final class FaultyFileSystem extends LocalFileSystem {

    static final String SCHEME = "faulty";

    /** Longer than the checkpoints of the tests may take. */
    private static final long HANGS_SECONDS = 3;

    /** How Flink finds it. */
    public static final class Factory implements FileSystemFactory {
        @Override
        public String getScheme() {
            return SCHEME;
        }

        @Override
        public FileSystem create(URI uri) {
            return new FaultyFileSystem();
        }
    }

    @Override
    public URI getUri() {
        return URI.create(SCHEME + ":///");
    }

    @Override
    public FSDataOutputStream create(Path path, WriteMode mode) throws IOException {
        boolean metadata = path.getName().contains("metadata");
        return new Output(super.create(path, mode), metadata);
    }

    @Override
    public FSDataInputStream open(Path path) throws IOException {
        if (readsForTheTrainer() && Fault.RESTORE.strikes()) {
            throw new IOException("Injected: " + path + " cannot be read.");
        }
        return super.open(path);
    }

    /** The sink that collects a test's results ends its TaskManager if its restore fails. */
    private static boolean readsForTheTrainer() {
        return Thread.currentThread().getName().startsWith(OnlineTraining.NAME);
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        return open(path);
    }

    /** Metadata is to be written as all else. */
    @Override
    public LocalRecoverableWriter createRecoverableWriter() {
        throw new UnsupportedOperationException("Injected: there is no such writer.");
    }

    private static final class Output extends FSDataOutputStream {
        private final FSDataOutputStream file;
        private final boolean metadata;
        private final CountDownLatch closed = new CountDownLatch(1);

        Output(FSDataOutputStream file, boolean metadata) {
            this.file = file;
            this.metadata = metadata;
        }

        private static void pass(Fault fault) throws IOException {
            if (fault.strikes()) {
                throw new IOException("No space left on device");
            }
        }

        private void hang() throws IOException {
            try {
                closed.await(HANGS_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IOException("Injected: the write was given up.");
        }

        @Override
        public void write(int value) throws IOException {
            file.write(value);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (!metadata) {
                pass(Fault.UPLOAD);
                if (Fault.UPLOAD_HANGS.strikes()) {
                    hang();
                }
            }
            file.write(bytes, offset, length);
        }

        @Override
        public long getPos() throws IOException {
            return file.getPos();
        }

        @Override
        public void flush() throws IOException {
            file.flush();
        }

        @Override
        public void sync() throws IOException {
            file.sync();
        }

        @Override
        public void close() throws IOException {
            closed.countDown();
            file.close();
            if (metadata) {
                pass(Fault.METADATA); // once a checkpoint
            }
        }
    }
}
