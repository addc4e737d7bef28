package podium.e2e;

import com.symphony.bdk.core.SymphonyBdk;
import com.symphony.bdk.ext.group.SymphonyGroupService;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The public methods of the kit's services, as the kit itself has them. Each overload counts by
 * itself. What a service does on behalf of a user goes by the interface that it has for that:
 * {@code UserService.searchUsers(...)} and {@code OboUserService.searchUsers(...)} are two.
 */
final class ServiceMethods {

  private ServiceMethods() {
  }

  /** The classes of all services, of the kit and its group extension. */
  static List<Class<?>> services() throws Exception {
    final List<Class<?>> services = new ArrayList<>(List.of(SymphonyGroupService.class));
    final URI jar = URI.create("jar:" + SymphonyBdk.class.getProtectionDomain().getCodeSource().getLocation());
    try (FileSystem files = FileSystems.newFileSystem(jar, Map.of());
        Stream<Path> paths = Files.walk(files.getPath("/com/symphony/bdk/core/service"))) {
      for (final Path path : paths.filter(p -> p.toString().endsWith("Service.class")).collect(Collectors.toList())) {
        final String name = path.toString().substring(1).replace(".class", "").replace('/', '.');
        final Class<?> service = Class.forName(name, false, ServiceMethods.class.getClassLoader());
        // Those that page are how others are written.
        if (!service.isInterface() && !Modifier.isAbstract(service.getModifiers()) && !service.getSimpleName().endsWith("PaginatedService")) {
          services.add(service);
        }
      }
    }
    return services;
  }

  /** The names of everything that can be called, for oneself and on behalf of a user. */
  static Set<String> names() throws Exception {
    final Set<String> names = new TreeSet<>();
    for (final Class<?> service : services()) {
      for (final Method method : service.getDeclaredMethods()) {
        if (counts(method)) {
          names.add(name(method, false));
          if (onBehalf(method) != null) {
            names.add(name(method, true));
          }
        }
      }
    }
    return names;
  }

  /**
   * Whether a method of a service is one of those. {@code obo} gives the service on behalf of a
   * user and sends no request.
   */
  static boolean counts(Method method) {
    final int modifiers = method.getModifiers();
    return Modifier.isPublic(modifiers) && !Modifier.isStatic(modifiers) && !method.isSynthetic() && !method.getName().equals("obo");
  }

  /** The interface by which the method is called on behalf of a user; null if it is not. */
  private static Class<?> onBehalf(Method method) {
    for (final Class<?> type : method.getDeclaringClass().getInterfaces()) {
      if (type.getSimpleName().startsWith("Obo")
          && Arrays.stream(type.getMethods()).anyMatch(m -> m.getName().equals(method.getName())
              && Arrays.equals(m.getParameterTypes(), method.getParameterTypes()))) {
        return type;
      }
    }
    return null;
  }

  static String name(Method method, boolean onBehalf) {
    final Class<?> type = onBehalf ? onBehalf(method) : method.getDeclaringClass();
    return (type == null ? method.getDeclaringClass() : type).getSimpleName() + "." + method.getName()
        + Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName).collect(Collectors.joining(",", "(", ")"));
  }

  static void write(Path file, Set<String> called) throws Exception {
    Files.write(file, names().stream().map(name -> name + "\t" + (called.contains(name) ? "called" : "")).collect(Collectors.toList()));
  }
}
