package dev.auspex.executor.cog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DockerOwnerTest {

    private final DockerOwner here = DockerOwner.self();

    @BeforeEach
    void needsProc() {
        assumeTrue(Files.isReadable(Path.of("/proc/self/stat")), "processes are told apart on Linux only");
    }

    @Test
    void shouldBeThereWhenItsProcessIs() {
        assertThat(here.isGone(here)).isFalse();
        assertThat(here.isOfAnotherBoot(here)).isFalse();
        assertThat(DockerOwner.parse(here.label())).contains(here);
    }

    @Test
    void shouldBeGoneWhenItsProcessHasEnded() throws Exception {
        Process process = new ProcessBuilder("sleep", "600").start();
        DockerOwner owner = DockerOwner.of(process.toHandle());
        boolean before = owner.isGone(here);

        process.destroyForcibly().waitFor();

        assertThat(before).isFalse();
        assertThat(owner.isGone(here)).isTrue();
    }

    @Test
    void shouldBeGoneWhenAnotherProcessHasItsNumber() {
        assertThat(new DockerOwner(here.boot(), here.namespace(), here.pid(), here.start() + "0").isGone(here)).isTrue();
    }

    @Test
    void shouldNotBeCalledGoneWhenItCannotBeSeenFromHere() {
        DockerOwner elsewhere = new DockerOwner(here.boot(), "1", "1", "1");
        DockerOwner otherBoot = new DockerOwner("another", here.namespace(), "1", "1");

        assertThat(elsewhere.isGone(here)).isFalse();
        assertThat(elsewhere.isOfAnotherBoot(here)).isFalse();
        assertThat(otherBoot.isGone(here)).isFalse();
        assertThat(otherBoot.isOfAnotherBoot(here)).isTrue();
        assertThat(new DockerOwner("", "", "1", "").isGone(here)).isFalse();
    }
}
