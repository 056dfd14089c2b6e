package dev.auspex.runtime.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpClientConnectionInternal;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.transport.Transport;
import java.util.OptionalLong;
import java.util.concurrent.ThreadFactory;

/**
 * The JDK's sockets, whose channels remember when they were connected. Vert.x only tells when a connection can be used,
 * which is after the TLS handshake; the delivery log shows the two apart.
 */
public final class TimedTransport implements Transport {

    private final Transport jdk = io.vertx.core.transport.Transport.NIO.implementation();

    /** As Vert.x wants it. */
    public static io.vertx.core.transport.Transport create() {
        Transport transport = new TimedTransport();
        return new io.vertx.core.transport.Transport() {
            @Override
            public String name() {
                return "nio";
            }

            @Override
            public boolean available() {
                return transport.isAvailable();
            }

            @Override
            public Throwable unavailabilityCause() {
                return transport.unavailabilityCause();
            }

            @Override
            public Transport implementation() {
                return transport;
            }
        };
    }

    /**
     * When the TCP connection under an HTTP connection stood, in {@link System#nanoTime}; for any thread.
     *
     * @return empty unless its Vert.x was made with this transport
     */
    public static OptionalLong connectedAt(HttpConnection connection) {
        return connection instanceof HttpClientConnectionInternal internal
                        && internal.channelHandlerContext().channel() instanceof TimedChannel channel
                ? OptionalLong.of(channel.connectedAt)
                : OptionalLong.empty();
    }

    private static final class TimedChannel extends NioSocketChannel {

        private volatile long connectedAt = System.nanoTime();

        @Override
        protected void doFinishConnect() throws Exception {
            super.doFinishConnect();
            connectedAt = System.nanoTime();
        }
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return domainSocket ? jdk.channelFactory(true) : TimedChannel::new;
    }

    @Override
    public boolean supportsDomainSockets() {
        return jdk.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
        return jdk.supportFileRegion();
    }

    @Override
    public boolean isAvailable() {
        return jdk.isAvailable();
    }

    @Override
    public Throwable unavailabilityCause() {
        return jdk.unavailabilityCause();
    }

    @Override
    public java.net.SocketAddress convert(SocketAddress address) {
        return jdk.convert(address);
    }

    @Override
    public SocketAddress convert(java.net.SocketAddress address) {
        return jdk.convert(address);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return jdk.ioHandlerFactory();
    }

    @Override
    public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
        return jdk.eventLoopGroup(type, threads, factory, ioRatio);
    }

    @Override
    public DatagramChannel datagramChannel() {
        return jdk.datagramChannel();
    }

    @Override
    @SuppressWarnings("deprecation") // the interface's own
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return jdk.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return jdk.serverChannelFactory(domainSocket);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        jdk.configure(channel, options);
    }

    @Override
    public void configure(ClientOptionsBase options, int connectTimeout, boolean domainSocket, Bootstrap bootstrap) {
        jdk.configure(options, connectTimeout, domainSocket, bootstrap);
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        jdk.configure(options, domainSocket, bootstrap);
    }
}
