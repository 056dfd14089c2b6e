package dev.auspex.runtime.files.s3;

import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.config.Keys;
import dev.auspex.runtime.config.Secret;
import dev.auspex.runtime.config.Settings;
import java.net.URI;
import java.util.Optional;

/**
 * Where the bucket is and how to be let in.
 *
 * @param endpoint with scheme and host
 * @param bucket its name
 * @param region as the store calls it
 * @param accessKey who asks
 * @param secretKey proves it
 */
public record S3Settings(URI endpoint, String bucket, String region, String accessKey, Secret secretKey) {

    /** What the settings say; empty if files are kept in a folder. @throws ConfigException if something is missing */
    public static Optional<S3Settings> of(Settings settings) {
        Optional<String> bucket = settings.find(Keys.FILES_S3_BUCKET);
        if (bucket.isEmpty()) {
            return Optional.empty();
        }
        if (settings.get(Keys.FILES_LIMIT) > S3FileStore.MAX_BYTES) {
            throw new ConfigException("files.limit (AUSPEX_FILES_LIMIT): is " + settings.get(Keys.FILES_LIMIT)
                    + ", expected at most 5GiB with files.s3.bucket");
        }
        String access = settings.find(Keys.FILES_S3_ACCESS_KEY).orElseThrow(() -> missing("files.s3.access.key"));
        Secret secret = settings.find(Keys.FILES_S3_SECRET_KEY).orElseThrow(() -> missing("files.s3.secret.key"));
        return Optional.of(new S3Settings(
                URI.create(settings.get(Keys.FILES_S3_ENDPOINT)), bucket.get(), settings.get(Keys.FILES_S3_REGION), access,
                secret));
    }

    private static ConfigException missing(String key) {
        return new ConfigException(key + ": is not set, expected with files.s3.bucket");
    }
}
