package dev.auspex.dispatcher.http;

import dev.auspex.dispatcher.domain.AttemptOutcome.NotAnswered;
import dev.auspex.dispatcher.domain.AttemptReport;
import dev.auspex.protocol.delivery.Delivery;
import dev.auspex.protocol.delivery.DeliveryResult.Outcome;
import dev.auspex.protocol.delivery.DeliveryTrace;
import dev.auspex.protocol.delivery.WebhookEndpoint;
import dev.auspex.runtime.net.Egress;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Posts one message to one receiver. The name is looked up here, the guard is asked about the very address that is then
 * connected to (behind a proxy, the {@link Egress} about the URL), redirects are not followed, answers are not expanded and read only so far. To be called on the event loop
 * it was made for; it answers there.
 */
public final class WebhookSender implements AutoCloseable {

    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence USER_AGENT = HttpHeaders.createOptimized("Auspex-Webhooks/" + version());
    private static final CharSequence WEBHOOK_ID = HttpHeaders.createOptimized("webhook-id");
    private static final CharSequence WEBHOOK_TIMESTAMP = HttpHeaders.createOptimized("webhook-timestamp");
    private static final CharSequence WEBHOOK_SIGNATURE = HttpHeaders.createOptimized("webhook-signature");
    private static final CharSequence EVENT = HttpHeaders.createOptimized("auspex-event");
    private static final CharSequence SEQUENCE = HttpHeaders.createOptimized("auspex-sequence");
    private static final CharSequence ATTEMPT = HttpHeaders.createOptimized("auspex-delivery-attempt");

    /** Shorter values of headers are no secrets, and would be found everywhere. */
    private static final int SHORTEST_SECRET = 8;

    private final Connections connections;
    private final AddressBook names;
    private final Egress egress;
    private final Signer signer;
    private final PreparedEndpoints endpoints;

    /**
     * @param loop the event loop it belongs to
     * @param maxPerHost connections to one host
     */
    public WebhookSender(Context loop, int maxPerHost, Egress egress, Credentials credentials, Clock clock) {
        this(loop, new Connections(loop.owner(), clock, maxPerHost, null), egress, credentials, InetAddress::getAllByName);
    }

    WebhookSender(
            Context loop, Connections connections, Egress egress, Credentials credentials, AddressBook.Resolver resolver) {
        this.connections = connections;
        this.egress = egress;
        this.signer = credentials.signer();
        this.endpoints = new PreparedEndpoints(connections, credentials);
        this.names = new AddressBook(loop, resolver);
    }

    private record Message(
            Target target, Delivery delivery, int attempt, byte[] body, @Nullable WebhookEndpoint endpoint) {}

    /**
     * Makes one attempt. The future never fails.
     *
     * @param target where to, from the delivery's URL
     * @param attempt its number, from 1
     * @param body sent as it is
     * @param endpoint whose headers and keys are used; {@code null} for a prediction's own webhook
     */
    public Future<AttemptReport> send(
            Target target, Delivery delivery, int attempt, byte[] body, @Nullable WebhookEndpoint endpoint) {
        Message message = new Message(target, delivery, attempt, body, endpoint);
        long begun = System.nanoTime();
        if (egress.proxied()) {
            String refusal = egress.refusal(target.host(), target.literal(), target.port());
            return refusal == null
                    ? exchange(message, egress.through(new RequestOptions()), null, begun)
                    : unsent(Outcome.FORBIDDEN, refusal);
        }
        return addresses(target).transform(found -> {
            if (found.failed()) {
                return unsent(Outcome.UNRESOLVED, Objects.requireNonNullElse(found.cause().getMessage(), ""));
            }
            InetAddress address = choose(found.result(), target.port(), attempt);
            if (address == null) {
                return unsent(Outcome.FORBIDDEN, "the address is not public and not allowed");
            }
            RequestOptions there = new RequestOptions()
                    .setServer(SocketAddress.inetSocketAddress(target.port(), address.getHostAddress()));
            return exchange(message, there, address.getHostAddress(), begun);
        });
    }

    private Future<AttemptReport> exchange(
            Message message, RequestOptions route, @Nullable String address, long begun) {
        PreparedEndpoints.Prepared prepared;
        try {
            prepared = endpoints.of(message.endpoint());
        } catch (IllegalStateException e) {
            return unsent(Outcome.UNREACHABLE, Objects.requireNonNullElse(e.getMessage(), ""));
        }
        MultiMap headers = headers(message, prepared.headers());
        AnswerText answers = new AnswerText(secrets(headers, prepared.headers()));
        RequestOptions options = options(route, message.target(), headers);
        if (message.target().tls() && prepared.tls() != null) {
            options.setSslOptions(prepared.tls());
        }
        return new Exchange(
                        connections,
                        new Exchange.Order(options, message.body(), answers, address, begun, System.nanoTime()))
                .begin();
    }

    private static Future<AttemptReport> unsent(Outcome outcome, String why) {
        return Future.succeededFuture(new AttemptReport(new NotAnswered(outcome, why), DeliveryTrace.NONE));
    }

    private Future<List<InetAddress>> addresses(Target target) {
        return target.literal() == null
                ? names.resolve(target.host(), System.nanoTime())
                : Future.succeededFuture(List.of(target.literal()));
    }

    // Another address of the same name at every attempt: one of them may be dead.
    private @Nullable InetAddress choose(List<InetAddress> addresses, int port, int attempt) {
        List<InetAddress> permitted = new ArrayList<>(addresses.size());
        for (InetAddress address : addresses) {
            if (egress.guard().permits(address, port)) {
                permitted.add(address);
            }
        }
        return permitted.isEmpty() ? null : permitted.get((attempt - 1) % permitted.size());
    }

    private static RequestOptions options(RequestOptions route, Target target, MultiMap headers) {
        return route
                .setMethod(HttpMethod.POST)
                .setHost(target.hostForHeader())
                .setPort(target.port())
                .setSsl(target.tls())
                .setURI(target.requestUri())
                .setFollowRedirects(false)
                .setHeaders(headers);
    }

    // Of the signatures one alone, too: a receiver may split the header before it echoes.
    private static List<String> secrets(MultiMap headers, Map<String, String> own) {
        List<String> secrets = new ArrayList<>(List.of(headers.get(WEBHOOK_SIGNATURE).split(" ")));
        own.values().stream().filter(value -> value.length() >= SHORTEST_SECRET).forEach(secrets::add);
        return secrets;
    }

    private MultiMap headers(Message sent, Map<String, String> own) {
        Delivery delivery = sent.delivery();
        WebhookEndpoint endpoint = sent.endpoint();
        long timestamp = connections.clock().instant().getEpochSecond();
        String id = delivery.id().value();
        Signer.Message message = new Signer.Message(id, timestamp, sent.body());
        MultiMap headers = HttpHeaders.headers();
        own.forEach(headers::set); // before ours, which they cannot replace
        return headers
                .set(HttpHeaders.CONTENT_TYPE, JSON)
                .set(HttpHeaders.USER_AGENT, USER_AGENT)
                .set(WEBHOOK_ID, id)
                .set(WEBHOOK_TIMESTAMP, Long.toString(timestamp))
                .set(WEBHOOK_SIGNATURE, endpoint == null
                        ? signer.sign(delivery.account(), message) : signer.sign(endpoint, message))
                .set(EVENT, delivery.event().wireName())
                .set(SEQUENCE, Long.toString(delivery.sequence()))
                .set(ATTEMPT, Integer.toString(sent.attempt()));
    }

    private static String version() {
        String version = WebhookSender.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    /** Breaks off what is under way. */
    @Override
    public void close() {
        names.close();
        connections.close();
    }
}
