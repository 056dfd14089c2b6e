package dev.auspex.runtime.config;

import static dev.auspex.runtime.config.Parsers.bytes;
import static dev.auspex.runtime.config.Parsers.duration;
import static dev.auspex.runtime.config.Parsers.integer;
import static dev.auspex.runtime.config.Parsers.list;
import static dev.auspex.runtime.config.Parsers.text;

import dev.auspex.protocol.AccountId;
import dev.auspex.protocol.HardwareClass;
import dev.auspex.protocol.usage.Money;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Every setting there is; the reference table in the docs is generated from this list. */
public final class Keys {

    private static final List<ConfigKey<?>> ALL = new ArrayList<>();
    private static final Pattern PRICE = Pattern.compile("\\d{1,3}(\\.\\d{1,12})?");

    public static final ConfigKey<Mode> MODE =
            key("mode", "production", Mode::of, "production or development", "Whether settings that can lose or expose something are refused at start or only warned of. `up` is for development unless this is set.");
    public static final ConfigKey<Path> DATA =
            key("data", "./.auspex", Path::of, "a folder", "Where everything is kept.");
    public static final ConfigKey<String> KAFKA =
            key("kafka", null, text(), "host:port[,host:port…]", "Bootstrap servers of the Kafka cluster to use instead of the embedded broker.");
    public static final ConfigKey<Path> MODELS =
            key("models", null, Path::of, "a YAML file", "Catalogue file with models to add to the built-in ones.");
    public static final ConfigKey<List<AccountToken>> TOKENS =
            key("tokens", null, list(Keys::token), "account=token[,account=token…]", "API tokens. Without it `up` makes one account and keeps its token in the data folder.");
    public static final ConfigKey<List<AccountId>> ADMINS =
            key("admins", null, list(AccountId::new), "names of accounts", "Which accounts' tokens of this configuration may manage all accounts and their tokens. Without it the only account there is, and none if there are several.");
    public static final ConfigKey<Secret> SECRET =
            key("secret", null, Secret::new, "at least 32 characters", "Signs webhooks, stream and file addresses; the same in every service. Without it one is made and kept in the data folder.");

    public static final ConfigKey<String> HTTP_HOST =
            key("http.host", "127.0.0.1", text(), "an address of this machine", "Where the API listens.");
    public static final ConfigKey<Integer> HTTP_PORT =
            key("http.port", "8080", integer(0, 65_535), "0 to 65535, 0 for a free one", "The API's port.");
    public static final ConfigKey<String> HTTP_URL =
            key("http.url", null, Parsers.httpUrl(), "an http or https URL", "The API's public address as clients see it; by default built from host and port.");
    public static final ConfigKey<Path> HTTP_TLS_CERTIFICATE =
            key("http.tls.certificate", null, Path::of, "a PEM file", "The API's certificate and its chain; with it the API speaks HTTPS only.");
    public static final ConfigKey<Path> HTTP_TLS_KEY =
            key("http.tls.key", null, Path::of, "a PEM file", "The certificate's private key, PKCS #8.");
    public static final ConfigKey<Boolean> HTTP_TLS_DEVELOPMENT =
            key("http.tls.development", "false", Parsers.bool(), "true or false", "Whether the API speaks HTTPS with a certificate of an authority that is made and kept in the data folder.");
    public static final ConfigKey<Long> HTTP_BODY_LIMIT =
            key("http.body.limit", "11MiB", bytes(1024, 15L << 20), "1KiB to 15MiB", "The largest JSON body; it has to fit a Kafka record.");
    public static final ConfigKey<Long> FILES_LIMIT =
            key("files.limit", "100MiB", bytes(1024, 1L << 40), "1KiB to 1TiB", "The largest uploaded or downloaded file.");
    public static final ConfigKey<Duration> FILES_EXPIRY =
            key("files.expiry", "24h", duration(Duration.ofMinutes(1), Duration.ofDays(3650)), "1m to 3650d", "How long an uploaded file is kept.");
    public static final ConfigKey<Path> FILES_FOLDER =
            key("files.folder", null, Path::of, "a folder", "Where uploads and outputs are kept; by default `files` in the data folder. Gateways and executors must see the same one.");
    public static final ConfigKey<String> FILES_S3_BUCKET =
            key("files.s3.bucket", null, text(), "the name of a bucket", "Keeps uploads and outputs in this bucket instead of a folder; for gateways and executors.");
    public static final ConfigKey<String> FILES_S3_ENDPOINT =
            key("files.s3.endpoint", "https://s3.us-east-1.amazonaws.com", Parsers.httpUrl(), "an http or https URL", "Where S3 answers; the bucket's name follows in the path.");
    public static final ConfigKey<String> FILES_S3_REGION =
            key("files.s3.region", "us-east-1", text(), "the name of a region", "The bucket's region, as requests are signed for it.");
    public static final ConfigKey<String> FILES_S3_ACCESS_KEY =
            key("files.s3.access.key", null, text(), "an access key id", "Who asks the bucket.");
    public static final ConfigKey<Secret> FILES_S3_SECRET_KEY =
            key("files.s3.secret.key", null, Secret::new, "a secret access key", "Signs what is asked of the bucket.");
    public static final ConfigKey<Long> DISK_RESERVE =
            key("disk.reserve", "256MiB", bytes(0, 1L << 50), "0B to 1024TiB", "While less than this is free on the disk of the files (with `up`, of everything), creates and uploads are refused with 507; the rest goes on.");
    public static final ConfigKey<Integer> GATEWAY_INFLIGHT =
            key("gateway.inflight", "8192", integer(1, 1_000_000), "1 to 1000000", "How many creates may wait for Kafka at once before the gateway answers 503.");

    public static final ConfigKey<Integer> LIMITS_CREATES =
            key("limits.creates", "0", integer(0, 100_000_000), "0 to 100000000, 0 for no limit", "How many predictions a token may create per minute on one gateway; Replicate's limit is 600.");
    public static final ConfigKey<Integer> LIMITS_READS =
            key("limits.reads", "0", integer(0, 100_000_000), "0 to 100000000, 0 for no limit", "How many single predictions a token may read per minute on one gateway; Replicate's limit is 60000.");
    public static final ConfigKey<Integer> LIMITS_OTHERS =
            key("limits.others", "0", integer(0, 100_000_000), "0 to 100000000, 0 for no limit", "How many other requests a token may make per minute on one gateway; Replicate's limit is 3000.");
    public static final ConfigKey<Integer> LIMITS_QUEUED =
            key("limits.queued", "0", integer(0, 100_000_000), "0 to 100000000, 0 for no limit", "How many predictions of an account may wait for their start at once, more or less: what comes within half a second may be too many.");
    public static final ConfigKey<Integer> LIMITS_SHARE =
            key("limits.share", "32", integer(0, 100_000_000), "0 to 100000000, 0 for no bound", "Where there are several accounts: how many predictions of one may wait at normal priority; more are of low priority.");
    public static final ConfigKey<Duration> IDEMPOTENCY_RETENTION =
            key("idempotency.retention", "24h", duration(Duration.ofHours(24), Duration.ofDays(30)), "24h to 30d", "How long a create's Idempotency-Key is remembered; at most as long as predictions are kept.");

    public static final ConfigKey<Integer> BROKER_PORT =
            key("broker.port", "9092", integer(1, 65_535), "1 to 65535", "The port of a broker that `./auspex broker` runs alone.");

    public static final ConfigKey<String> TOPICS_PREFIX =
            key("topics.prefix", "auspex.", text(), "text", "Begins the name of every topic and group.");
    public static final ConfigKey<Integer> TOPICS_PARTITIONS =
            key("topics.partitions", "4", integer(1, 1000), "1 to 1000", "Partitions of every topic; cannot be changed later.");
    public static final ConfigKey<Integer> TOPICS_REPLICAS =
            key("topics.replicas", "1", integer(1, 9), "1 to 9", "Copies of every partition; 3 in production.");
    public static final ConfigKey<Duration> TOPICS_RETENTION =
            key("topics.retention", "7d", duration(Duration.ofHours(1), Duration.ofDays(3650)), "1h to 3650d", "How long jobs, events and snapshots stay in Kafka.");
    public static final ConfigKey<List<DataRetention>> DATA_RETENTION =
            key("data.retention", "", list(Keys::dataRetention), "[account=]duration[,…], 1s to 3650d", "How long input, output and logs are shown after a prediction has ended; an account's own time goes before the one for all. Without it as long as the prediction itself.");
    public static final ConfigKey<List<HardwareClass>> HARDWARE_CLASSES =
            key("hardware.classes", "cpu,gpu-t4,gpu-l40s,gpu-a100-large,gpu-h100,gpu-h200", list(HardwareClass::new), "names of a-z, 0-9 and '-'", "The hardware classes of this installation; each has its own jobs topic.");

    public static final ConfigKey<List<HardwarePrice>> USAGE_PRICES =
            key("usage.prices", "", list(Keys::price), "class:dollars[,class:dollars…], such as gpu-h100:0.001525,cpu:0.0001", "What a second of each hardware class costs, in US dollars; classes without a price cost nothing. An attempt is charged the price of the moment it ends.");

    public static final ConfigKey<String> ROUTER_HOST =
            key("router.host", "127.0.0.1", text(), "an address of this machine", "Where the router answers the gateways' queries.");
    public static final ConfigKey<Integer> ROUTER_PORT =
            key("router.port", "8091", integer(0, 65_535), "0 to 65535, 0 for a free one", "The router's port.");
    public static final ConfigKey<List<String>> ROUTER_URL =
            key("router.url", "http://127.0.0.1:8091", list(Parsers.httpUrl()), "http URLs, separated by commas", "Where gateways and dispatchers find routers. Any router will do; gateways ask the next one when one does not answer.");
    public static final ConfigKey<String> ROUTER_ADVERTISED =
            key("router.advertised", null, text(), "host:port", "The address other routers reach this one at; by default host and port.");
    public static final ConfigKey<Duration> ROUTER_COMMIT_INTERVAL =
            key("router.commit.interval", "50ms", duration(Duration.ofMillis(1), Duration.ofSeconds(10)), "1ms to 10s", "How often the router commits its exactly-once transaction: most of what it adds to a webhook.");
    public static final ConfigKey<Integer> ROUTER_THREADS =
            key("router.threads", "1", integer(1, 256), "1 to 256", "How many threads process predictions; more than there are partitions stay idle.");
    public static final ConfigKey<Duration> ROUTER_ATTEMPT_SILENCE =
            key("router.attempt.silence", "10s", duration(Duration.ofSeconds(1), Duration.ofHours(1)), "1s to 1h", "How long a running attempt may say nothing before it counts as lost; executors speak every few seconds.");
    public static final ConfigKey<Duration> ROUTER_RETRY_PAUSE =
            key("router.retry.pause", "1s", duration(Duration.ofMillis(1), Duration.ofMinutes(1)), "1ms to 1m", "The pause before the first retry of a failed attempt; it doubles with each further one, up to a minute.");

    public static final ConfigKey<String> EXECUTOR_HARDWARE =
            key("executor.hardware", "auto", text(), "auto or a hardware class", "The class whose jobs this executor takes; auto looks for a GPU.");
    public static final ConfigKey<Integer> EXECUTOR_SLOTS =
            key("executor.slots", "0", integer(0, 1024), "0 to 1024, 0 for automatic", "How many jobs run at once; automatic on a device: two to four as its memory and the processors allow, so that one computes while another is fetched, decoded or encoded.");
    public static final ConfigKey<Duration> EXECUTOR_LOCK =
            key("executor.lock", "15s", duration(Duration.ofSeconds(1), Duration.ofMinutes(10)), "1s to 10m", "How long a silent executor keeps its job before another one gets it.");
    public static final ConfigKey<Path> EXECUTOR_MODELS =
            key("executor.models", null, Path::of, "a folder", "Models to add to the built-in ones: jars, and subfolders of jars. Without it `models` in the data folder, if there is one.");
    public static final ConfigKey<List<String>> EXECUTOR_WARM =
            key("executor.warm", "", list(text()), "names of models", "Models that are set up before the first job and never unloaded; those in Cog servers by their names in the catalogue (owner/name).");
    public static final ConfigKey<Long> EXECUTOR_MEMORY =
            key("executor.memory", "0", bytes(0, 1L << 50), "0 to 1PiB, 0 for nine tenths of the device's", "How much device memory the models of all slots may take; who was not used for longest is unloaded.");
    public static final ConfigKey<Duration> EXECUTOR_CANCEL_GRACE =
            key("executor.cancel.grace", "10s", duration(Duration.ofMillis(100), Duration.ofHours(1)), "100ms to 1h", "How long a model may take to stop when it was told to; then the executor's process ends, for its supervisor to start it again.");
    public static final ConfigKey<String> EXECUTOR_FFMPEG =
            key("executor.ffmpeg", "auto", text(), "auto or a path", "The ffmpeg executable; auto takes the one on PATH, else the bundled one.");
    public static final ConfigKey<String> EXECUTOR_COG_LISTEN =
            key("executor.cog.listen", "127.0.0.1", text(), "an address of this machine", "Where Cog servers of kind cog-url send their webhooks and fetch input files; one they can reach.");
    public static final ConfigKey<Integer> EXECUTOR_COG_PORT =
            key("executor.cog.port", "0", integer(0, 65_535), "0 to 65535, 0 for a free one", "The port there.");
    public static final ConfigKey<Secret> EXECUTOR_COG_UPLOADS =
            key("executor.cog.uploads", null, Secret::new, "16 or more of A-Z, a-z, 0-9, '-', '_'", "A word that lets Cog servers of kind cog-url put output files into the store: start them with --upload-url http://<listen>:<port>/uploads/<word>/.");
    public static final ConfigKey<Duration> EXECUTOR_COG_SETUP =
            key("executor.cog.setup", "30m", duration(Duration.ofSeconds(1), Duration.ofHours(24)), "1s to 24h", "How long setting up a Cog model may take.");
    public static final ConfigKey<Duration> EXECUTOR_COG_ABSENT =
            key("executor.cog.absent", "15s", duration(Duration.ofMillis(100), Duration.ofHours(1)), "100ms to 1h", "How long a Cog server may be silent before a job that waits for it is tried elsewhere.");
    public static final ConfigKey<String> EXECUTOR_DOCKER_HOST =
            key("executor.docker.host", "auto", text(), "auto, unix:///path or tcp://host:port", "The Docker that starts models of kind cog-docker; auto takes DOCKER_HOST, else the usual socket.");
    public static final ConfigKey<String> EXECUTOR_DOCKER_PULL =
            key("executor.docker.pull", "missing", text(), "missing, always or never", "When a model's image is fetched before its container is started.");
    public static final ConfigKey<String> EXECUTOR_DOCKER_GPUS =
            key("executor.docker.gpus", "auto", text(), "auto, all, none or ids separated by commas", "The devices that containers of GPU classes get; auto takes CUDA_VISIBLE_DEVICES, else all.");
    public static final ConfigKey<Long> EXECUTOR_DOCKER_MEMORY =
            key("executor.docker.memory", "0", bytes(0, 1L << 50), "0 to 1PiB, 0 for no bound", "How much memory a model's container may take.");
    public static final ConfigKey<Integer> EXECUTOR_DOCKER_PIDS =
            key("executor.docker.pids", "4096", integer(16, 4_000_000), "16 to 4000000", "How many processes and threads a model's container may have.");
    public static final ConfigKey<Integer> EXECUTOR_DOCKER_CONTAINERS =
            key("executor.docker.containers", "1", integer(1, 1000), "1 to 1000", "How many containers may be there at once, each with its model in device memory; who was not used for longest is ended.");
    public static final ConfigKey<String> EXECUTOR_DOCKER_NETWORK =
            key("executor.docker.network", "bridge", text(), "a network of Docker's", "How models' containers are connected.");
    public static final ConfigKey<String> EXECUTOR_DOCKER_LISTEN =
            key("executor.docker.listen", "auto", text(), "auto or an address of this machine", "Where containers send their webhooks and files; auto takes the gateway of their network.");
    public static final ConfigKey<Integer> EXECUTOR_PORT =
            key("executor.port", "8092", integer(0, 65_535), "0 to 65535, 0 for a free one", "Health and metrics of an executor that runs alone.");

    public static final ConfigKey<String> DISPATCHER_HOST =
            key("dispatcher.host", "127.0.0.1", text(), "an address of this machine", "Where the dispatcher answers what gateways ask about deliveries.");
    public static final ConfigKey<Integer> DISPATCHER_PORT =
            key("dispatcher.port", "8093", integer(0, 65_535), "0 to 65535, 0 for a free one", "The dispatcher's port, also for health and metrics.");
    public static final ConfigKey<List<String>> DISPATCHER_URL =
            key("dispatcher.url", "http://127.0.0.1:8093", list(Parsers.httpUrl()), "http URLs, separated by commas", "Where gateways find dispatchers. Any dispatcher will do; gateways ask the next one when one does not answer.");
    public static final ConfigKey<Integer> DISPATCHER_CONCURRENCY =
            key("dispatcher.concurrency", "512", integer(1, 100_000), "1 to 100000", "How many webhook requests are under way at once.");
    public static final ConfigKey<Integer> DISPATCHER_ENDPOINT_CONCURRENCY =
            key("dispatcher.endpoint.concurrency", "64", integer(1, 10_000), "1 to 10000", "How many of them may go to one host at once.");
    public static final ConfigKey<List<String>> WEBHOOK_ALLOW =
            key("webhook.allow", "", list(text()), "CIDR[:port][,…]", "Addresses that webhooks and input downloads may reach besides public ones. `up` allows loopback unless this is set.");
    public static final ConfigKey<List<PortRange>> WEBHOOK_PORTS =
            key("webhook.ports", "80,443,1024-65535", list(PortRange::parse), "port or first-last[,…]", "Ports at which webhooks and input downloads may call public addresses; what `webhook.allow` names may be called at any.");
    public static final ConfigKey<ProxyAddress> WEBHOOK_PROXY =
            key("webhook.proxy", null, ProxyAddress::parse, ProxyAddress.FORM, "A proxy that webhooks and input downloads go through. It looks names up, so it has to refuse private addresses itself.");
    public static final ConfigKey<List<Duration>> WEBHOOK_SCHEDULE =
            key("webhook.schedule", "5s,30s,2m,10m,30m,2h,5h,10h,14h,20h,24h", list(duration(Duration.ofMillis(1), Duration.ofDays(30))), "durations", "The pauses between delivery attempts of one message.");

    private Keys() {}

    /** All of them, in the order of the reference table. */
    public static List<ConfigKey<?>> all() {
        return List.copyOf(ALL);
    }

    private static <T> ConfigKey<T> key(
            String name,
            @Nullable String defaultValue,
            ConfigKey.Parser<T> parser,
            String expected,
            String description) {
        ConfigKey<T> key = new ConfigKey<>(name, defaultValue, parser, expected, description);
        ALL.add(key);
        return key;
    }

    private static AccountToken token(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException("expected account=token");
        }
        return new AccountToken(new AccountId(text.substring(0, equals)), new Secret(text.substring(equals + 1)));
    }

    private static HardwarePrice price(String text) {
        int colon = text.indexOf(':');
        String perSecond = text.substring(colon + 1).strip();
        if (colon < 1 || !PRICE.matcher(perSecond).matches()) {
            throw new IllegalArgumentException(
                    "expected class:dollars with less than 1000 dollars a second and at most 12 decimals");
        }
        return new HardwarePrice(new HardwareClass(text.substring(0, colon).strip()), Money.of(perSecond));
    }

    private static DataRetention dataRetention(String text) {
        int equals = text.indexOf('=');
        Duration kept = duration(Duration.ofSeconds(1), Duration.ofDays(3650)).parse(text.substring(equals + 1));
        return new DataRetention(equals < 0 ? null : new AccountId(text.substring(0, equals)), kept);
    }

    /**
     * How long the data of ended predictions are kept.
     *
     * @param account whose; {@code null} for everybody without a time of their own
     * @param kept from the end of a prediction
     */
    public record DataRetention(@Nullable AccountId account, Duration kept) {}

    /** What a second of a hardware class costs. */
    public record HardwarePrice(HardwareClass hardware, Money perSecond) {}

    /** A token and whose it is. */
    public record AccountToken(AccountId account, Secret token) {}
}
