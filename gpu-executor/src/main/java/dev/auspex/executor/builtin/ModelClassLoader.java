package dev.auspex.executor.builtin;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Objects;

/**
 * The classes of one jar or folder of jars. It sees the JDK and what models share with the executor, nothing else: a model
 * may bring any version of any library along.
 */
final class ModelClassLoader extends URLClassLoader {

    ModelClassLoader(String name, List<URL> jars) {
        super(name, jars.toArray(URL[]::new), new SharedClasses(Objects.requireNonNull(ModelClassLoader.class.getClassLoader())));
    }

    /** The model interface, the helpers for CUDA and video, JSON trees (an output form) and logging. */
    private static final class SharedClasses extends ClassLoader {

        private static final List<String> PACKAGES = List.of(
                "dev.auspex.model.",
                "dev.auspex.executor.cuda.",
                "dev.auspex.executor.video.",
                "jcuda.",
                "com.fasterxml.jackson.",
                "org.jspecify.annotations.",
                "org.slf4j.");

        private final ClassLoader executor;

        // The JDK comes first, as the parent; resources of the executor are not shared at all.
        SharedClasses(ClassLoader executor) {
            super("shared-with-models", ClassLoader.getPlatformClassLoader());
            this.executor = executor;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (PACKAGES.stream().anyMatch(name::startsWith)) {
                return executor.loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }
}
