import java.io.ByteArrayOutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/// Rewrites the classes of a jar to a class file version that the JDK's AOT cache takes, with the
/// frames it asks for.
///
/// picocli is compiled for Java 5, and the cache of JDK 25 leaves out every class older than Java
/// 6: its 170 classes would be parsed and verified anew at each start, which is 100 ms of the
/// command's start-up. The code of the methods stays as it is.
///
/// Usage: `java RaiseClassVersion.java IN.jar OUT.jar`.
class RaiseClassVersion {
  private static final int OLDEST_IN_CACHE = ClassFile.JAVA_6_VERSION;
  private static final int RAISED_TO = ClassFile.JAVA_8_VERSION;

  public static void main(String[] args) throws Exception {
    Path in = Path.of(args[0]);
    Path out = Path.of(args[1]);
    Path partial = out.resolveSibling(out.getFileName() + ".part");
    try (JarFile jar = new JarFile(in.toFile());
        URLClassLoader classes = new URLClassLoader(new URL[] {in.toUri().toURL()});
        JarOutputStream raised = new JarOutputStream(Files.newOutputStream(partial))) {
      ClassFile classFile =
          ClassFile.of(
              StackMapsOption.GENERATE_STACK_MAPS,
              ClassFile.ClassHierarchyResolverOption.of(
                  ClassHierarchyResolver.ofResourceParsing(classes)
                      .orElse(ClassHierarchyResolver.defaultResolver())));
      for (JarEntry entry : Collections.list(jar.entries())) {
        byte[] bytes = read(jar, entry);
        boolean old =
            entry.getName().endsWith(".class")
                && (bytes[6] << 8 | bytes[7] & 0xff) < OLDEST_IN_CACHE;
        JarEntry copy = new JarEntry(entry.getName());
        copy.setTime(entry.getTime());
        raised.putNextEntry(copy);
        raised.write(old ? raise(classFile, bytes) : bytes);
        raised.closeEntry();
      }
    }
    Files.move(partial, out, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static byte[] read(JarFile jar, JarEntry entry) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    jar.getInputStream(entry).transferTo(bytes);
    return bytes.toByteArray();
  }

  private static byte[] raise(ClassFile classFile, byte[] bytes) {
    return classFile.transformClass(
        classFile.parse(bytes),
        // Method bodies are built anew, since only then frames are made for them.
        ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
            .andThen(ClassTransform.endHandler(builder -> builder.withVersion(RAISED_TO, 0))));
  }
}
