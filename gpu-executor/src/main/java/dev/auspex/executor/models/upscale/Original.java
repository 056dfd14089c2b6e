package dev.auspex.executor.models.upscale;

import dev.auspex.executor.video.ColourPicture;
import dev.auspex.executor.video.FrameSize;
import dev.auspex.executor.video.Plane;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be made larger.
 *
 * @param planes its channels
 * @param groups which of them are cleaned together
 */
record Original(List<Plane> planes, List<Group> groups) {

    /** @param groups every plane is in at most one, at most three in each */
    Original {
        planes = List.copyOf(planes);
        groups = List.copyOf(groups);
    }

    /**
     * Planes that are cleaned with the same weights.
     *
     * @param guide where places are compared; of the planes' size
     * @param planes their numbers
     */
    record Group(Plane guide, List<Integer> planes) {}

    /** A video's frame: brightness and two colours, each cleaned by itself. */
    static Original of(byte[] frame, FrameSize size, boolean clean) {
        List<Plane> planes = new ArrayList<>();
        List<Group> groups = new ArrayList<>();
        for (int plane = 0; plane < 3; plane++) {
            Plane samples = Plane.of(size.width(plane), size.height(plane));
            for (int y = 0, at = size.offset(plane); y < samples.height(); y++) {
                int to = samples.index(0, y);
                for (int x = 0; x < samples.width(); x++) {
                    samples.samples()[to + x] = frame[at++] & 0xff;
                }
            }
            samples.repeatEdges();
            planes.add(samples);
            groups.add(new Group(samples, List.of(plane)));
        }
        return new Original(planes, clean ? groups : List.of());
    }

    /** A picture's red, green, blue and, where it has one, opacity. The colours are compared by brightness. */
    static Original of(ColourPicture picture, boolean clean) {
        List<Plane> planes = new ArrayList<>(List.of(picture.red(), picture.green(), picture.blue()));
        Plane alpha = picture.alpha();
        if (alpha != null) {
            planes.add(alpha);
        }
        return new Original(planes, clean ? List.of(new Group(picture.brightness(), List.of(0, 1, 2))) : List.of());
    }
}
