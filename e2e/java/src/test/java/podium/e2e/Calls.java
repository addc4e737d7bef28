package podium.e2e;

import static net.bytebuddy.matcher.ElementMatchers.anyOf;
import static net.bytebuddy.matcher.ElementMatchers.isMethod;
import static net.bytebuddy.matcher.ElementMatchers.isPublic;

import net.bytebuddy.agent.ByteBuddyAgent;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Notes which methods of the kit's services the tests call, and get an answer by, for {@code
 * ../methods.py}. The kit's classes are woven as they are loaded; nothing of the kit is changed
 * otherwise. JUnit finds this by META-INF/services.
 */
public final class Calls implements LauncherSessionListener {

  private static final Set<String> CALLED = ConcurrentHashMap.newKeySet();

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    try {
      new AgentBuilder.Default()
          .with(AgentBuilder.RedefinitionStrategy.RETRANSFORMATION)
          .disableClassFormatChanges()
          .type(anyOf(ServiceMethods.services().toArray(new Class<?>[0])))
          .transform((builder, type, loader, module, domain) -> builder.visit(Advice.to(Answered.class).on(isMethod().and(isPublic()))))
          .installOn(ByteBuddyAgent.install());
    } catch (final Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    try {
      ServiceMethods.write(Path.of(System.getProperty("e2e.reports"), "methods.txt"), CALLED);
    } catch (final Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Called by what is woven into the end of each method, unless it has thrown. */
  public static void answered(Object service, Method method) {
    if (ServiceMethods.counts(method) && calledByATest()) {
      CALLED.add(ServiceMethods.name(method, onBehalf(service)));
    }
  }

  /** Whether a test has called the service, and not the service itself. */
  private static boolean calledByATest() {
    final Optional<Class<?>> caller = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).walk(frames -> frames
        .dropWhile(frame -> frame.getDeclaringClass() == Calls.class) // this
        .skip(1) // the method of the service
        .findFirst().map(StackWalker.StackFrame::getDeclaringClass));
    return caller.isPresent() && !caller.get().getName().startsWith("com.symphony.bdk.");
  }

  private static boolean onBehalf(Object service) {
    try {
      final Field session = service.getClass().getDeclaredField("authSession");
      session.setAccessible(true);
      return session.get(service).getClass().getSimpleName().startsWith("AuthSessionObo");
    } catch (final NoSuchFieldException e) {
      return false; // there is no such service on behalf of a user
    } catch (final IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What is woven in. */
  private static final class Answered {

    @Advice.OnMethodExit
    static void exit(@Advice.This Object service, @Advice.Origin Method method) {
      Calls.answered(service, method);
    }
  }
}
