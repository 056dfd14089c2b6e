package dev.auspex.executor.cog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.auspex.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SnapshotMergeTest {

    @Test
    void shouldTellOneStoryWhenSnapshotsComeInAnyOrder() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<Snapshot> snapshots = new ArrayList<>();
            for (int i = 0; i <= 6; i++) {
                snapshots.add(snapshot(i, i == 6 ? "succeeded" : "processing"));
            }
            snapshots.add(snapshots.get(2));
            Collections.shuffle(snapshots, random);

            SnapshotMerge merge = new SnapshotMerge(true);
            List<String> chunks = new ArrayList<>();
            StringBuilder logs = new StringBuilder();
            for (Snapshot snapshot : snapshots) {
                SnapshotMerge.Delta delta = merge.accept(snapshot);
                delta.chunks().forEach(chunk -> chunks.add(chunk.asText()));
                logs.append(delta.logs());
            }

            assertThat(chunks).containsExactly("c0", "c1", "c2", "c3", "c4", "c5");
            assertThat(logs).hasToString("012345");
            assertThat(merge.end()).isNotNull().extracting(Snapshot::status).isEqualTo("succeeded");
        }
    }

    @Test
    void shouldKeepWhatIsKnownWhenTheEndKnowsLess() throws Exception {
        SnapshotMerge merge = new SnapshotMerge(true);
        merge.accept(snapshot(3, "processing"));

        SnapshotMerge.Delta delta = merge.accept(Snapshot.of(json("{'status':'failed','logs':'','error':'x'}")));

        assertThat(delta).isEqualTo(SnapshotMerge.Delta.NONE);
        assertThat(merge.hasChunks()).isTrue();
    }

    @Test
    void shouldTakeEveryPieceOnceWhenAStreamBeginsAgain() throws Exception {
        SnapshotMerge merge = new SnapshotMerge(true);
        List<String> chunks = new ArrayList<>();
        StringBuilder logs = new StringBuilder();
        for (int begin = 0; begin < 2; begin++) {
            for (int i = 0; i < 3 + begin; i++) {
                merge.chunk(i, json("'c" + i + "'")).chunks().forEach(chunk -> chunks.add(chunk.asText()));
                logs.append(merge.log(i, i + "\n").logs());
            }
        }

        assertThat(chunks).containsExactly("c0", "c1", "c2", "c3");
        assertThat(logs).hasToString("0\n1\n2\n3\n");
    }

    @Test
    void shouldRepairGapsAtTheEndWhenAStreamHasLostSome() throws Exception {
        SnapshotMerge merge = new SnapshotMerge(true);
        merge.chunk(0, json("'c0'"));

        assertThat(merge.chunk(2, json("'c2'")).chunks()).isEmpty();
        assertThat(merge.accept(snapshot(3, "succeeded")).chunks()).extracting(JsonNode::asText).containsExactly("c1", "c2");
    }

    private static Snapshot snapshot(int chunks, String status) throws Exception {
        StringBuilder output = new StringBuilder();
        StringBuilder logs = new StringBuilder();
        for (int i = 0; i < chunks; i++) {
            output.append(i == 0 ? "" : ",").append("'c").append(i).append('\'');
            logs.append(i);
        }
        return Snapshot.of(json("{'status':'" + status + "','output':[" + output + "],'logs':'" + logs + "'}"));
    }

    private static JsonNode json(String text) throws Exception {
        return Json.parse(text.replace('\'', '"').replace("\n", "\\n").getBytes(StandardCharsets.UTF_8));
    }
}
