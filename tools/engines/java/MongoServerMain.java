import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.h2.mvstore.MVStore;

/** mongo-java-server on 127.0.0.1: arguments are the port and, for data that outlive the process, a file. */
public final class MongoServerMain {
  public static void main(String[] arguments) {
    MongoBackend backend = arguments.length > 1 ? new DurableBackend(arguments[1]) : new QuickById(new MVStore.Builder().open());
    MongoServer server = new MongoServer(backend.version(new Announced()));
    server.bind("127.0.0.1", Integer.parseInt(arguments[0]));
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
  }

  /** Of itself the server announces wire version 8, which today's driver refuses. */
  private static final class Announced implements MongoVersion {
    @Override
    public List<Integer> getVersionArray() {
      return List.of(7, 0, 0);
    }

    @Override
    public int getWireVersion() {
      return 21;
    }
  }

  /**
   * Answers a command once what it changed is in the file, so that what was acknowledged survives `kill -9`; the store of
   * itself saves once a second. Commands share the lock and saving has it alone: the file never holds half a command.
   * Saving costs the same for one command as for many, so those of a few milliseconds are saved together.
   */
  private static final class DurableBackend extends QuickById {
    private static final int GATHERING_MILLISECONDS = 5;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final Object gate = new Object();
    private boolean wanted;
    private long begun;
    private long done;

    DurableBackend(String file) {
      super(new MVStore.Builder().fileName(file).autoCommitDisabled().autoCommitBufferSize(0).open());
      // Space is used again at once: what would be lost by that is lost when the machine fails, not when the process does.
      getMvStore().setRetentionTime(0);
      Thread saver = new Thread(this::saveForEver, "saver");
      saver.setDaemon(true);
      saver.start();
    }

    @Override
    public Document handleMessage(MongoMessage message) {
      boolean changed;
      Document answer;
      lock.readLock().lock();
      try {
        answer = super.handleMessage(message);
        changed = getMvStore().hasUnsavedChanges();
      } finally {
        lock.readLock().unlock();
      }
      if (changed) awaitSave();
      return answer;
    }

    /** Returns after a save that began after the call. */
    private void awaitSave() {
      synchronized (gate) {
        long next = begun + 1;
        wanted = true;
        gate.notifyAll();
        while (done < next) pause(gate);
      }
    }

    /** A save that fails ends the process: nobody may be told that something was saved. */
    private void saveForEver() {
      try {
        for (;;) {
          synchronized (gate) {
            while (!wanted) pause(gate);
          }
          Thread.sleep(GATHERING_MILLISECONDS);
          synchronized (gate) {
            wanted = false;
            begun += 1;
          }
          save();
          synchronized (gate) {
            done = begun;
            gate.notifyAll();
          }
        }
      } catch (Throwable failure) {
        failure.printStackTrace();
        Runtime.getRuntime().halt(1);
      }
    }

    private void save() {
      lock.writeLock().lock();
      try {
        if (getMvStore().hasUnsavedChanges()) commit();
      } finally {
        lock.writeLock().unlock();
      }
    }

    private static void pause(Object gate) {
      try {
        gate.wait();
      } catch (InterruptedException stopping) {
        Runtime.getRuntime().halt(1);
      }
    }
  }
}
