package dev.auspex.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

    @TempDir
    Path folder;

    @Test
    void shouldKeepTheTokenToItselfAndOverRestartsWhenItMadeOne() throws IOException {
        String token;
        try (DataFolder data = DataFolder.open(folder)) {
            token = data.token();
        }
        assertThat(token).matches("apx_[0-9a-f]{40}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("token"))))
                .isEqualTo("rw-------");
        try (DataFolder again = DataFolder.open(folder)) {
            assertThat(again.token()).isEqualTo(token);
        }
    }

    @Test
    void shouldRefuseInOneSentenceWhenTheFolderIsInUse() {
        try (DataFolder data = DataFolder.open(folder)) {
            assertThatThrownBy(() -> DataFolder.open(data.path()))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("is in use by another Auspex process")
                    .hasMessageContaining("AUSPEX_DATA");
        }
    }

    @Test
    void shouldRefuseInOneSentenceWhenANewerVersionMadeTheFolder() throws IOException {
        Files.writeString(folder.resolve("format"), "99\n");

        assertThatThrownBy(() -> DataFolder.open(folder))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("has format 99");
        Files.writeString(folder.resolve("format"), "1\n");
        DataFolder.open(folder).close(); // the refusal gave the lock back
    }

    @Test
    void shouldRefuseInOneSentenceWhenTheFolderIsAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> DataFolder.open(file))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("cannot be used");
    }
}
