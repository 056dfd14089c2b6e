package dev.auspex.runtime.files.s3;

import dev.auspex.runtime.config.Secret;
import java.net.URI;
import java.util.Properties;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.blobstore.TransientApiMetadata;

/**
 * An S3 server in this process, with one empty bucket in memory. It checks signatures (AWS Signature Version 4), the hash of
 * a body and the time of a request, and was written by others than our client.
 */
final class SigningS3 implements AutoCloseable {

    private static final String BUCKET = "files";
    private static final String ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE";
    private static final String SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    /** Tests of what expires look hours ahead. */
    private static final int TIME_SKEW_SECONDS = 3 * 60 * 60;

    private final BlobStoreContext blobs;
    private final S3Proxy proxy;

    private SigningS3(BlobStoreContext blobs, S3Proxy proxy) {
        this.blobs = blobs;
        this.proxy = proxy;
    }

    static SigningS3 start() throws Exception {
        BlobStoreContext blobs = ContextBuilder.newBuilder(new TransientApiMetadata())
                .credentials("nobody", "nothing")
                .overrides(new Properties())
                .build(BlobStoreContext.class);
        BlobStore store = blobs.getBlobStore();
        store.createContainerInLocation(null, BUCKET);
        S3Proxy proxy = S3Proxy.builder()
                .blobStore(store)
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                .maximumTimeSkew(TIME_SKEW_SECONDS)
                .endpoint(URI.create("http://127.0.0.1:0"))
                .build();
        proxy.start();
        return new SigningS3(blobs, proxy);
    }

    /** Such that let their user in. */
    S3Settings settings() {
        return settings(URI.create("http://127.0.0.1:" + proxy.getPort()));
    }

    S3Settings settings(URI endpoint) {
        return new S3Settings(endpoint, BUCKET, "us-east-1", ACCESS_KEY, new Secret(SECRET_KEY));
    }

    @Override
    public void close() throws Exception {
        proxy.stop();
        blobs.close();
    }
}
