package dev.auspex.executor.journal;

import dev.auspex.executor.journal.Entry.State;
import dev.auspex.protocol.Job;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the slots of this process run, one cell each, and what slots of dead processes on the same data folder ran when
 * they died. The broker forgets who held a record when it restarts; a job that kills its worker must not kill it again
 * for that. Safe for any thread.
 *
 * <p>Files {@code 0.cells}, {@code 1.cells}, … each belong to one living process; those that nobody has locked were left
 * by dead ones, and the next process to start takes over what they say.
 */
public final class Journal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    /** Cells at the front of a file for what dead processes left. */
    static final int REMEMBERED = 256;
    private static final String SUFFIX = ".cells";
    private static final int MOST_FILES = 4096;

    private final CellFile file;
    private final Map<String, Integer> died = new ConcurrentHashMap<>();
    private final Map<Integer, Unfinished> unstopped = new ConcurrentHashMap<>();
    private int next = REMEMBERED;

    /** A dead process's attempt and what became of it. */
    public record Unfinished(State state, Entry entry) {}

    private Journal(CellFile file) {
        this.file = file;
    }

    /**
     * Takes a file and what the dead left.
     *
     * @param folder made if missing
     * @param slots how many cells will be asked for
     * @param oldest entries of predictions made before are dropped: their jobs are in no topic any more
     */
    public static Journal open(Path folder, int slots, Instant oldest) throws IOException {
        Files.createDirectories(folder);
        for (int i = 0; i < MOST_FILES; i++) {
            Path path = folder.resolve(i + SUFFIX);
            Optional<CellFile> file = CellFile.open(path, REMEMBERED + slots);
            if (file.isPresent()) {
                Journal journal = new Journal(file.get());
                journal.recover(folder, path, oldest);
                return journal;
            }
        }
        throw new IOException("more than " + MOST_FILES + " executors use " + folder);
    }

    private void recover(Path folder, Path own, Instant oldest) throws IOException {
        List<Integer> free = new ArrayList<>();
        for (int cell = 0; cell < REMEMBERED; cell++) {
            Optional<Entry> entry = kept(file, cell, oldest);
            if (entry.isPresent()) {
                remember(cell, file.state(cell), entry.get());
            } else {
                file.clear(cell);
                free.add(cell);
            }
        }
        takeOver(file, REMEMBERED, free, oldest);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path other : files.filter(path -> path.toString().endsWith(SUFFIX) && !path.equals(own)).toList()) {
                Optional<CellFile> dead = CellFile.open(other, 0);
                if (dead.isPresent()) {
                    try (CellFile cells = dead.get()) {
                        takeOver(cells, 0, free, oldest);
                    }
                }
            }
        }
        if (!died.isEmpty() || !unstopped.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("died", died.size())
                    .addKeyValue("did_not_stop", unstopped.size())
                    .log("an executor on this data folder died while it ran jobs: they are not run again here");
        }
    }

    // Copied before it is cleared, so that a crash in between forgets nothing.
    private void takeOver(CellFile from, int first, List<Integer> free, Instant oldest) {
        for (int cell = first; cell < from.size(); cell++) {
            Optional<Entry> entry = kept(from, cell, oldest);
            if (entry.isPresent() && !free.isEmpty()) {
                State state = from.state(cell) == State.RUNNING ? State.DIED : from.state(cell);
                int to = free.removeFirst();
                file.write(to, state, entry.get());
                remember(to, state, entry.get());
            }
            from.clear(cell);
        }
    }

    private static Optional<Entry> kept(CellFile from, int cell, Instant oldest) {
        return from.read(cell).filter(entry -> !entry.prediction().createdAt().isBefore(oldest));
    }

    private void remember(int cell, State state, Entry entry) {
        if (state == State.CANCELED || state == State.OVERDUE) {
            unstopped.put(cell, new Unfinished(state, entry));
        } else {
            died.put(Entry.key(entry.prediction(), entry.number()), cell);
        }
    }

    /** Whether a process on this data folder died while it ran exactly this record's job. */
    public boolean hasDied(Job job) {
        return !died.isEmpty() && died.containsKey(Entry.key(job.id(), job.attempt()));
    }

    /** Kafka knows of the death: the job need not be remembered. */
    public void reported(Job job) {
        Integer cell = died.isEmpty() ? null : died.remove(Entry.key(job.id(), job.attempt()));
        if (cell != null) {
            file.clear(cell);
        }
    }

    /** Attempts that did not stop when they should have and ended with their process: their end is not told yet. */
    public List<Unfinished> unstopped() {
        return List.copyOf(unstopped.values());
    }

    /** Kafka knows of the end. */
    public void reported(Unfinished one) {
        unstopped.forEach((cell, other) -> {
            if (other.equals(one) && unstopped.remove(cell, other)) {
                file.clear(cell);
            }
        });
    }

    /** The next unused cell. @throws IllegalStateException if there are no more than asked for */
    public synchronized Cell cell() {
        if (next >= file.size()) {
            throw new IllegalStateException("only " + (file.size() - REMEMBERED) + " cells were asked for");
        }
        return new Cell(file, next++);
    }

    /** One slot's cell: written by its working thread, marked by any. */
    public static final class Cell {

        private final CellFile file;
        private final int number;

        private Cell(CellFile file, int number) {
            this.file = file;
            this.number = number;
        }

        /** From now on this runs. Costs less than a microsecond. */
        public void begin(Entry entry) {
            file.write(number, State.RUNNING, entry);
        }

        /** Nothing runs any more; a mark stays. */
        public void end() {
            boolean unused = file.swap(number, State.RUNNING, State.FREE);
        }

        /**
         * What runs does not stop, and the process is about to leave because of it.
         *
         * @param state {@link State#CANCELED} or {@link State#OVERDUE}
         * @return whether something runs
         */
        public boolean mark(State state) {
            return file.swap(number, State.RUNNING, state);
        }
    }

    /** Lets the next process have the file. The slots must have ended. */
    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
