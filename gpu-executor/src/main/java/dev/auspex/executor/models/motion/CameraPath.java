package dev.auspex.executor.models.motion;

/**
 * A camera move: where the camera is at any moment. Pure and immutable; every amplitude of the model stands here, chosen so
 * that strength 0.5 over five seconds looks calm and strength 1 is the most that still looks like a camera.
 */
final class CameraPath {

    private static final double ZOOM = 0.6;
    private static final double PAN = 0.4;
    private static final double PAN_WINDOWS_PER_SECOND = 0.5;
    private static final double ROLL = Math.toRadians(16);
    private static final double SHIFT = 0.07;
    private static final double YAW = Math.toRadians(18);
    private static final double GROWTH = 0.4;

    private final Framing framing;
    private final Motion motion;
    private final double strength;
    private final double seconds;
    private final double margin;

    /** @param seconds length of the whole move: pans over long panoramas are kept below a speed */
    CameraPath(Framing framing, Motion motion, double strength, double seconds) {
        this.framing = framing;
        this.motion = motion;
        this.strength = strength;
        this.seconds = seconds;
        this.margin = framing.fit() == Fit.COVER && motion != Motion.DOLLY ? margin() : 1;
    }

    /** @param progress 0 at the start of the move to 1 at its end */
    Camera at(double progress) {
        double swing = progress - 0.5;
        return switch (motion) {
            case ZOOM_IN -> zoomed(progress);
            case ZOOM_OUT -> zoomed(1 - progress);
            case PAN_LEFT -> panned(-swing, 0);
            case PAN_RIGHT -> panned(swing, 0);
            case PAN_UP -> panned(0, -swing);
            case PAN_DOWN -> panned(0, swing);
            case ROTATE, PARALLAX, ORBIT -> centred(margin, tilt(swing), relief(swing, 0));
            // It comes closer faster than the far parts shrink, so no margin is needed.
            case DOLLY -> centred(growing(0.5 * ZOOM * strength, progress), Tilt.NONE, relief(0, progress));
        };
    }

    /** The closest the camera comes. */
    double closest() {
        return Math.max(at(0).zoom(), at(1).zoom());
    }

    /** Around the window's own centre: the margin was measured for a frame turning inside that window. */
    private Camera centred(double zoom, Tilt tilt, Relief relief) {
        return new Camera(framing.centreX(1), framing.centreY(1), zoom, tilt, relief);
    }

    /** Zoom grows by the same factor in the same time, which looks like an even speed; the focus stays put in the frame. */
    private Camera zoomed(double progress) {
        double zoom = growing(ZOOM * strength, progress);
        double focusX = framing.focus().x() * framing.pictureWidth();
        double focusY = framing.focus().y() * framing.pictureHeight();
        double x = focusX + (framing.centreX(1) - focusX) / zoom;
        double y = focusY + (framing.centreY(1) - focusY) / zoom;
        return Camera.flat(x, y, zoom);
    }

    private static double growing(double by, double progress) {
        return Math.pow(1 + by, progress);
    }

    private Camera panned(double alongX, double alongY) {
        double wish = PAN * strength;
        boolean across = motion == Motion.PAN_LEFT || motion == Motion.PAN_RIGHT;
        double zoom = across
                ? panZoom(wish, framing.windowWidth(), 2 * framing.roamX(1))
                : panZoom(wish, framing.windowHeight(), 2 * framing.roamY(1));
        return Camera.flat(
                pannedCentre(framing.centreX(zoom), framing.pictureWidth() / 2, framing.roamX(zoom), travel(framing.windowWidth() / zoom, framing.roamX(zoom), wish), alongX),
                pannedCentre(framing.centreY(zoom), framing.pictureHeight() / 2, framing.roamY(zoom), travel(framing.windowHeight() / zoom, framing.roamY(zoom), wish), alongY),
                zoom);
    }

    /** Just close enough that there is room to travel the wished part of a window; not at all where the picture has room. */
    private static double panZoom(double wish, double window, double room) {
        return Math.max(1, (1 + wish) * window / (window + room));
    }

    /** The wished part of a window or the strength's part of the picture, whichever is more, below the top speed. */
    private double travel(double window, double roam, double wish) {
        double most = Math.min(2 * roam, Math.max(wish, PAN_WINDOWS_PER_SECOND * seconds * strength) * window);
        return Math.min(most, Math.max(wish * window, strength * 2 * roam));
    }

    private static double pannedCentre(double start, double middle, double roam, double travel, double along) {
        if (along == 0) {
            return start;
        }
        double slack = roam - travel / 2;
        return Math.clamp(start, middle - slack, middle + slack) + travel * along;
    }

    private Tilt tilt(double swing) {
        return switch (motion) {
            case ROTATE -> new Tilt(ROLL * strength * swing, 0);
            case ORBIT -> new Tilt(0, YAW * strength * swing);
            default -> Tilt.NONE;
        };
    }

    private Relief relief(double swing, double progress) {
        return switch (motion) {
            case PARALLAX -> new Relief(-2 * SHIFT * strength * swing, 0);
            case ORBIT -> new Relief(-SHIFT * strength * swing, 0);
            case DOLLY -> new Relief(0, GROWTH * strength * progress);
            default -> Relief.NONE;
        };
    }

    /** How close the camera must stay so that a turned or shifted frame never looks past the picture's edge. */
    private double margin() {
        double widest = 1;
        for (int step = 0; step <= 8; step++) {
            double progress = step / 8.0;
            widest = Math.max(widest, Lens.reach(framing.frame(), tilt(progress - 0.5), relief(progress - 0.5, 0)));
        }
        return widest;
    }
}
