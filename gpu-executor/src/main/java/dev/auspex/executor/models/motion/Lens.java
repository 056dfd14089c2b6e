package dev.auspex.executor.models.motion;

import dev.auspex.executor.video.FrameSize;

/**
 * From a point of the frame to a point of the flat picture plane, both in frame pixels from the middle. One camera, many
 * points; depth is the caller's business. Not shared between threads: the answer lies in its fields.
 */
final class Lens {

    /** Distance of the picture plane in frame widths: a normal lens, about 45 degrees across. */
    private static final double FOCAL_LENGTH = 1.2;

    /** The depth that stays where it is. */
    static final double PIVOT_DEPTH = 0.5;

    private final double focal;
    private final double sinYaw;
    private final double cosYaw;
    private final double sinRoll;
    private final double cosRoll;
    double x;
    double y;

    Lens(FrameSize frame, Tilt tilt) {
        this.focal = FOCAL_LENGTH * frame.width();
        this.sinYaw = Math.sin(tilt.yaw());
        this.cosYaw = Math.cos(tilt.yaw());
        this.sinRoll = Math.sin(tilt.roll());
        this.cosRoll = Math.cos(tilt.roll());
    }

    /** Leaves in {@link #x} and {@link #y} where the ray through this point of the frame meets the picture plane. */
    void look(double frameX, double frameY) {
        // The plane turned by yaw about the upright axis through its middle: solve X cos = frameX (1 + X sin / focal).
        double planeX = frameX / (cosYaw - frameX * sinYaw / focal);
        double planeY = frameY * (1 + planeX * sinYaw / focal);
        x = planeX * cosRoll - planeY * sinRoll;
        y = planeX * sinRoll + planeY * cosRoll;
    }

    /**
     * How much larger than the frame the part of the picture is that the frame can see, over all depths.
     *
     * @return 1 or more
     */
    static double reach(FrameSize frame, Tilt tilt, Relief relief) {
        Lens lens = new Lens(frame, tilt);
        double halfWidth = frame.width() / 2.0;
        double halfHeight = frame.height() / 2.0;
        double reach = 1;
        for (int corner = 0; corner < 4; corner++) {
            lens.look((corner & 1) == 0 ? -halfWidth : halfWidth, (corner & 2) == 0 ? -halfHeight : halfHeight);
            for (double depth = 0; depth <= 1; depth++) {
                double growth = 1 + relief.growth() * (depth - PIVOT_DEPTH);
                double shift = relief.shift() * frame.width() * (depth - PIVOT_DEPTH);
                reach = Math.max(reach, Math.abs(lens.x - shift) / growth / halfWidth);
                reach = Math.max(reach, Math.abs(lens.y) / growth / halfHeight);
            }
        }
        return reach;
    }
}
