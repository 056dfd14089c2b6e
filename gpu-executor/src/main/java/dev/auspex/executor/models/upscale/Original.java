package dev.auspex.executor.models.upscale;

import dev.auspex.executor.video.ColourPicture;
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
