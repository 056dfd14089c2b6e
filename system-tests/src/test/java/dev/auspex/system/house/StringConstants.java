package dev.auspex.system.house;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.StringEntry;
import java.util.Set;
import java.util.TreeSet;

/** The string literals of a class, which ArchUnit does not look at. */
final class StringConstants {

    private StringConstants() {}

    static Set<String> of(JavaClass type) {
        Set<String> strings = new TreeSet<>();
        try (InputStream bytes = type.getSource().orElseThrow().getUri().toURL().openStream()) {
            for (var entry : ClassFile.of().parse(bytes.readAllBytes()).constantPool()) {
                if (entry instanceof StringEntry string) {
                    strings.add(string.stringValue());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + type.getFullName(), e);
        }
        return strings;
    }
}
