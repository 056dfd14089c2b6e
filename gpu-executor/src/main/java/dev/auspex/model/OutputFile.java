package dev.auspex.model;

import java.nio.file.Path;

/**
 * A file a model made, in its work folder. The executor stores it and shows its URL.
 *
 * @param path the file
 * @param contentType its MIME type
 */
public record OutputFile(Path path, String contentType) {}
