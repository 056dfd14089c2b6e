package dev.auspex.runtime.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.runtime.config.ConfigException;
import dev.auspex.runtime.config.PortRange;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {

    private static final AddressGuard STRICT = AddressGuard.of(List.of());

    @ParameterizedTest
    @CsvSource({
        // first and last address of every special-purpose IPv4 range (RFC 6890 and its registry), multicast, reserved
        "0.0.0.0,0.255.255.255", "10.0.0.0,10.255.255.255", "100.64.0.0,100.127.255.255",
        "127.0.0.0,127.255.255.255", "169.254.0.0,169.254.255.255", "172.16.0.0,172.31.255.255",
        "192.0.0.0,192.0.0.255", "192.0.2.0,192.0.2.255", "192.31.196.0,192.31.196.255",
        "192.52.193.0,192.52.193.255", "192.88.99.0,192.88.99.255", "192.168.0.0,192.168.255.255",
        "192.175.48.0,192.175.48.255", "198.18.0.0,198.19.255.255", "198.51.100.0,198.51.100.255",
        "203.0.113.0,203.0.113.255", "224.0.0.0,239.255.255.255", "240.0.0.0,255.255.255.255"
    })
    void shouldRefuseWhenTheIpv4RangeIsSpecial(String first, String last) {
        assertThat(STRICT.permits(address(first), 443)).isFalse();
        assertThat(STRICT.permits(address(last), 443)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
        "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.167.255.255",
        "192.169.0.0", "198.17.255.255", "198.20.0.0", "203.0.112.255", "203.0.114.0", "223.255.255.255",
        "2606:4700::1111", "2a00:1450:4001::1", "2001:200::1", "2003::1", "fbff::1", "fe00::1"
    })
    void shouldPermitWhenTheAddressIsJustOutsideEverySpecialRange(String text) {
        assertThat(STRICT.permits(address(text), 443)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "::,::", "::1,::1", "::2,::7f00:1", "64:ff9b::,64:ff9b::ffff:ffff",
        "64:ff9b:1::,64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "100::,100::ffff:ffff:ffff:ffff",
        "100:0:0:1::,100:0:0:1:ffff:ffff:ffff:ffff", "2001::,2001:1ff:ffff::", "2001:db8::,2001:db8:ffff::",
        "2002::,2002:ffff::", "2620:4f:8000::,2620:4f:8000:ffff::", "3fff::,3fff:fff::", "5f00::,5f00:ffff::",
        "fc00::,fdff:ffff::", "fe80::,febf:ffff::", "fec0::,feff:ffff::", "ff00::,ffff:ffff::"
    })
    void shouldRefuseWhenTheIpv6RangeIsSpecial(String first, String last) {
        assertThat(STRICT.permits(address(first), 443)).isFalse();
        assertThat(STRICT.permits(address(last), 443)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", // mapped
        "::127.0.0.1", "::10.0.0.1", // compatible
        "::ffff:0:127.0.0.1", // translated (RFC 2765)
        "64:ff9b::127.0.0.1", "64:ff9b:1::a00:1", // NAT64
        "2002:7f00:1::", "2002:a9fe:a9fe::1", // 6to4
        "2001:0:4136:e378:8000:63bf:3fff:fdd2" // Teredo
    })
    void shouldRefuseWhenAnIpv6AddressCarriesAnIpv4Address(String text) {
        assertThat(STRICT.permits(address(text), 443)).isFalse();
    }

    @Test
    void shouldTreatItAsIpv4WhenAMappedAddressKeptItsSixteenBytes() throws UnknownHostException {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 127, 0, 0, 1};
        InetAddress kept = Inet6Address.getByAddress("mapped", mapped, 0);
        assertThat(kept.getAddress()).hasSize(16);
        assertThat(STRICT.permits(kept, 443)).isFalse();
        assertThat(AddressGuard.of(List.of("127.0.0.0/8")).permits(kept, 443)).isTrue();
    }

    @Test
    void shouldPermitOnlyTheNamedPortWhenAnAllowedRangeHasOne() {
        AddressGuard guard = AddressGuard.of(List.of("127.0.0.0/8:8080", "10.1.0.0/16", "[fd00::/8]:9000", "::1"));
        assertThat(guard.permits(address("127.0.0.1"), 8080)).isTrue();
        assertThat(guard.permits(address("127.0.0.1"), 8081)).isFalse();
        assertThat(guard.permits(address("10.1.2.3"), 1)).isTrue();
        assertThat(guard.permits(address("10.2.0.0"), 1)).isFalse();
        assertThat(guard.permits(address("fd12::1"), 9000)).isTrue();
        assertThat(guard.permits(address("fd12::1"), 443)).isFalse();
        assertThat(guard.permits(address("::1"), 443)).isTrue();
        assertThat(guard.permits(address("::2"), 443)).isFalse();
        assertThat(guard.permits(address("8.8.8.8"), 53)).isTrue();
    }

    @Test
    void shouldCompareSingleBitsWhenAPrefixEndsInsideAByte() {
        AddressGuard guard = AddressGuard.of(List.of("10.0.0.128/25", "10.9.9.9"));
        assertThat(guard.permits(address("10.0.0.127"), 80)).isFalse();
        assertThat(guard.permits(address("10.0.0.128"), 80)).isTrue();
        assertThat(guard.permits(address("10.9.9.9"), 80)).isTrue();
        assertThat(guard.permits(address("10.9.9.8"), 80)).isFalse();
        assertThat(AddressGuard.of(List.of("0.0.0.0/0")).permits(address("10.0.0.1"), 80)).isTrue();
    }

    @Test
    void shouldKeepPublicAddressesToTheirPortsAndLetNamedOnesBe() {
        AddressGuard guard = AddressGuard.of(
                List.of("10.1.0.0/16", "10.2.0.0/16:25"), List.of(PortRange.parse("443"), PortRange.parse("1024-65535")));
        assertThat(guard.permits(address("8.8.8.8"), 443)).isTrue();
        assertThat(guard.permits(address("8.8.8.8"), 8080)).isTrue();
        assertThat(guard.permits(address("8.8.8.8"), 25)).isFalse();
        assertThat(guard.permits(address("8.8.8.8"), 1023)).isFalse();
        assertThat(guard.permits(address("10.1.2.3"), 25)).isTrue();
        assertThat(guard.permits(address("10.2.2.3"), 25)).isTrue();
        assertThat(guard.permits(address("10.2.2.3"), 8080)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "65536", "2-1", "-5", "80-", "http", "1-2-3"})
    void shouldRefuseAPortRangeThatIsNone(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> PortRange.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "10.0.0.0/8:0", "10.0.0.0/8:65536", "10.0.0.0/8:http",
        "[::1", "[::1]9", "[::1/129]", "fd00::/x", "010.0.0.0/8", ""
    })
    void shouldRefuseToStartWhenAnAllowedRangeCannotBeRead(String text) {
        assertThatThrownBy(() -> AddressGuard.of(List.of(text))).isInstanceOf(ConfigException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "127.1", "127.0.1", "127.0.0.01", "127.0.0.0x1",
        "256.0.0.1", "999.1.1.1", "1.2.3.4.5", "127.0.0.1.5", "a.b.1", "127.0.0.00", "\uff11\uff12\uff17.0.0.\uff11",
        "[::1", "[127.0.0.1", "::1%nosuchinterface", "[::g]", "1:2"
    })
    void shouldRefuseAHostWhenItLooksLikeANumberButIsNoPlainAddress(String host) {
        assertThatIllegalArgumentException().isThrownBy(() -> AddressGuard.literal(host));
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1,127.0.0.1", "8.8.8.8,8.8.8.8", "[::1],::1", "2001:db8::1,2001:db8::1",
        "[::ffff:10.0.0.1],10.0.0.1"})
    void shouldReadAHostWhenItIsAnAddress(String host, String expected) {
        assertThat(AddressGuard.literal(host)).isEqualTo(address(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "localhost", "metadata.google.internal", "1.example.com", "x1", "1.2.3.4."})
    void shouldLeaveAHostToTheLookUpWhenItIsAName(String host) {
        assertThat(AddressGuard.literal(host)).isNull();
    }

    private static InetAddress address(String literal) {
        return Objects.requireNonNull(AddressGuard.literal(literal));
    }
}
