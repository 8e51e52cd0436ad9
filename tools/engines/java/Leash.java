import java.io.IOException;
import java.util.Arrays;

/**
 * Runs the main class named first with the other arguments, and ends the process in order when standard input ends. The
 * parent holds the other end of it, so a server started like this never outlives a parent that crashed or was killed.
 */
public final class Leash {
  public static void main(String[] arguments) throws ReflectiveOperationException {
    Thread leash = new Thread(Leash::exitWithParent, "leash");
    leash.setDaemon(true);
    leash.start();
    Class.forName(arguments[0])
        .getMethod("main", String[].class)
        .invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
  }

  private static void exitWithParent() {
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException gone) {
      // A broken pipe says the same as an ended one.
    }
    System.exit(0);
  }
}
