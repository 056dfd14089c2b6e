package dev.auspex.executor.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.auspex.runtime.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

class FfmpegLocatorTest {

    @TempDir
    Path folder;

    @Test
    void shouldTakeTheConfiguredOneWhenItRuns() throws Exception {
        Path script = script("exit 0");
        assertThat(new FfmpegLocator(script.toString(), "", folder).locate()).contains(script);
    }

    @Test
    void shouldRefuseToStartWhenTheConfiguredOneDoesNotRun() throws Exception {
        Path script = script("exit 1");
        assertThatThrownBy(() -> new FfmpegLocator(script.toString(), "", folder).locate())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("executor.ffmpeg");
    }

    @Test
    void shouldPreferPathWhenOneIsThere() throws Exception {
        Path script = script("exit 0");
        assertThat(new FfmpegLocator("auto", "/nowhere:" + folder, folder.resolve("bin")).locate()).contains(script);
    }

    @Test
    @EnabledIf("hasBundled")
    void shouldUnpackTheBundledOneWhenThereIsNoOther() {
        FfmpegLocator locator = new FfmpegLocator("auto", "", folder.resolve("bin"));
        Optional<Path> unpacked = locator.locate();
        assertThat(unpacked).isPresent();
        assertThat(unpacked.get()).startsWith(folder.resolve("bin")).isExecutable();
        assertThat(locator.locate()).as("the second time it is there").isEqualTo(unpacked);
    }

    static boolean hasBundled() {
        return FfmpegLocator.class.getClassLoader().getResource("org/bytedeco/ffmpeg/linux-x86_64/ffmpeg") != null
                && System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
    }

    private Path script(String body) throws Exception {
        Path script = Files.writeString(folder.resolve("ffmpeg"), "#!/bin/sh\n" + body + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }
}
